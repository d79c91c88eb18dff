import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type {
  ClientCapabilities,
  CompletionList,
  DocumentHighlight,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Hover,
  Location,
  LocationLink,
  PrepareRenameResult,
  SelectionRange,
  SymbolInformation,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { FOLDER, inSession, type Session, type SessionOptions } from './session.ts';

const RULE = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  subsets:
    - name: blue
`;
const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: cart, namespace: shop}\nspec: {ports: [{port: 80}]}\n';
const ROUTE = `# Two lines
# of comment.
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
    - route:
        - destination: {host: cart, subset: blue}
`;

const URI = `${FOLDER}/route.yaml`;
const RULE_URI = `${FOLDER}/rule.yaml`;
const SERVICE_URI = `${FOLDER}/a%20service.yaml`;
const FILES: Readonly<Record<string, string>> = { [RULE_URI]: RULE, [SERVICE_URI]: SERVICE };
const ALL: ClientCapabilities = {
  textDocument: {
    definition: { linkSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    rename: { prepareSupport: true },
  },
  workspace: { workspaceEdit: { documentChanges: true } },
};

/** A session with the route open and the rest of the shop read. */
async function inShop(
  options: SessionOptions,
  test: (session: Session, document: TextDocument) => Promise<void>,
): Promise<void> {
  await inSession({ files: FILES, ...options }, async (session) => {
    const document = session.open(URI, ROUTE);
    await session.idle();
    await test(session, document);
  });
}

function ask<T>(session: Session, method: string, document: TextDocument, find: string, more: object = {}): Promise<T> {
  const position = document.positionAt(document.getText().indexOf(find) + 1);
  return session.client.sendRequest<T>(method, { textDocument: { uri: document.uri }, position, ...more });
}

function textAt(uri: string, range: Location['range']): string {
  const text = uri === URI ? ROUTE : (FILES[uri] ?? '');
  return TextDocument.create(uri, 'yaml', 0, text).getText(range);
}

describe('definition', () => {
  it('leads into files that are not open, as a link where the client knows these', async () => {
    await inShop({ capabilities: ALL }, async (session, document) => {
      const [link, ...others] = await ask<LocationLink[]>(session, 'textDocument/definition', document, 'blue');
      assert.deepEqual(others, []);
      assert.ok(link?.originSelectionRange);
      assert.equal(document.getText(link.originSelectionRange), 'blue');
      assert.equal(link.targetUri, RULE_URI);
      assert.equal(textAt(link.targetUri, link.targetSelectionRange), 'blue');
    });
  });

  it('is a plain location elsewhere, with the URI as the client writes it', async () => {
    await inShop({}, async (session, document) => {
      const found = await ask<Location[]>(session, 'textDocument/definition', document, 'cart, subset');
      assert.deepEqual(
        found.map(({ uri, range }) => [uri, textAt(uri, range)]),
        [[SERVICE_URI, 'cart']],
      );
    });
  });

  it('is null where nothing is named', async () => {
    await inShop({}, async (session, document) => {
      assert.equal(await ask(session, 'textDocument/definition', document, 'kind'), null);
    });
  });
});

describe('references and highlights', () => {
  it('name every place, the declaration only when asked', async () => {
    await inShop({}, async (session, document) => {
      const places = async (includeDeclaration: boolean) => {
        const context = { includeDeclaration };
        const found = await ask<Location[]>(session, 'textDocument/references', document, 'blue', { context });
        return found.map(({ uri }) => uri);
      };
      assert.deepEqual(await places(false), [URI]);
      assert.deepEqual(await places(true), [RULE_URI, URI]);
    });
  });

  it('follow what is typed in another open file', async () => {
    await inShop({}, async (session, document) => {
      const rule = session.open(RULE_URI, RULE.replace('blue', 'green'));
      assert.equal(await ask(session, 'textDocument/definition', document, 'blue'), null);
      session.edit(rule, 'green', 'blue');
      assert.equal((await ask<Location[]>(session, 'textDocument/definition', document, 'blue')).length, 1);
    });
  });

  it('mark the places of the document', async () => {
    await inShop({}, async (session, document) => {
      const found = await ask<DocumentHighlight[]>(session, 'textDocument/documentHighlight', document, 'cart]');
      assert.deepEqual(
        found.map(({ range, kind }) => [range.start.line, kind]),
        [
          [6, 2],
          [9, 2],
        ],
      );
    });
  });
});

describe('rename', () => {
  it('changes all files in one edit, open ones with their version', async () => {
    await inShop({ capabilities: ALL }, async (session, document) => {
      session.edit(document, '# Two lines', '# Some lines');
      const prepared = await ask<PrepareRenameResult>(session, 'textDocument/prepareRename', document, 'blue');
      assert.ok('placeholder' in prepared);
      assert.equal(prepared.placeholder, 'blue');
      assert.equal(document.getText(prepared.range), 'blue');
      const newName = 'green';
      const edit = await ask<WorkspaceEdit>(session, 'textDocument/rename', document, 'blue', { newName });
      assert.equal(edit.changes, undefined);
      const changes = (edit.documentChanges ?? []).map((change) => {
        assert.ok('edits' in change);
        return [change.textDocument.uri, change.textDocument.version, change.edits.length];
      });
      assert.deepEqual(changes, [
        [RULE_URI, null, 1],
        [URI, 2, 1],
      ]);
    });
  });

  it('is a map of changes for clients without versions', async () => {
    await inShop({}, async (session, document) => {
      const edit = await ask<WorkspaceEdit>(session, 'textDocument/rename', document, 'blue', { newName: 'green' });
      assert.deepEqual(Object.keys(edit.changes ?? {}), [RULE_URI, URI]);
      const after = TextDocument.applyEdits(document, edit.changes?.[URI] ?? []);
      assert.equal(after, ROUTE.replace('blue', 'green'));
    });
  });

  it('is refused with a reason', async () => {
    await inShop({ capabilities: ALL }, async (session, document) => {
      const rename = (newName: string) => ask(session, 'textDocument/rename', document, 'blue', { newName });
      await assert.rejects(rename('Not a name'), /The name of a subset/);
      session.edit(document, 'subset: blue', 'subset: pink');
      await assert.rejects(ask(session, 'textDocument/prepareRename', document, 'pink'), /Nothing in the workspace/);
      assert.equal(await ask(session, 'textDocument/prepareRename', document, 'kind'), null);
    });
  });
});

describe('names while writing', () => {
  it('are offered from files that are not open', async () => {
    await inShop({}, async (session, document) => {
      session.edit(document, 'subset: blue', 'subset: ');
      const list = await ask<CompletionList>(session, 'textDocument/completion', document, ': }');
      assert.deepEqual(
        list.items.filter(({ kind }) => kind === 18).map(({ label }) => label),
        ['blue'],
      );
    });
  });

  it('are resolved on hover', async () => {
    await inShop({}, async (session, document) => {
      const hover = await ask<Hover>(session, 'textDocument/hover', document, 'blue');
      assert.ok(typeof hover.contents === 'object' && 'value' in hover.contents);
      assert.match(hover.contents.value, /subset `blue` of `DestinationRule` `shop\/cart`/);
    });
  });
});

describe('the shape of a document', () => {
  it('is an outline, nested where the client can show it', async () => {
    for (const capabilities of [ALL, {}]) {
      await inShop({ capabilities }, async (session, document) => {
        const params = { textDocument: { uri: URI } };
        const found = await session.client.sendRequest<(DocumentSymbol | SymbolInformation)[]>(
          'textDocument/documentSymbol',
          params,
        );
        const [symbol] = found;
        assert.ok(symbol);
        assert.equal(symbol.name, 'cart');
        if ('location' in symbol) assert.equal(document.getText(symbol.location.range), 'cart');
        else
          assert.deepEqual(
            symbol.children?.map(({ name }) => name),
            ['http 1 → cart'],
          );
        assert.equal('location' in symbol, capabilities !== ALL);
      });
    }
  });

  it('folds', async () => {
    await inShop({}, async (session) => {
      const folds = await session.client.sendRequest<FoldingRange[]>('textDocument/foldingRange', {
        textDocument: { uri: URI },
      });
      assert.deepEqual(
        folds.map(({ startLine, endLine, kind }) => [startLine, endLine, kind]),
        [
          [0, 1, 'comment'],
          [5, 9, 'region'],
          [7, 9, 'region'],
          [8, 9, 'region'],
        ],
      );
      session.open(`${FOLDER}/compose.yaml`, 'services:\n  web:\n    image: x\n');
      const others = { textDocument: { uri: `${FOLDER}/compose.yaml` } };
      assert.equal(await session.client.sendRequest('textDocument/foldingRange', others), null);
    });
  });

  it('is selected step by step', async () => {
    await inShop({}, async (session, document) => {
      const positions = [document.positionAt(ROUTE.indexOf('blue'))];
      const [range] = await session.client.sendRequest<SelectionRange[]>('textDocument/selectionRange', {
        textDocument: { uri: URI },
        positions,
      });
      assert.ok(range);
      assert.equal(document.getText(range.range), 'blue');
      assert.equal(document.getText(range.parent?.range), 'subset: blue');
    });
  });

  it('is left to Red Hat YAML where that is active', async () => {
    const initializationOptions = { redHatYaml: { active: true, shared: [] } };
    await inShop({ initializationOptions }, async (session, document) => {
      for (const method of ['documentSymbol', 'foldingRange', 'documentLink']) {
        const params = { textDocument: { uri: URI } };
        assert.equal(await session.client.sendRequest(`textDocument/${method}`, params), null, method);
      }
      assert.equal((await ask<Location[]>(session, 'textDocument/definition', document, 'blue')).length, 1);
    });
  });
});

describe('symbols of the workspace', () => {
  it('are the resources of all files', async () => {
    await inShop({}, async (session) => {
      const find = async (query: unknown) => {
        const found = await session.client.sendRequest<SymbolInformation[]>('workspace/symbol', { query });
        return found.map(({ containerName, location }) => `${containerName}: ${location.uri}`);
      };
      const services = [`Service in shop: ${SERVICE_URI}`, `VirtualService in shop: ${URI}`];
      assert.deepEqual((await find('service')).sort(), services);
      assert.equal((await find(7)).length, 3);
    });
  });
});

describe('links', () => {
  it('lead from a kustomization to its files', async () => {
    const uri = `${FOLDER}/kustomization.yaml`;
    await inShop({}, async (session) => {
      const document = session.open(uri, 'resources:\n  - rule.yaml\n  - "a service.yaml"\n  - gone.yaml\n');
      const links = await session.client.sendRequest<DocumentLink[]>('textDocument/documentLink', {
        textDocument: { uri },
      });
      assert.deepEqual(
        links.map(({ range, target }) => [document.getText(range), target]),
        [
          ['rule.yaml', RULE_URI],
          ['a service.yaml', SERVICE_URI],
        ],
      );
    });
  });
});

describe('reading the workspace', () => {
  it('is shown to clients that can show it', async () => {
    const capabilities = { window: { workDoneProgress: true } };
    await inSession({ capabilities, files: FILES }, async (session) => {
      await session.idle();
      assert.ok(session.asked.includes('window/workDoneProgress/create'));
    });
    await inSession({ files: FILES }, async (session) => {
      await session.idle();
      assert.ok(!session.asked.includes('window/workDoneProgress/create'));
    });
  });

  it('leaves out what the settings exclude, also when it changes', async () => {
    const excluded = `${FOLDER}/node_modules/x/rule.yaml`;
    const fileAccess = {
      async *list(): AsyncGenerator<string> {
        yield RULE_URI;
      },
      read: async () => RULE,
    };
    await inShop({ fileAccess }, async (session, document) => {
      assert.equal((await ask<Location[]>(session, 'textDocument/definition', document, 'blue')).length, 1);
      await session.client.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [
          { uri: excluded, type: 2 },
          { uri: RULE_URI, type: 3 },
        ],
      });
      await session.idle();
      assert.equal(await ask(session, 'textDocument/definition', document, 'blue'), null);
    });
  });
});
