import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { accessResult, compareResult, hopPathResult } from '../../server/src/protocol/panel.ts';
import { AMBIENT_SHOP } from './ambientShop.ts';
import { FOLDER, inSession, type Session } from './session.ts';

const SHOP = `${AMBIENT_SHOP}---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HBONE}]
`;
const ROUTE = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart, namespace: shop}
spec:
  parentRefs: [{kind: Service, group: '', name: cart, port: 80}]
  rules:
    - matches: [{path: {value: /first}}]
      backendRefs: [{name: cart, port: 80}]
    - matches: [{method: POST, path: {value: /items}, headers: [{name: X-Team, value: blue}]}]
      backendRefs: [{name: cart, port: 80}]
`;
const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: nobody, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
`;
const SHOP_URI = `${FOLDER}/shop.yaml`;
const ROUTE_URI = `${FOLDER}/route.yaml`;

async function hopPath(session: Session, params: object) {
  return hopPathResult.parse(await session.client.sendRequest('meshpath/hopPath', params));
}

const fromWeb = { from: 'shop/web', to: { service: 'shop/cart', port: 80 } };

describe('meshpath/hopPath', () => {
  it('shows a route by a request that the rule at the cursor matches', () =>
    inSession({}, async (session) => {
      session.open(SHOP_URI, SHOP);
      session.open(ROUTE_URI, ROUTE);
      const found = await hopPath(session, { uri: ROUTE_URI, position: { line: 9, character: 8 } });
      assert.equal(found?.subject, 'HTTPRoute shop/cart');
      assert.deepEqual(found.case.request, {
        ...fromWeb,
        http: { method: 'POST', path: '/items', headers: { 'x-team': 'blue' } },
      });
      assert.deepEqual(found.choices?.sources, ['shop/web', 'shop/cart', 'outside', 'kubelet']);
      assert.deepEqual(found.choices?.targets, [
        { service: 'shop/cart', port: 80 },
        { pod: 'shop/cart', port: 8080 },
      ]);
    }));

  it('answers from unsaved edits: a label puts the waypoint on the path', () =>
    inSession({}, async (session) => {
      const shop = session.open(SHOP_URI, SHOP);
      const waypoints = async () => {
        const found = await hopPath(session, { request: fromWeb });
        return found?.case.nodes.filter(({ kind }) => kind === 'waypoint').map(({ id }) => id);
      };
      assert.deepEqual(await waypoints(), []);
      session.edit(shop, 'dataplane-mode: ambient', 'dataplane-mode: ambient, istio.io/use-waypoint: waypoint');
      assert.deepEqual(await waypoints(), ['wp:shop/waypoint']);
    }));

  it('shows a policy by a workload that it selects, and says where it is written', () =>
    inSession({}, async (session) => {
      session.open(SHOP_URI, SHOP);
      session.open(ROUTE_URI, POLICY);
      const found = await hopPath(session, { uri: ROUTE_URI, position: { line: 1, character: 0 } });
      const [policy] = found?.case.policies ?? [];
      assert.equal(policy?.ref, 'AuthorizationPolicy/shop/nobody');
      assert.deepEqual(policy.place, {
        file: ROUTE_URI,
        range: { start: { line: 2, character: 17 }, end: { line: 2, character: 23 } },
      });
      assert.equal(found?.case.outcome.result, 'deny');
    }));

  it('says that it does not know, and why, when a request names nothing', () =>
    inSession({}, async (session) => {
      session.open(SHOP_URI, SHOP);
      const found = await hopPath(session, { request: { ...fromWeb, from: 'shop/nobody' } });
      assert.equal(found?.case.outcome.result, 'unknown');
      assert.match(found.case.note ?? '', /no workload shop\/nobody/);
    }));

  it('says which resource cannot be read, and where it stands', () =>
    inSession({}, async (session) => {
      session.open(SHOP_URI, SHOP);
      const policy = session.open(ROUTE_URI, POLICY);
      session.edit(policy, 'selector:', 'action: REFUSE\n  selector:');
      const found = await hopPath(session, { uri: ROUTE_URI, position: { line: 1, character: 0 } });
      assert.deepEqual(found?.case.outcome, {
        result: 'unknown',
        at: 'zt:shop/cart',
        by: 'AuthorizationPolicy/shop/nobody',
      });
      assert.match(found.case.note ?? '', /AuthorizationPolicy shop\/nobody in .*route\.yaml: .*REFUSE/);
      assert.equal(found.case.policies[0]?.place.file, ROUTE_URI);
      assert.ok(found.drawing.text.includes('REFUSE'), 'the panel shows it');
    }));

  it('says that a Service is there twice, and in which files', () =>
    inSession({}, async (session) => {
      session.open(SHOP_URI, SHOP);
      const services = SHOP.split(/^---$/m).filter((document) => /^kind: Service$/m.test(document));
      session.open(ROUTE_URI, services.join('---'));
      const found = await hopPath(session, { request: fromWeb });
      assert.deepEqual(found?.case.outcome, { result: 'unknown' });
      assert.match(found.case.note ?? '', /2 Services are called shop\/cart \(in .*shop\.yaml, .*route\.yaml\)/);
    }));

  it('has nothing to show where nothing stands, and in files that are not open', () =>
    inSession({}, async (session) => {
      session.open(SHOP_URI, 'a: b\n');
      const position = { line: 0, character: 0 };
      assert.equal(await hopPath(session, { uri: SHOP_URI, position }), null);
      assert.equal(await hopPath(session, { uri: ROUTE_URI, position }), null);
    }));

  it('refuses parameters that are none', () =>
    inSession({}, async (session) => {
      for (const params of [{}, { uri: SHOP_URI, position: { line: -1, character: 0 } }, { request: { from: 1 } }]) {
        await assert.rejects(() => hopPath(session, params), /The parameters must give uri and position, or request/);
      }
    }));
});

describe('meshpath/compareHopPaths', () => {
  it('puts the request beside itself in each mesh', () =>
    inSession({}, async (session) => {
      session.open(SHOP_URI, SHOP);
      const table = compareResult.parse(
        await session.client.sendRequest('meshpath/compareHopPaths', { request: fromWeb }),
      );
      assert.deepEqual(table?.columns, [
        'As written',
        'Ambient',
        'Ambient with waypoint',
        'Sidecars',
        'Linkerd',
        'Cilium',
      ]);
      const hops = table.rows.find(({ title }) => title === 'Hops');
      assert.deepEqual(
        hops?.cells.map(({ text }) => Number(text) > 0),
        table.columns.map(() => true),
      );
      assert.deepEqual(
        hops?.cells.slice(0, 3).map(({ differs }) => differs),
        [false, false, true],
      );
    }));

  it('refuses parameters that are none', () =>
    inSession({}, async ({ client }) => {
      await assert.rejects(
        () => client.sendRequest('meshpath/compareHopPaths', {}),
        /The parameters must give request/,
      );
    }));
});

describe('meshpath/access', () => {
  it('answers each request in order', () =>
    inSession({}, async (session) => {
      session.open(SHOP_URI, SHOP);
      const requests = [fromWeb, { ...fromWeb, from: 'shop/nobody' }];
      const { cases } = accessResult.parse(await session.client.sendRequest('meshpath/access', { requests }));
      assert.deepEqual(
        cases.map(({ outcome }) => outcome.result),
        ['allow', 'unknown'],
      );
    }));
});
