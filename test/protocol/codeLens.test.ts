import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { CodeLens } from 'vscode-languageserver';
import { HOP_PATH_CHANGED } from '../../server/src/protocol/panel.ts';
import { AMBIENT_SHOP } from './ambientShop.ts';
import { FOLDER, inSession, type Session } from './session.ts';

const SHOP = `${AMBIENT_SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: nobody, namespace: shop}
spec: {selector: {matchLabels: {app: cart}}}
`;
const URI = `${FOLDER}/shop.yaml`;
const PANEL = { initializationOptions: { hopPathPanel: true } };

async function lenses({ client }: Session): Promise<CodeLens[]> {
  const found = await client.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: URI } });
  return Promise.all(found.map((lens) => client.sendRequest<CodeLens>('codeLens/resolve', lens)));
}

describe('code lenses', () => {
  it('stand above what requests pass, and say how many hops and policies the path has', () =>
    inSession(PANEL, async (session) => {
      session.open(URI, SHOP);
      const found = await lenses(session);
      assert.deepEqual(
        found.map(({ range, command }) => [range.start.line, command?.title]),
        [4, 9, 14, 19].map((line) => [line, 'Hop path · 4 hops · 1 policy']),
      );
      assert.deepEqual(found[0]?.command?.arguments, [URI, { line: 4, character: 0 }]);
      assert.equal(found[0]?.command?.command, 'meshpath.showHopPath');
    }));

  it('are not offered to a client that has no panel to open', () =>
    inSession({}, async ({ initialized }) => {
      assert.equal(initialized.capabilities.codeLensProvider, undefined);
    }));

  it('are gone when they are switched off', () =>
    inSession(
      { ...PANEL, initializationOptions: { hopPathPanel: true, settings: { codeLens: { enabled: false } } } },
      async (session) => {
        session.open(URI, SHOP);
        assert.equal(await session.client.sendRequest('textDocument/codeLens', { textDocument: { uri: URI } }), null);
      },
    ));

  it('say that the outcome is not known where files do not tell', () =>
    inSession(PANEL, async (session) => {
      session.open(URI, SHOP.replace('app: cart}, ports', 'app: none}, ports'));
      const [lens] = await lenses(session);
      assert.match(lens?.command?.title ?? '', / · not known$/);
    }));

  it('come back as they are when they name no place', () =>
    inSession(PANEL, async ({ client }) => {
      const lens = { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, data: 7 };
      assert.deepEqual(await client.sendRequest('codeLens/resolve', lens), lens);
    }));

  it('are asked for anew when settings or files change that no edit touches', () =>
    inSession({ ...PANEL, capabilities: { workspace: { codeLens: { refreshSupport: true } } } }, async (session) => {
      session.client.onRequest('workspace/codeLens/refresh', () => {
        refreshed++;
        return null;
      });
      let refreshed = 0;
      session.open(URI, SHOP);
      await session.client.sendNotification('workspace/didChangeConfiguration', { settings: {} });
      await session.idle();
      assert.ok(refreshed > 0);
    }));
});

describe('meshpath/hopPathChanged', () => {
  it('comes once after each answer, and not to a client that never asked', () =>
    inSession({}, async (session) => {
      let changes = 0;
      session.client.onNotification(HOP_PATH_CHANGED, () => void changes++);
      const shop = session.open(URI, SHOP);
      session.edit(shop, 'name: nobody', 'name: none');
      await session.idle();
      assert.equal(changes, 0);
      await session.client.sendRequest('meshpath/hopPath', { uri: URI, position: { line: 5, character: 0 } });
      session.edit(shop, 'name: none', 'name: nobody');
      session.edit(shop, 'app: web', 'app: shop');
      await session.idle();
      assert.equal(changes, 1);
    }));
});
