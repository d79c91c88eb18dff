import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { BAD, codesOf, FOLDER, GOOD, inSession, itemsOf, PULL } from './session.ts';

const URI = `${FOLDER}/shop.yaml`;

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: ledger
  namespace: bank
spec:
  ports:
    - name: http
      port: 80
`;

const ROUTE = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ledger
  namespace: bank
spec:
  hosts:
    - ledger
  http:
    - route:
        - destination:
            host: ledger
            port:
              number: 80
`;

describe('diagnostics that the server publishes', () => {
  it('come with everything an editor shows', async () => {
    await inSession(
      { capabilities: { textDocument: { publishDiagnostics: { relatedInformation: true } } } },
      async (session) => {
        const document = session.open(URI, BAD, { version: 7 });
        const [diagnostic, ...others] = await session.diagnostics(document);
        assert.deepEqual(others, []);
        assert.ok(diagnostic);
        assert.equal(document.getText(diagnostic.range), 'mod');
        assert.equal(diagnostic.severity, 1);
        assert.equal(diagnostic.source, 'meshpath');
        assert.equal(diagnostic.code, 'unknown-field');
        assert.match(diagnostic.codeDescription?.href ?? '', /^https:\/\/[^ ]+\/unknown-field\.md$/);
        assert.ok(Array.isArray(diagnostic.data.peers));
        assert.deepEqual(Object.keys(diagnostic.data), ['peers']);
        assert.equal(session.published.at(-1)?.version, 7);
      },
    );
  });

  it('follow each edit with its version, and go away with the fault', async () => {
    await inSession({}, async (session) => {
      const document = session.open(URI, BAD);
      assert.deepEqual(codesOf(await session.diagnostics(document)), ['unknown-field']);
      session.edit(document, 'mod:', 'mode:');
      assert.deepEqual(await session.diagnostics(document), []);
      session.edit(document, 'STRICT', 'STRICTT');
      assert.deepEqual(codesOf(await session.diagnostics(document)), ['invalid-enum-value']);
    });
  });

  it('are cleared when the document is closed', async () => {
    await inSession({}, async (session) => {
      const document = session.open(URI, BAD);
      await session.diagnostics(document);
      session.close(document);
      await session.idle();
      assert.deepEqual(session.published.at(-1), { uri: URI, diagnostics: [] });
    });
  });

  it('are those of the new text when a file is opened again with the same version', async () => {
    await inSession({}, async (session) => {
      const first = session.open(URI, BAD);
      assert.deepEqual(codesOf(await session.diagnostics(first)), ['unknown-field']);
      session.close(first);
      await session.idle();
      const again = session.open(URI, BAD.replace('mod:', 'mode:').replace('STRICT', 'LOOSE'));
      assert.deepEqual(codesOf(await session.diagnostics(again)), ['invalid-enum-value']);
    });
  });

  it('are made once for edits that come together', async () => {
    await inSession({}, async (session) => {
      const document = session.open(URI, BAD);
      await session.diagnostics(document);
      const before = session.published.length;
      for (let count = 0; count < 200; count++)
        session.edit(document, count % 2 ? 'PERMISSIVE' : 'STRICT', count % 2 ? 'STRICT' : 'PERMISSIVE');
      assert.deepEqual(codesOf(await session.diagnostics(document)), ['unknown-field']);
      await session.idle();
      const versions = session.published.slice(before).map(({ version }) => version ?? 0);
      assert.ok(versions.length < 20, `${versions.length} publications for 200 edits`);
      assert.deepEqual(
        versions,
        [...versions].sort((a, b) => a - b),
      );
      assert.equal(versions.at(-1), 201);
    });
  });

  it('obey the settings, also when they change', async () => {
    const capabilities = { workspace: { configuration: true } };
    await inSession({ capabilities, settings: { checks: { 'unknown-field': 'hint' } } }, async (session) => {
      const document = session.open(URI, BAD);
      assert.deepEqual(
        (await session.diagnostics(document)).map(({ severity }) => severity),
        [4],
      );
      session.settings = { checks: { 'unknown-field': 'off' } };
      await session.client.sendNotification('workspace/didChangeConfiguration', { settings: null });
      await session.idle();
      assert.deepEqual(session.published.at(-1), { uri: URI, version: 1, diagnostics: [] });
    });
  });

  it('obey settings that are sent along, where the client cannot be asked', async () => {
    await inSession({}, async (session) => {
      const document = session.open(URI, BAD);
      await session.diagnostics(document);
      await session.client.sendNotification('workspace/didChangeConfiguration', {
        settings: { meshpath: { checks: { 'unknown-field': 'off' } } },
      });
      await session.idle();
      assert.deepEqual(session.published.at(-1)?.diagnostics, []);
      assert.deepEqual(session.asked, []);
    });
  });

  it('are made with the defaults where a setting is wrong, which is logged', async () => {
    const capabilities = { workspace: { configuration: true } };
    await inSession(
      { capabilities, settings: { rootNamespace: 3, checks: { 'unknown-field': 'hint' } } },
      async (session) => {
        const document = session.open(URI, BAD);
        assert.deepEqual(
          (await session.diagnostics(document)).map(({ severity }) => severity),
          [4],
        );
        assert.ok(session.log.some((line) => line.includes('meshpath.rootNamespace')));
      },
    );
  });
});

describe('diagnostics that the client asks for', () => {
  it('are not published as well', async () => {
    await inSession({ capabilities: PULL }, async (session) => {
      assert.ok(session.initialized.capabilities.diagnosticProvider);
      const document = session.open(URI, BAD);
      assert.deepEqual(codesOf(itemsOf(await session.pull(document))), ['unknown-field']);
      session.close(document);
      await session.idle();
      assert.deepEqual(session.published, []);
    });
  });

  it('are unchanged as long as the text is', async () => {
    await inSession({ capabilities: PULL }, async (session) => {
      const document = session.open(URI, BAD);
      const first = await session.pull(document);
      assert.ok(first.resultId);
      assert.deepEqual(await session.pull(document, first.resultId), { kind: 'unchanged', resultId: first.resultId });
      session.edit(document, 'mod:', 'mode:');
      const second = await session.pull(document, first.resultId);
      assert.deepEqual(itemsOf(second), []);
      assert.notEqual(second.resultId, first.resultId);
    });
  });

  it('are those of the new text when a file is opened again with the same version', async () => {
    await inSession({ capabilities: PULL }, async (session) => {
      const document = session.open(URI, BAD);
      const first = await session.pull(document);
      session.close(document);
      const again = session.open(URI, GOOD);
      assert.deepEqual(itemsOf(await session.pull(again, first.resultId)), []);
    });
  });

  it('are asked for again when the settings change', async () => {
    const capabilities = { ...PULL, workspace: { ...PULL.workspace, configuration: true } };
    await inSession({ capabilities }, async (session) => {
      const document = session.open(URI, BAD);
      const first = await session.pull(document);
      session.settings = { checks: { 'unknown-field': 'warning' } };
      await session.client.sendNotification('workspace/didChangeConfiguration', { settings: null });
      await session.idle();
      assert.ok(session.asked.includes('workspace/diagnostic/refresh'));
      const second = itemsOf(await session.pull(document, first.resultId));
      assert.deepEqual(
        second.map(({ severity }) => severity),
        [2],
      );
    });
  });

  it('are asked for again when another open document changes what they say', async () => {
    await inSession({ capabilities: PULL }, async (session) => {
      const service = session.open(`${FOLDER}/service.yaml`, SERVICE);
      const route = session.open(`${FOLDER}/route.yaml`, ROUTE);
      await session.idle();
      await session.pull(service);
      const first = await session.pull(route);
      assert.deepEqual(itemsOf(first), []);
      await session.idle();
      session.asked.length = 0;
      // The client asks about the document that was edited, and about no other.
      session.edit(service, 'port: 80', 'port: 81');
      await session.pull(service);
      await session.idle();
      assert.deepEqual(session.asked, ['workspace/diagnostic/refresh']);
      assert.deepEqual(codesOf(itemsOf(await session.pull(route, first.resultId))), ['destination-port-not-found']);
      await session.idle();
      assert.deepEqual(session.asked, ['workspace/diagnostic/refresh']);
    });
  });

  it('are empty for a document that is not open', async () => {
    await inSession({ capabilities: PULL }, async (session) => {
      const report = await session.client.sendRequest('textDocument/diagnostic', { textDocument: { uri: URI } });
      assert.deepEqual(report, { kind: 'full', items: [] });
    });
  });
});

describe('documents that the settings exclude', () => {
  it('get no diagnostics and no fixes, by globs relative to their folder', async () => {
    const capabilities = { workspace: { configuration: true } };
    await inSession({ capabilities, settings: { exclude: ['generated/**'] } }, async (session) => {
      const excluded = session.open(`${FOLDER}/generated/a%20b.yaml`, BAD);
      assert.deepEqual(await session.diagnostics(excluded), []);
      const params = {
        textDocument: { uri: excluded.uri },
        range: { start: { line: 7, character: 5 }, end: { line: 7, character: 5 } },
        context: { diagnostics: [] },
      };
      assert.deepEqual(await session.client.sendRequest('textDocument/codeAction', params), []);
      for (const uri of [`${FOLDER}/sub/generated/a.yaml`, 'file:///elsewhere/a.yaml']) {
        assert.deepEqual(codesOf(await session.diagnostics(session.open(uri, BAD))), ['unknown-field']);
      }
      session.settings = {};
      await session.client.sendNotification('workspace/didChangeConfiguration', { settings: null });
      await session.idle();
      assert.deepEqual(codesOf(session.published.findLast(({ uri }) => uri === excluded.uri)?.diagnostics ?? []), [
        'unknown-field',
      ]);
      const vendored = session.open('file:///elsewhere/node_modules/a.yaml', BAD);
      assert.deepEqual(await session.diagnostics(vendored), []);
    });
  });
});

describe('files that are not open', () => {
  // A patch may leave out what the base has: `hosts`.
  const patch =
    'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: edge\nspec:\n  servers: [{port: {number: 80, name: http, protocol: HTTP}}]\n';
  const kustomization = 'patches:\n  - path: two words.yaml\n';

  it('say which documents are patches, and stop saying it when they are deleted', async () => {
    const files: Record<string, string> = { [`${FOLDER}/kustomization.yaml`]: kustomization };
    await inSession({ files }, async (session) => {
      await session.idle();
      const document = session.open(`${FOLDER}/two%20words.yaml`, patch);
      assert.deepEqual(await session.diagnostics(document), []);
      delete files[`${FOLDER}/kustomization.yaml`];
      await session.client.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: `${FOLDER}/kustomization.yaml`, type: 3 }],
      });
      await session.idle();
      assert.deepEqual(codesOf(session.published.at(-1)?.diagnostics ?? []), ['missing-required']);
    });
  });

  it('count as they are in the editor while they are open', async () => {
    await inSession({ files: { [`${FOLDER}/kustomization.yaml`]: kustomization } }, async (session) => {
      await session.idle();
      const opened = session.open(`${FOLDER}/kustomization.yaml`, 'patches: []\n');
      const document = session.open(`${FOLDER}/two%20words.yaml`, patch);
      assert.deepEqual(codesOf(await session.diagnostics(document)), ['missing-required']);
      session.close(opened);
      session.edit(document, 'edge', 'edge-gateway');
      assert.deepEqual(await session.diagnostics(document), []);
    });
  });

  it('do no harm when they cannot be listed or read', async () => {
    const fileAccess = {
      // biome-ignore lint/correctness/useYield: it fails before it gives anything
      async *list(): AsyncGenerator<string> {
        throw new Error('no such folder');
      },
      read: () => Promise.reject(new Error('no such file')),
    };
    await inSession({ fileAccess }, async (session) => {
      const document = session.open(URI, BAD);
      assert.deepEqual(codesOf(await session.diagnostics(document)), ['unknown-field']);
      assert.ok(session.log.some((line) => line.includes('no such folder')));
    });
  });

  it('say what there is in the workspace, and editors get the places in them', async () => {
    const service =
      'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {ports: [{port: 80}]}\n';
    const rule = `${service}---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: web, namespace: shop}\nspec:\n  host: web\n  subsets: [{name: v1, labels: {version: v1}}]\n`;
    const route =
      'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: web, namespace: shop}\nspec:\n  hosts: [web]\n  http:\n    - route: [{destination: {host: web, subset: v1}}]\n';
    const uri = `${FOLDER}/the%20rule.yaml`;
    const files: Record<string, string> = { [uri]: rule };
    const capabilities = { textDocument: { publishDiagnostics: { relatedInformation: true } } };
    await inSession(
      { files, capabilities, initializationOptions: { settings: { closedWorld: true } } },
      async (session) => {
        await session.idle();
        const document = session.open(`${FOLDER}/route.yaml`, route);
        assert.deepEqual(await session.diagnostics(document), []);
        files[uri] = rule.replace('name: v1', 'name: v2');
        await session.client.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
        await session.idle();
        const [diagnostic, ...others] = session.published.at(-1)?.diagnostics ?? [];
        assert.deepEqual(others, []);
        assert.equal(diagnostic?.code, 'subset-not-found');
        const place = diagnostic?.relatedInformation?.[0]?.location;
        assert.equal(place?.uri, uri);
        assert.equal(place && TextDocument.create('', '', 0, rule).getText(place.range), 'web');
      },
    );
  });

  it('are waited for before anything is said to be missing', async () => {
    const route =
      'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: web, namespace: shop}\nspec:\n  hosts: [web]\n  htp: []\n  http:\n    - route: [{destination: {host: web, subset: v1}}]\n';
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const fileAccess = {
      async *list(): AsyncGenerator<string> {
        await released;
        yield* [];
      },
      read: async () => undefined,
    };
    await inSession({ fileAccess, initializationOptions: { settings: { closedWorld: true } } }, async (session) => {
      const document = session.open(URI, route);
      assert.deepEqual(codesOf(await session.diagnostics(document)), ['unknown-field']);
      release();
      await session.idle();
      const codes = codesOf(session.published.at(-1)?.diagnostics ?? []);
      assert.ok(codes.includes('unknown-field') && codes.includes('subset-not-found'), codes.join());
    });
  });
});
