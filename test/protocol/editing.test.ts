import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { CodeAction, CompletionItem, CompletionList, Hover, TextEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { withoutStops } from '../../server/src/lsp/completion.ts';
import { BAD, FOLDER, GOOD, inSession, PULL, type Session, type SessionOptions } from './session.ts';

const URI = `${FOLDER}/shop.yaml`;
const SNIPPETS: SessionOptions = {
  capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } },
};
/** A second document after one that is as it should be, so that offsets in a document are not offsets in the file. */
const SECOND = `${GOOD}---\n`;

describe('completion', () => {
  it('gives items with exact edits, and their documentation when asked', async () => {
    await inSession(SNIPPETS, async (session) => {
      const document = session.open(URI, `${SECOND}${GOOD.replace('STRICT', 'PER')}`);
      const { items } = await complete(session, document, 'PER', 3);
      const item = items.find(({ label }) => label === 'PERMISSIVE');
      assert.ok(item);
      assert.equal(item.documentation, undefined);
      assert.ok(applied(document, editOf(item)).endsWith('mode: PERMISSIVE\n'));
      const resolved = await session.client.sendRequest<CompletionItem>('completionItem/resolve', item);
      assert.ok(typeof resolved.documentation === 'object' && resolved.documentation.kind === 'markdown');
      assert.ok(resolved.documentation.value.length > 20);
    });
  });

  it('inserts keys as snippets, or as plain text where the client has none', async () => {
    for (const options of [SNIPPETS, {}]) {
      await inSession(options, async (session) => {
        const document = session.open(URI, GOOD.replace(/ {2}mtls:\n.*\n/, '  mt\n'));
        const { items } = await complete(session, document, '  mt', 4);
        const item = items.find(({ label }) => label === 'mtls');
        assert.ok(item);
        const { newText } = editOf(item);
        assert.match(newText, /^mtls:/);
        if (options === SNIPPETS) assert.equal(item.insertTextFormat, 2);
        else {
          assert.equal(item.insertTextFormat, undefined);
          assert.doesNotMatch(newText, /\$/);
        }
      });
    }
  });

  it('offers nothing in documents that are not open, and nothing twice', async () => {
    await inSession(SNIPPETS, async (session) => {
      const document = TextDocument.create(URI, 'yaml', 1, GOOD);
      const params = { textDocument: { uri: URI }, position: document.positionAt(3) };
      assert.equal(await session.client.sendRequest('textDocument/completion', params), null);
      session.open(URI, `${GOOD.replace(/spec:\n(?:.*\n)*/, 'spec:\n  ')}`);
      const { items } = await complete(
        session,
        TextDocument.create(URI, 'yaml', 1, GOOD.replace(/spec:\n(?:.*\n)*/, 'spec:\n  ')),
        'spec:\n  ',
        8,
      );
      assert.ok(items.length > 0);
      assert.equal(new Set(items.map(({ label, detail }) => `${label} ${detail}`)).size, items.length);
    });
  });
});

describe('snippets for clients that know none', () => {
  it('become their text', () => {
    const stop = (inner: string) => `$\{${inner}}`;
    for (const [snippet, text] of [
      ['mode: $1', 'mode: '],
      [`mode: ${stop('1|STRICT,DISABLE|')}$0`, 'mode: STRICT'],
      [`name: ${stop('1:name')}\nspec: {${stop('2')}}`, 'name: name\nspec: {}'],
      ['price: \\$5 \\} \\\\', 'price: $5 } \\'],
      [`a: ${stop('1|x\\,y,z|')}`, 'a: x,y'],
    ] as const) {
      assert.equal(withoutStops(snippet), text);
    }
  });
});

describe('hover', () => {
  it('describes the key under the cursor, with its range', async () => {
    await inSession({}, async (session) => {
      const document = session.open(URI, SECOND + GOOD);
      const at = document.getText().lastIndexOf('mode');
      const hover = await session.client.sendRequest<Hover>('textDocument/hover', {
        textDocument: { uri: URI },
        position: document.positionAt(at + 1),
      });
      assert.ok(hover.range && typeof hover.contents === 'object' && 'kind' in hover.contents);
      assert.equal(document.offsetAt(hover.range.start), at);
      assert.equal(document.getText(hover.range), 'mode');
      assert.equal(hover.contents.kind, 'markdown');
      const nowhere = { textDocument: { uri: URI }, position: document.positionAt(SECOND.length - 2) };
      assert.equal(await session.client.sendRequest('textDocument/hover', nowhere), null);
    });
  });
});

describe('quick fixes', () => {
  const options: SessionOptions = { capabilities: { workspace: { workspaceEdit: { documentChanges: true } } } };

  it('mend the fault and name the version that they are for', async () => {
    await inSession(options, async (session) => {
      const document = session.open(URI, SECOND + BAD, { version: 4 });
      const diagnostics = await session.diagnostics(document);
      const [action, ...others] = await actions(session, document, diagnostics[0]?.range, { diagnostics });
      assert.deepEqual(others, []);
      assert.ok(action);
      assert.equal(action.kind, 'quickfix');
      assert.equal(action.isPreferred, true);
      assert.deepEqual(action.diagnostics, diagnostics);
      const [change] = action.edit?.documentChanges ?? [];
      assert.ok(change && 'textDocument' in change);
      assert.deepEqual(change.textDocument, { uri: URI, version: 4 });
      assert.equal(TextDocument.applyEdits(document, change.edits as TextEdit[]), SECOND + GOOD);
    });
  });

  it('are made for the text as it is, whatever the client remembers', async () => {
    await inSession({}, async (session) => {
      const document = session.open(URI, BAD);
      const diagnostics = await session.diagnostics(document);
      session.edit(document, 'apiVersion', '# a line more\napiVersion');
      const start = document.positionAt(document.getText().indexOf('mod:'));
      const [action] = await actions(session, document, { start, end: start }, { diagnostics });
      const edits = action?.edit?.changes?.[URI];
      assert.ok(edits);
      assert.equal(TextDocument.applyEdits(document, edits), `# a line more\n${GOOD}`);
    });
  });

  it('are offered only where they apply and only when wanted', async () => {
    await inSession({}, async (session) => {
      const document = session.open(URI, BAD);
      const [diagnostic] = await session.diagnostics(document);
      assert.ok(diagnostic);
      const start = { line: 0, character: 0 };
      assert.deepEqual(await actions(session, document, { start, end: start }, { diagnostics: [] }), []);
      assert.deepEqual(await actions(session, document, diagnostic.range, { diagnostics: [], only: ['refactor'] }), []);
      assert.equal(
        (await actions(session, document, diagnostic.range, { diagnostics: [], only: ['quickfix'] })).length,
        1,
      );
    });
  });
});

describe('fixing all', () => {
  it('applies what is safe and leaves the rest', async () => {
    // Quotes change nothing about what is meant; a misspelled field could change what a policy allows.
    const labels = '  selector:\n    matchLabels:\n      app: yes\n      tier: off\n';
    const text = `${BAD.replace('spec:\n', `spec:\n${labels}`)}---\n${BAD}`;
    await inSession({}, async (session) => {
      const document = session.open(URI, text);
      const whole = { start: { line: 0, character: 0 }, end: document.positionAt(text.length) };
      const [action, ...others] = await actions(session, document, whole, { diagnostics: [], only: ['source.fixAll'] });
      assert.deepEqual(others, []);
      assert.equal(action?.kind, 'source.fixAll.meshpath');
      const fixed = TextDocument.applyEdits(document, action.edit?.changes?.[URI] ?? []);
      assert.equal(fixed, text.replace('app: yes', 'app: "yes"').replace('tier: off', 'tier: "off"'));
      const unasked = await actions(session, document, whole, { diagnostics: [] });
      assert.deepEqual(new Set(unasked.map(({ kind }) => kind)), new Set(['quickfix']));
    });
  });

  it('is not offered where nothing is safe', async () => {
    await inSession({}, async (session) => {
      const document = session.open(URI, BAD);
      const whole = { start: { line: 0, character: 0 }, end: document.positionAt(BAD.length) };
      assert.deepEqual(
        await actions(session, document, whole, { diagnostics: [], only: ['source.fixAll.meshpath'] }),
        [],
      );
    });
  });
});

describe('beside Red Hat YAML', () => {
  const active = (shared: string[]) => ({ redHatYaml: { active: true, shared } });
  const broken = `${BAD}  - x\n`;

  it('reports no faults of YAML itself, which the other one does', async () => {
    await inSession({}, async (session) => {
      const codes = (await session.diagnostics(session.open(URI, broken))).map(({ code }) => code);
      assert.ok(codes.includes('yaml-syntax'), codes.join());
    });
    await inSession({ initializationOptions: active([]) }, async (session) => {
      const codes = (await session.diagnostics(session.open(URI, broken))).map(({ code }) => code);
      assert.ok(!codes.includes('yaml-syntax'), codes.join());
      const twice = session.open(`${FOLDER}/twice.yaml`, GOOD.replace('  mtls:', '  mtls: {}\n  mtls:'));
      assert.deepEqual(await session.diagnostics(twice), []);
      // Templates and JSON are served by others or by nobody.
      const helm = session.open(`${FOLDER}/helm.yaml`, broken, { languageId: 'helm' });
      assert.ok((await session.diagnostics(helm)).some(({ code }) => code === 'yaml-syntax'));
    });
  });

  it('leaves the structure of shared documents to it, as soon as it is told', async () => {
    await inSession({ initializationOptions: active([]) }, async (session) => {
      const document = session.open(URI, BAD);
      assert.equal((await session.diagnostics(document)).length, 1);
      await session.client.sendNotification('meshpath/redHatYaml', { active: true, shared: [URI] });
      await session.idle();
      assert.deepEqual(session.published.at(-1)?.diagnostics, []);
      const params = { textDocument: { uri: URI }, position: { line: 0, character: 2 } };
      assert.deepEqual(await session.client.sendRequest('textDocument/completion', params), {
        isIncomplete: false,
        items: [],
      });
      assert.equal(await session.client.sendRequest('textDocument/hover', params), null);
      await session.client.sendNotification('meshpath/redHatYaml', { active: false, shared: [] });
      await session.idle();
      assert.equal(session.published.at(-1)?.diagnostics.length, 1);
    });
  });

  it('works the same for clients that ask for diagnostics', async () => {
    await inSession({ capabilities: PULL, initializationOptions: active([URI]) }, async (session) => {
      const document = session.open(URI, BAD);
      const first = await session.pull(document);
      assert.ok(first.kind === 'full' && first.items.length === 0);
      await session.client.sendNotification('meshpath/redHatYaml', { active: true, shared: [] });
      await session.idle();
      assert.ok(session.asked.includes('workspace/diagnostic/refresh'));
      const second = await session.pull(document, first.resultId);
      assert.ok(second.kind === 'full' && second.items.length === 1);
    });
  });

  it('ignores nonsense', async () => {
    await inSession({ initializationOptions: { redHatYaml: 'yes' } }, async (session) => {
      await session.client.sendNotification('meshpath/redHatYaml', { active: 1 });
      assert.equal((await session.diagnostics(session.open(URI, BAD))).length, 1);
    });
  });
});

async function complete(
  session: Session,
  document: TextDocument,
  after: string,
  offset: number,
): Promise<CompletionList> {
  const position = document.positionAt(document.getText().lastIndexOf(after) + offset);
  return session.client.sendRequest<CompletionList>('textDocument/completion', {
    textDocument: { uri: document.uri },
    position,
  });
}

function editOf(item: CompletionItem): TextEdit {
  assert.ok(item.textEdit && 'range' in item.textEdit);
  assert.equal(item.textEdit.range.start.line, item.textEdit.range.end.line);
  return item.textEdit;
}

function applied(document: TextDocument, edit: TextEdit): string {
  return TextDocument.applyEdits(document, [edit]);
}

async function actions(
  session: Session,
  document: TextDocument,
  range: unknown,
  context: { diagnostics: unknown[]; only?: string[] },
): Promise<CodeAction[]> {
  return session.client.sendRequest<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri: document.uri },
    range,
    context,
  });
}
