import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ClientCapabilities, InlayHint } from 'vscode-languageserver';
import { FOLDER, inSession, type Session } from './session.ts';

const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: nobody
  namespace: shop
spec:
  targetRefs: [{group: '', kind: Service, name: cart}]
`;
const SHOP = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop, labels: {app: cart}}
spec: {containers: [{name: c}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
`;
const POLICY_URI = `${FOLDER}/policy.yaml`;
const SHOP_URI = `${FOLDER}/shop.yaml`;

const capabilities: ClientCapabilities = {
  textDocument: { inlayHint: {} },
  workspace: { inlayHint: { refreshSupport: true }, configuration: true },
};
const ON = { capabilities, settings: { inlayHints: { enforcement: true } } };

/** Counts how often the server asks the client to take its hints anew. */
function refreshesOf({ client }: Session): { count: number } {
  const refreshes = { count: 0 };
  client.onRequest('workspace/inlayHint/refresh', () => {
    refreshes.count++;
    return null;
  });
  return refreshes;
}

function hints({ client }: Session, uri: string, lines = 100): Promise<InlayHint[] | null> {
  const range = { start: { line: 0, character: 0 }, end: { line: lines, character: 0 } };
  return client.sendRequest('textDocument/inlayHint', { textDocument: { uri }, range });
}

function labelOf(found: InlayHint[] | null): unknown {
  const label = found?.[0]?.label;
  return Array.isArray(label) ? label.map(({ value }) => value).join('') : label;
}

describe('textDocument/inlayHint', () => {
  it('says after the name of a policy where it is enforced, and leads there', () =>
    inSession(ON, async (session) => {
      refreshesOf(session);
      session.open(SHOP_URI, SHOP);
      session.open(POLICY_URI, POLICY);
      await session.idle();
      const [hint] = (await hints(session, POLICY_URI)) ?? [];
      assert.deepEqual(hint?.position, { line: 3, character: 14 });
      assert.deepEqual(hint.label, [
        {
          value: 'enforced at waypoint shop/waypoint',
          location: {
            uri: SHOP_URI,
            range: { start: { line: 16, character: 17 }, end: { line: 16, character: 25 } },
          },
        },
      ]);
      assert.match(JSON.stringify(hint.tooltip), /Bypassed/);
      assert.deepEqual(await hints(session, POLICY_URI, 1), []);
    }));

  it('is off until somebody switches it on', () =>
    inSession({ capabilities }, async (session) => {
      const refreshes = refreshesOf(session);
      session.open(POLICY_URI, POLICY);
      await session.idle();
      assert.equal(await hints(session, POLICY_URI), null);
      assert.equal(refreshes.count, 0);
      session.settings = { inlayHints: { enforcement: true } };
      await session.client.sendNotification('workspace/didChangeConfiguration', { settings: {} });
      await session.idle();
      assert.equal(refreshes.count, 1);
      assert.notEqual(await hints(session, POLICY_URI), null);
      session.settings = {};
      await session.client.sendNotification('workspace/didChangeConfiguration', { settings: {} });
      await session.idle();
      assert.equal(refreshes.count, 2);
      assert.equal(await hints(session, POLICY_URI), null);
    }));

  it('follows an edit of another file, and asks for nothing when the edit is in its own', () =>
    inSession(ON, async (session) => {
      const shop = session.open(SHOP_URI, SHOP);
      const policy = session.open(POLICY_URI, POLICY);
      const refreshes = refreshesOf(session);
      await session.idle();
      await hints(session, POLICY_URI);
      const before = refreshes.count;
      session.edit(policy, 'name: nobody', 'name: none');
      await session.idle();
      assert.equal(refreshes.count, before);
      session.edit(shop, 'use-waypoint: waypoint', 'use-waypoint: none');
      await session.idle();
      assert.equal(refreshes.count, before + 1);
      assert.equal(labelOf(await hints(session, POLICY_URI)), 'not enforced');
    }));

  it('is not offered to a client that shows no hints, and never asks one that cannot refresh', () =>
    inSession({ settings: ON.settings, capabilities: { workspace: { configuration: true } } }, async (session) => {
      const refreshes = refreshesOf(session);
      assert.equal(session.initialized.capabilities.inlayHintProvider, undefined);
      session.open(POLICY_URI, POLICY);
      await session.client.sendNotification('workspace/didChangeConfiguration', { settings: {} });
      await session.idle();
      assert.equal(refreshes.count, 0);
    }));

  it('refuses parameters that are none', () =>
    inSession(ON, async ({ client }) => {
      await assert.rejects(
        () => client.sendRequest('textDocument/inlayHint', { textDocument: { uri: POLICY_URI } }),
        /The parameters must give a range/,
      );
    }));
});

describe('textDocument/hover', () => {
  it('says where a policy is enforced, also beside another extension that describes its structure', async () => {
    for (const redHatYaml of [undefined, { active: true, shared: [POLICY_URI] }]) {
      await inSession({ initializationOptions: { redHatYaml } }, async (session) => {
        session.open(SHOP_URI, SHOP);
        session.open(POLICY_URI, POLICY);
        const textDocument = { uri: POLICY_URI };
        const found = await session.client.sendRequest('textDocument/hover', {
          textDocument,
          position: { line: 3, character: 10 },
        });
        assert.match(JSON.stringify(found), /Enforced.*waypoint/);
      });
    }
  });
});
