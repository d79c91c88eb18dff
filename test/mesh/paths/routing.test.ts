import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { namespace, pod, service } from '../worldOf.ts';
import { pathOf } from './pathOf.ts';

const ROUTE_TYPE = { http: 'gateway.networking.k8s.io/v1', policy: 'policy.linkerd.io/v1beta3' };

function httpRoute(name: string, rules: string, { inNamespace = 'shop', group = ROUTE_TYPE.http, parent = '' } = {}) {
  return `
apiVersion: ${group}
kind: HTTPRoute
metadata: {name: ${name}, namespace: ${inNamespace}}
spec:
  parentRefs: [{group: core, kind: Service, name: api, namespace: shop${parent}}]
  rules: ${rules}`;
}

function virtualService(name: string, http: string, rest = '') {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: shop}
spec:
  hosts: [api.shop.svc.cluster.local]
  ${rest}
  http: ${http}`;
}

const SPLIT =
  '[{backendRefs: [{name: v1, port: 80, weight: 10, namespace: shop}, {name: v2, port: 80, weight: 90, namespace: shop}]}]';
const ONLY_A = '[{matches: [{path: {value: /a}}], backendRefs: [{name: v1, port: 80}]}]';

/** A shop whose Service `api` stands before the pods of two versions, with a client beside it and one elsewhere. */
function shop(mesh: 'sidecar' | 'waypoint' | 'linkerd'): string[] {
  const labels =
    mesh === 'sidecar'
      ? { 'istio-injection': 'enabled' }
      : { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'wp' };
  const own = mesh === 'linkerd' ? {} : labels;
  const client = mesh === 'waypoint' ? { 'istio.io/dataplane-mode': 'ambient' } : own;
  const pods = mesh === 'linkerd' ? { annotations: { 'linkerd.io/inject': 'enabled' } } : {};
  return [
    namespace('shop', own),
    namespace('other', client),
    pod('shop', 'web', pods),
    pod('other', 'far', pods),
    ...['api', 'v1', 'v2'].flatMap((name) => [pod('shop', name, pods), service('shop', name)]),
    `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}`,
  ];
}

interface Asked {
  readonly from?: string;
  readonly path?: string;
}

/** Where a request to `api` arrives, or what refuses it. */
function result(documents: readonly string[], { from = 'shop/web', path = '/' }: Asked = {}): string {
  const { outcome, nodes } = pathOf(documents, {
    from,
    to: { service: 'shop/api', port: 80 },
    http: { method: 'GET', path },
  });
  if (outcome.result !== 'allow')
    return [outcome.result, outcome.by, outcome.at, outcome.signal].filter(Boolean).join(' ');
  return nodes.at(-1)?.id ?? '';
}

describe('routes on hop paths', () => {
  it('send the request to the backend with the largest weight, and list all of them', () => {
    for (const mesh of ['sidecar', 'waypoint', 'linkerd'] as const) {
      const documents = [...shop(mesh), httpRoute('split', SPLIT)];
      assert.equal(result(documents), 'app:shop/v2', mesh);
      const [decision] = pathOf(documents, {
        from: 'shop/web',
        to: { service: 'shop/api', port: 80 },
        http: { method: 'GET', path: '/' },
      }).routes;
      assert.deepEqual(
        decision?.destinations.map(({ weight, taken }) => [weight, taken]),
        [
          [10, false],
          [90, true],
        ],
      );
    }
  });

  it('refuse what no rule of them takes', () => {
    for (const [mesh, node] of [
      ['sidecar', 'sc:shop/web'],
      ['waypoint', 'wp:shop/wp'],
      ['linkerd', 'lo:shop/web'],
    ] as const) {
      const documents = [...shop(mesh), httpRoute('a', ONLY_A)];
      assert.equal(result(documents, { path: '/a' }), 'app:shop/v1', mesh);
      assert.equal(result(documents, { path: '/b' }), `deny no-route ${node} HTTP 404`);
    }
  });

  it('count for their own port alone', () => {
    const documents = [...shop('sidecar'), httpRoute('a', ONLY_A, { parent: ', port: 81' })];
    assert.equal(result(documents), 'app:shop/api');
  });

  it('of a client replace those of the Service in sidecars, are merged by Linkerd, and not read by waypoints', () => {
    const consumer = httpRoute(
      'mine',
      '[{matches: [{path: {value: /m}}], backendRefs: [{name: v2, namespace: shop, port: 80}]}]',
      {
        inNamespace: 'other',
      },
    );
    const grant = `
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: far, namespace: shop}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: other}]
  to: [{group: "", kind: Service}]`;
    const at = (mesh: 'sidecar' | 'waypoint' | 'linkerd', path: string) =>
      result([...shop(mesh), consumer, grant, httpRoute('a', ONLY_A)], { from: 'other/far', path });
    assert.equal(at('sidecar', '/m'), 'app:shop/v2');
    assert.equal(at('sidecar', '/a'), 'deny no-route sc:other/far HTTP 404');
    assert.equal(at('linkerd', '/m'), 'app:shop/v2');
    assert.equal(at('linkerd', '/a'), 'app:shop/v1');
    assert.equal(at('waypoint', '/m'), 'deny no-route wp:shop/wp HTTP 404');
    assert.equal(at('waypoint', '/a'), 'app:shop/v1');
  });

  it('of Linkerd give way to a ServiceProfile, and its own group is read by Linkerd alone', () => {
    const own = httpRoute('a', ONLY_A, { group: ROUTE_TYPE.policy });
    assert.equal(result([...shop('linkerd'), own], { path: '/b' }), 'deny no-route lo:shop/web HTTP 404');
    assert.equal(result([...shop('sidecar'), own], { path: '/b' }), 'app:shop/api');
    const profile = `
apiVersion: linkerd.io/v1alpha2
kind: ServiceProfile
metadata: {name: api.shop.svc.cluster.local, namespace: shop}
spec: {routes: [{name: a, condition: {pathRegex: /a}}]}`;
    assert.equal(result([...shop('linkerd'), own, profile], { path: '/b' }), 'app:shop/api');
  });

  it('need a ReferenceGrant for backends of other namespaces', () => {
    const route = httpRoute('mine', '[{backendRefs: [{name: v2, namespace: shop, port: 80}]}]', {
      inNamespace: 'other',
    });
    assert.equal(
      result([...shop('sidecar'), route], { from: 'other/far' }),
      'deny HTTPRoute/other/mine sc:other/far HTTP 500',
    );
  });

  it('of Istio know subsets, and clients by their labels in sidecars but not in waypoints', () => {
    const rule = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: api, namespace: shop}
spec: {host: api, subsets: [{name: none, labels: {version: v9}}, {name: all, labels: {app: api}}]}`;
    const http = (label: string) =>
      `[{match: [{sourceLabels: {app: ${label}}}], route: [{destination: {host: v1}}]}, {route: [{destination: {host: api, subset: all}}]}]`;
    const at = (mesh: 'sidecar' | 'waypoint', label: string) =>
      result([...shop(mesh), rule, virtualService('api', http(label))]);
    assert.equal(at('sidecar', 'web'), 'app:shop/v1');
    assert.equal(at('sidecar', 'other'), 'app:shop/api');
    assert.equal(at('waypoint', 'other'), 'app:shop/v1');
  });

  it('of Istio are read in the mesh only where they are for it', () => {
    const http = '[{route: [{destination: {host: v1}}]}]';
    assert.equal(result([...shop('sidecar'), virtualService('api', http)]), 'app:shop/v1');
    assert.equal(result([...shop('sidecar'), virtualService('api', http, 'gateways: [edge]')]), 'app:shop/api');
    assert.equal(result([...shop('sidecar'), virtualService('api', http, 'exportTo: [other]')]), 'app:shop/api');
  });

  it('never let a request through that files do not decide', () => {
    const templated = '[{match: [{uri: {exact: "{{ .Values.path }}"}}], route: [{destination: {host: v1}}]}]';
    const both = [virtualService('api', '[{route: [{destination: {host: v1}}]}]'), httpRoute('split', SPLIT)];
    assert.equal(
      result([...shop('sidecar'), virtualService('api', templated)]),
      'unknown VirtualService/shop/api sc:shop/web',
    );
    assert.equal(result([...shop('waypoint'), ...both]), 'unknown VirtualService/shop/api wp:shop/wp');
  });
});
