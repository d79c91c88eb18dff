import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { PathRequest } from '../../../server/src/core/mesh/paths/vocabulary.ts';
import { namespace, pod, service, waypoint } from '../worldOf.ts';
import { GET_ROOT, pathOf } from './pathOf.ts';

/** What is said of routes and VirtualServices: where each is followed, and if not, why. */

type Mesh = 'sidecar' | 'waypoint' | 'ambient' | 'linkerd' | 'none';

const LABELS: Readonly<Record<Mesh, Readonly<Record<string, string>>>> = {
  sidecar: { 'istio-injection': 'enabled' },
  waypoint: { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'wp' },
  ambient: { 'istio.io/dataplane-mode': 'ambient' },
  linkerd: {},
  none: {},
};

function shop(mesh: Mesh): string[] {
  const facts = mesh === 'linkerd' ? { annotations: { 'linkerd.io/inject': 'enabled' } } : {};
  const client = mesh === 'waypoint' ? LABELS.ambient : LABELS[mesh];
  return [
    namespace('shop', LABELS[mesh]),
    namespace('other', client),
    pod('shop', 'web', facts),
    pod('other', 'far', facts),
    ...['api', 'v1'].flatMap((name) => [pod('shop', name, facts), service('shop', name)]),
    waypoint('shop', 'wp'),
  ];
}

function virtualService(spec: string, { name = 'api', inNamespace = 'shop', created = '' } = {}): string {
  const time = created === '' ? '' : `, creationTimestamp: "${created}"`;
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: ${inNamespace}${time}}
spec: {hosts: [api.shop.svc.cluster.local], http: [{route: [{destination: {host: api.shop.svc.cluster.local}}]}], ${spec}}`;
}

function route(
  kind: string,
  { name = 'api', inNamespace = 'shop', group = 'gateway.networking.k8s.io', rest = '', port = '' } = {},
): string {
  return `
apiVersion: ${group}/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${inNamespace}}
spec: {parentRefs: [{group: "", kind: Service, name: api, namespace: shop${port}}], rules: [{${rest}backendRefs: [{name: api, port: 80}]}]}`;
}

/** The verdict on a resource, and why. */
function verdictOn(ref: string, documents: readonly string[], request: Partial<PathRequest> = {}): string {
  const { policies } = pathOf(documents, {
    from: 'shop/web',
    to: { service: 'shop/api', port: 80 },
    http: GET_ROOT,
    ...request,
  });
  const found = policies.filter((policy) => policy.ref === ref);
  assert.equal(found.length, 1, ref);
  return found
    .map(({ verdict, at, reason }) => [verdict, at, reason].filter((part) => part !== null).join(': '))
    .join();
}

const VS = 'VirtualService/shop/api';
const HTTP = 'HTTPRoute/shop/api';

describe('verdicts on VirtualServices', () => {
  const table: readonly [what: string, mesh: Mesh, spec: string, expected: string][] = [
    ['in a sidecar', 'sidecar', '', 'enforced: sc:shop/web'],
    ['at a waypoint', 'waypoint', '', 'enforced: wp:shop/wp'],
    ['for ztunnel', 'ambient', '', 'ignored: ztunnel reads no VirtualServices'],
    ['without a proxy', 'none', '', 'ignored: the client has no proxy that reads VirtualServices'],
    [
      'for gateways',
      'sidecar',
      'gateways: [edge]',
      'ignored: it is for gateways alone: its `gateways` do not have `mesh`',
    ],
    ['for both', 'sidecar', 'gateways: [edge, mesh]', 'enforced: sc:shop/web'],
    ['not exported', 'sidecar', 'exportTo: [other]', 'ignored: it is not exported to namespace shop'],
  ];
  for (const [what, mesh, spec, expected] of table) {
    it(`${what}: ${expected}`, () => {
      assert.equal(verdictOn(VS, [...shop(mesh), virtualService(spec)]), expected);
    });
  }

  it('are told from those for other protocols', () => {
    const tcp = virtualService('').replace('http:', 'tcp:');
    assert.equal(
      verdictOn(VS, [...shop('sidecar'), tcp]),
      'not-applicable: it has no rules for what is sent to the port',
    );
  });

  it('say which of two for the same host counts, by age where files have it', () => {
    const later = virtualService('', { name: 'zzz' });
    const documents = [...shop('sidecar'), virtualService(''), later];
    assert.equal(verdictOn(VS, documents), 'enforced: sc:shop/web');
    assert.equal(
      verdictOn('VirtualService/shop/zzz', documents),
      'shadowed: VirtualService shop/api is for the same host and taken for the older one',
    );
    const dated = [
      ...shop('sidecar'),
      virtualService('', { created: '2026-02-01T00:00:00Z' }),
      virtualService('', { name: 'zzz', created: '2026-01-01T00:00:00Z' }),
    ];
    assert.equal(verdictOn(VS, dated), 'shadowed: VirtualService shop/zzz is for the same host and older');
    const wide = virtualService('', { name: 'wide' })
      .replace('hosts: [api.', 'hosts: ["*.')
      .replace('.local], http', '.local"], http');
    assert.equal(
      verdictOn('VirtualService/shop/wide', [...shop('sidecar'), virtualService(''), wide]),
      'shadowed: VirtualService shop/api names the host more exactly',
    );
  });

  it('of the client’s namespace count in sidecars, and not at waypoints', () => {
    const own = virtualService('', { inNamespace: 'other' });
    const at = (mesh: Mesh) => verdictOn('VirtualService/other/api', [...shop(mesh), own], { from: 'other/far' });
    assert.equal(at('sidecar'), 'enforced: sc:other/far');
    assert.equal(
      at('waypoint'),
      'ignored: a waypoint reads VirtualServices of its own namespace and of the Service’s alone',
    );
  });

  it('and DestinationRules are nothing to waypoints of another make', () => {
    const rule = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: api, namespace: shop}
spec: {host: api, trafficPolicy: {tls: {mode: SIMPLE}}}`;
    const away = virtualService('').replaceAll('host: api.shop', 'host: v1.shop');
    const documents = [...shop('waypoint'), away, rule].map((text) =>
      text.replace('"istio-waypoint"', '"istio-agentgateway-waypoint"'),
    );
    const why = "ignored: a waypoint of class istio-agentgateway reads no policies of Istio's own";
    assert.equal(verdictOn(VS, documents), why);
    assert.equal(verdictOn('DestinationRule/shop/api', documents), why);
    const request = { from: 'shop/web', to: { service: 'shop/api', port: 80 }, http: GET_ROOT };
    const { nodes, legs } = pathOf(documents, request);
    assert.equal(nodes.at(-1)?.id, 'app:shop/api');
    assert.ok(legs.every(({ kind }) => kind !== 'tls-originate'));
    assert.equal(pathOf([...shop('waypoint'), away, rule], request).nodes.at(-1)?.id, 'app:shop/v1');
  });

  it('leave it open which counts beside a route of the Gateway API', () => {
    const documents = [...shop('sidecar'), virtualService(''), route('HTTPRoute')];
    const open = 'and which of the two kinds counts is not defined';
    assert.equal(verdictOn(VS, documents), `unknown: HTTPRoute shop/api is for the same Service, ${open}`);
    assert.equal(verdictOn(HTTP, documents), `unknown: VirtualService shop/api is for the same host, ${open}`);
  });

  it('at gateways are those that the gateway follows', () => {
    const documents = [
      ...shop('sidecar'),
      pod('edge', 'ingress', { labels: { istio: 'ingress' }, annotations: { 'inject.istio.io/templates': 'gateway' } }),
      `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec: {selector: {istio: ingress}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}`,
      virtualService('gateways: [edge/public]', { name: 'in' }),
      virtualService(''),
    ];
    const request = { from: 'gateway:edge/ingress' };
    assert.equal(verdictOn('VirtualService/shop/in', documents, request), 'enforced: gw:edge/ingress');
    assert.equal(verdictOn(VS, documents, request), 'ignored: it is for the mesh, and a gateway follows what names it');
  });
});

describe('verdicts on routes of Services', () => {
  const table: readonly [what: string, mesh: Mesh, document: string, ref: string, expected: string][] = [
    [
      'another port',
      'sidecar',
      route('HTTPRoute', { port: ', port: 81' }),
      HTTP,
      'not-applicable: it is for another port',
    ],
    ['ztunnel', 'ambient', route('HTTPRoute'), HTTP, 'not-attached: no proxy on the path reads requests'],
    [
      'Linkerd’s own group in Istio',
      'sidecar',
      route('HTTPRoute', { group: 'policy.linkerd.io' }),
      HTTP,
      'ignored: only Linkerd reads routes of policy.linkerd.io',
    ],
    [
      'a kind behind a flag',
      'sidecar',
      route('TCPRoute'),
      'TCPRoute/shop/api',
      'ignored: Istio reads TLSRoutes and TCPRoutes only with meshpath.istiod.enableAlphaGatewayApi',
    ],
    [
      'a filter that Linkerd refuses',
      'linkerd',
      route('HTTPRoute', { rest: 'filters: [{type: URLRewrite, urlRewrite: {hostname: x}}], ' }),
      HTTP,
      'ignored: Linkerd refuses a route with a filter that it cannot apply',
    ],
    ['Linkerd', 'linkerd', route('HTTPRoute', { group: 'policy.linkerd.io' }), HTTP, 'enforced: lo:shop/web'],
  ];
  for (const [what, mesh, document, ref, expected] of table) {
    it(`${what}: ${expected}`, () => {
      assert.equal(verdictOn(ref, [...shop(mesh), document]), expected);
    });
  }

  it('tell the routes of clients from those of the Service', () => {
    const consumer = route('HTTPRoute', { inNamespace: 'other' });
    const both = (mesh: Mesh) => [...shop(mesh), consumer, route('HTTPRoute')];
    const far = { from: 'other/far' };
    assert.equal(verdictOn('HTTPRoute/other/api', both('sidecar'), far), 'enforced: sc:other/far');
    assert.equal(
      verdictOn(HTTP, both('sidecar'), far),
      'shadowed: routes of the client’s own namespace replace those of the Service',
    );
    assert.equal(
      verdictOn('HTTPRoute/other/api', both('sidecar')),
      'not-applicable: it is for clients of namespace other',
    );
    assert.equal(
      verdictOn('HTTPRoute/other/api', both('waypoint'), far),
      'ignored: a waypoint follows routes of the namespace of the Service alone',
    );
    assert.equal(verdictOn(HTTP, both('waypoint'), far), 'enforced: wp:shop/wp');
    assert.equal(verdictOn(HTTP, both('linkerd'), far), 'enforced: lo:other/far');
  });

  it('say which kind counts for Linkerd', () => {
    const documents = [...shop('linkerd'), route('HTTPRoute'), route('GRPCRoute'), route('TCPRoute')];
    assert.equal(verdictOn('GRPCRoute/shop/api', documents), 'enforced: lo:shop/web');
    for (const ref of [HTTP, 'TCPRoute/shop/api'])
      assert.equal(verdictOn(ref, documents), 'shadowed: of several kinds of routes on a port the GRPCRoutes count');
  });
});

describe('verdicts on DestinationRules', () => {
  it('say that one applies: the client’s own before the Service’s', () => {
    const rule = (inNamespace: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: api, namespace: ${inNamespace}}
spec: {host: api.shop.svc.cluster.local}`;
    const documents = [...shop('sidecar'), rule('shop'), rule('other')];
    const far = { from: 'other/far' };
    assert.equal(verdictOn('DestinationRule/other/api', documents, far), 'enforced: sc:other/far');
    assert.equal(
      verdictOn('DestinationRule/shop/api', documents, far),
      'shadowed: DestinationRule/other/api comes before it for clients of other',
    );
    assert.equal(verdictOn('DestinationRule/shop/api', documents), 'enforced: sc:shop/web');
  });
});
