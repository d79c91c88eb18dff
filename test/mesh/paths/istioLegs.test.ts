import assert from 'node:assert/strict';
import type { PathRequest } from '../../../server/src/core/mesh/paths/vocabulary.ts';
import { DEFAULT_SETTINGS } from '../../../server/src/core/settings.ts';
import { namespace, pod, service, waypoint } from '../worldOf.ts';
import {
  AMBIENT,
  API,
  BOUND,
  between,
  DIRECT,
  mesh,
  SIDECARS,
  TO_POD,
  TO_SERVICE,
  VIA_WAYPOINT,
  WEB_ID,
  WP_ID,
} from './istioMesh.ts';
import { GET_ROOT, legsOf, pathOf } from './pathOf.ts';

function destinationRule(mode: string, host = 'api.shop.svc.cluster.local', inNamespace = 'shop'): string {
  return `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: tls, namespace: ${inNamespace}}
spec: {host: ${host}, trafficPolicy: {tls: {mode: ${mode}}}}`;
}

describe('legs from a pod in ambient mode', () => {
  it('are captured, tunneled between the ztunnels and delivered (P2b, P2d)', () => {
    const documents = mesh(AMBIENT, AMBIENT, ...API);
    const whole = ['app:web/web -capture:15001-> zt:web/web', DIRECT, 'zt:shop/api -deliver:80-> app:shop/api'];
    assert.deepEqual(legsOf(pathOf(documents, TO_SERVICE)), whole);
    assert.deepEqual(legsOf(pathOf(documents, TO_POD)), whole);
  });

  it('go through the waypoint of the Service, which goes on under its own name (P2a, W7)', () => {
    const documents = mesh(AMBIENT, BOUND, ...API, waypoint('shop', 'wp'));
    assert.deepEqual(between(documents, TO_SERVICE), VIA_WAYPOINT);
    assert.deepEqual(between(documents, TO_POD), [DIRECT]);
    const point = pathOf(documents, TO_SERVICE).points.find(({ node }) => node === 'wp:shop/wp');
    assert.deepEqual(point, {
      node: 'wp:shop/wp',
      layer: 'L7',
      sees: { identity: WEB_ID, port: 80, portMeaning: 'service', srcIp: 'client' },
    });
  });

  it('go through a waypoint for workloads by the address of the pod (P2c, W5)', () => {
    const forTraffic = (traffic: string) =>
      mesh(AMBIENT, BOUND, ...API, waypoint('shop', 'wp', { labels: { 'istio.io/waypoint-for': traffic } }));
    assert.deepEqual(between(forTraffic('workload'), TO_POD), VIA_WAYPOINT);
    assert.deepEqual(between(forTraffic('workload'), TO_SERVICE), [DIRECT]);
    assert.deepEqual(between(forTraffic('all'), TO_POD), VIA_WAYPOINT);
    assert.deepEqual(between(forTraffic('all'), TO_SERVICE), VIA_WAYPOINT);
    assert.deepEqual(between(forTraffic('none'), TO_SERVICE), [DIRECT]);
  });

  it('address the pods of a headless Service (P1)', () => {
    const headless = service('shop', 'api').replace('"ports"', '"clusterIP":"None","ports"');
    const traffic = (value: string) =>
      mesh(
        AMBIENT,
        BOUND,
        pod('shop', 'api'),
        headless,
        waypoint('shop', 'wp', { labels: { 'istio.io/waypoint-for': value } }),
      );
    assert.deepEqual(between(traffic('service'), TO_SERVICE), [DIRECT]);
    assert.deepEqual(between(traffic('workload'), TO_SERVICE), VIA_WAYPOINT);
  });

  it('leave the mesh for an ExternalName and for hosts that nobody knows (P1, P2e)', () => {
    const named = `
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {type: ExternalName, externalName: example.com}`;
    assert.deepEqual(between(mesh(AMBIENT, BOUND, named), TO_SERVICE), ['zt:web/web -plaintext:80-> ext:example.com']);
    const host = { from: 'web/web', to: { host: 'example.com', port: 443 } };
    assert.deepEqual(between(mesh(AMBIENT, AMBIENT), host), ['zt:web/web -plaintext:443-> ext:example.com']);
  });

  it('end where a Service has no pods in the workspace (P2f)', () => {
    const path = pathOf(mesh(AMBIENT, AMBIENT, service('shop', 'api')), TO_SERVICE);
    assert.deepEqual(path.outcome, { result: 'unknown', at: 'zt:web/web', by: 'no-endpoint' });
    assert.ok(path.note?.includes('shop/api'));
  });

  it('are plaintext to pods outside of the mesh, through their waypoint all the same (P3, P7)', () => {
    assert.deepEqual(between(mesh(AMBIENT, {}, ...API), TO_SERVICE), ['zt:web/web -plaintext:80-> app:shop/api']);
    const bound = mesh(AMBIENT, { 'istio.io/use-waypoint': 'wp' }, ...API, waypoint('shop', 'wp'));
    assert.deepEqual(between(bound, TO_SERVICE), [VIA_WAYPOINT[0], 'wp:shop/wp -plaintext:80-> app:shop/api']);
  });

  it('are not captured on the way to the own address of the pod (P10)', () => {
    const path = pathOf(mesh(AMBIENT, AMBIENT), { from: 'web/web', to: { pod: 'web/web', port: 80 } });
    assert.ok(path.legs.every(({ kind }) => kind !== 'capture' && kind !== 'hbone'));
    assert.match(path.note ?? '', /own address/);
  });

  it('do not chain waypoints: a route leads past the waypoint of its backend (P11)', () => {
    const route = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: api, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: api, port: 80}]
  rules: [{backendRefs: [{name: next, port: 80}]}]`;
    const documents = mesh(
      AMBIENT,
      BOUND,
      ...API,
      pod('shop', 'next'),
      service('shop', 'next', { 'istio.io/use-waypoint': 'other' }),
      waypoint('shop', 'wp'),
      waypoint('shop', 'other'),
      route,
    );
    assert.deepEqual(between(documents, TO_SERVICE), [
      VIA_WAYPOINT[0],
      `wp:shop/wp -hbone:15008-> zt:shop/next as ${WP_ID}`,
    ]);
  });

  it('leave through the waypoint of a ServiceEntry, which can start TLS (P8)', () => {
    const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ext, namespace: shop, labels: {istio.io/use-waypoint: wp}}
spec: {hosts: [example.com], ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}], resolution: DNS}`;
    const asked: PathRequest = { from: 'web/web', to: { host: 'example.com', port: 80 }, http: GET_ROOT };
    const documents = mesh(AMBIENT, AMBIENT, entry, waypoint('shop', 'wp'));
    const leaving = (...more: string[]) => between([...documents, ...more], asked);
    assert.deepEqual(leaving(), [VIA_WAYPOINT[0], 'wp:shop/wp -plaintext:443-> ext:example.com']);
    assert.deepEqual(leaving(destinationRule('SIMPLE', 'example.com')), [
      VIA_WAYPOINT[0],
      'wp:shop/wp -tls-originate:443-> ext:example.com',
    ]);
    assert.deepEqual(leaving(destinationRule('ISTIO_MUTUAL', 'example.com')), leaving());
  });
});

describe('legs to the pods that a ServiceEntry selects (P7)', () => {
  const entry = (labels: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: old, namespace: shop, labels: {${labels}}}
spec:
  hosts: [old.example.com]
  location: MESH_INTERNAL
  ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}]
  resolution: STATIC
  workloadSelector: {labels: {app: api}}`;
  const asked: PathRequest = { from: 'web/web', to: { host: 'old.example.com', port: 80 }, http: GET_ROOT };

  it('lead to the pod, through the waypoint of the entry, also where the pod is outside of the mesh', () => {
    const legs = (server: Record<string, string>, labels = '') =>
      between(mesh(AMBIENT, server, pod('shop', 'api'), waypoint('shop', 'wp'), entry(labels)), asked);
    assert.deepEqual(legs(AMBIENT), [DIRECT]);
    assert.deepEqual(legs({}), ['zt:web/web -plaintext:8080-> app:shop/api']);
    assert.deepEqual(legs({}, 'istio.io/use-waypoint: wp'), [
      VIA_WAYPOINT[0],
      'wp:shop/wp -plaintext:8080-> app:shop/api',
    ]);
    assert.deepEqual(legs(AMBIENT, 'istio.io/use-waypoint: wp'), VIA_WAYPOINT);
  });
});

describe('which waypoint is bound', () => {
  const legs = (nsLabels: Record<string, string>, serviceLabels: Record<string, string>, ...more: string[]) =>
    between(mesh(AMBIENT, nsLabels, pod('shop', 'api'), service('shop', 'api', serviceLabels), ...more), TO_SERVICE);

  it('is none for Services that a controller manages, and none by opting out (W0, W1)', () => {
    const wp = waypoint('shop', 'wp');
    const managed = { 'gateway.istio.io/managed': 'istio.io-mesh-controller' };
    assert.deepEqual(legs(BOUND, managed, wp), [DIRECT]);
    assert.deepEqual(legs(BOUND, { 'istio.io/use-waypoint': 'none' }, wp), [DIRECT]);
  });

  it('is that of the Service before that of its namespace, without falling back (W2, W3)', () => {
    const both = [waypoint('shop', 'wp'), waypoint('shop', 'own')];
    assert.match(legs(BOUND, { 'istio.io/use-waypoint': 'own' }, ...both)[0] ?? '', /wp:shop\/own/);
    assert.deepEqual(legs(BOUND, { 'istio.io/use-waypoint': 'nowhere' }, ...both), [DIRECT]);
  });

  it('is one of another namespace only where that lets this one in (W4)', () => {
    const far = { ...BOUND, 'istio.io/use-waypoint-namespace': 'infra' };
    assert.deepEqual(legs(far, {}, waypoint('infra', 'wp')), [DIRECT]);
    assert.match(legs(far, {}, waypoint('infra', 'wp', { namespaces: { from: 'All' } }))[0] ?? '', /wp:infra\/wp/);
  });

  it('is taken to be ready, which the answer says and a setting can deny (W3, A1)', () => {
    const documents = mesh(AMBIENT, BOUND, ...API, waypoint('shop', 'wp'));
    const path = pathOf(documents, TO_SERVICE);
    assert.equal(path.legs[1]?.certainty, 'assumed');
    assert.ok(path.assume.some((text) => text.includes('meshpath.istiod.waypointsProgrammed')));
    const istiod = { ...DEFAULT_SETTINGS.istiod, waypointsProgrammed: false };
    assert.deepEqual(between(documents, TO_SERVICE, { settings: { istiod } }), [DIRECT]);
  });

  it('is not predicted where a canary label splits connections (W8)', () => {
    const canary = { 'istio.io/use-waypoint-canary': 'next' };
    const outcome = (nsLabels: Record<string, string>, serviceLabels: Record<string, string>) => {
      const own = [pod('shop', 'api'), service('shop', 'api', serviceLabels), waypoint('shop', 'wp')];
      return pathOf(mesh(AMBIENT, nsLabels, ...own), TO_SERVICE);
    };
    const refused = outcome(BOUND, canary);
    assert.deepEqual(refused.outcome, { result: 'unknown', at: 'zt:web/web', by: 'istio.io/use-waypoint-canary' });
    assert.match(refused.note ?? '', /1\.31 alpha/);
    assert.equal(outcome({ ...BOUND, ...canary }, {}).outcome.result, 'unknown');
    assert.equal(outcome({ ...BOUND, ...canary }, { 'istio.io/use-waypoint': 'wp' }).outcome.result, 'allow');
  });

  it('has the identity that its annotation names (W7)', () => {
    const named = waypoint('shop', 'wp').replace(
      '"namespace":"shop"',
      '"namespace":"shop","annotations":{"gateway.istio.io/service-account":"door"}',
    );
    assert.match(legs(BOUND, {}, named)[1] ?? '', /as spiffe:\/\/cluster.local\/ns\/shop\/sa\/door$/);
  });
});

describe('legs from a pod with a sidecar', () => {
  it('never go through a waypoint (P4a)', () => {
    const documents = mesh(SIDECARS, BOUND, ...API, waypoint('shop', 'wp'));
    assert.deepEqual(between(documents, TO_SERVICE), [`sc:web/web -hbone:15008-> zt:shop/api as ${WEB_ID}`]);
  });

  it('are mutual TLS to a sidecar and plaintext to others (P4a)', () => {
    assert.deepEqual(between(mesh(SIDECARS, SIDECARS, ...API), TO_SERVICE), [
      `sc:web/web -istio-mtls:80-> sc:shop/api as ${WEB_ID}`,
    ]);
    assert.deepEqual(between(mesh(SIDECARS, {}, ...API), TO_SERVICE), ['sc:web/web -plaintext:80-> app:shop/api']);
  });

  it('are plaintext without identity to the address of a pod, whatever it is (P4c)', () => {
    assert.deepEqual(between(mesh(SIDECARS, SIDECARS, ...API), TO_POD), ['sc:web/web -plaintext:80-> sc:shop/api']);
    assert.deepEqual(between(mesh(SIDECARS, AMBIENT, ...API), TO_POD), ['sc:web/web -plaintext:80-> zt:shop/api']);
    const byHost = { ...TO_POD, http: { ...GET_ROOT, host: 'api.shop' } };
    assert.match(between(mesh(SIDECARS, SIDECARS, ...API), byHost)[0] ?? '', /-istio-mtls:80->/);
  });

  it('to a headless Service are mutual TLS between sidecars, and not verified to ambient pods (P4b)', () => {
    const headless = [pod('shop', 'api'), service('shop', 'api').replace('"ports"', '"clusterIP":"None","ports"')];
    assert.deepEqual(between(mesh(SIDECARS, SIDECARS, ...headless), TO_SERVICE), [
      `sc:web/web -istio-mtls:80-> sc:shop/api as ${WEB_ID}`,
    ]);
    const doubtful = pathOf(mesh(SIDECARS, AMBIENT, ...headless), TO_SERVICE);
    assert.equal(doubtful.legs[1]?.certainty, 'unknown');
    assert.ok(doubtful.assume.some((text) => text.includes('headless')));
  });

  it('follow DestinationRules: SIMPLE is TLS of its own, DISABLE is none', () => {
    const leg = (mode: string) => between(mesh(SIDECARS, SIDECARS, ...API, destinationRule(mode)), TO_SERVICE)[0];
    assert.equal(leg('SIMPLE'), 'sc:web/web -tls-originate:80-> sc:shop/api');
    assert.equal(leg('DISABLE'), 'sc:web/web -plaintext:80-> sc:shop/api');
    assert.equal(leg('ISTIO_MUTUAL'), `sc:web/web -istio-mtls:80-> sc:shop/api as ${WEB_ID}`);
  });
});

describe('legs to a pod', () => {
  it('with a sidecar are HBONE from ztunnel only if its label says so (E8, P3)', () => {
    const plain = pathOf(mesh(AMBIENT, SIDECARS, ...API), TO_SERVICE);
    assert.equal(legsOf(plain)[1], 'zt:web/web -plaintext:80-> sc:shop/api');
    assert.equal(plain.legs[1]?.certainty, 'assumed');
    assert.ok(plain.assume.some((text) => text.includes('meshpath.istiod.sidecarsSpeakHbone')));
    const labeled = pod('shop', 'api', { labels: { 'networking.istio.io/tunnel': 'http' } });
    assert.deepEqual(between(mesh(AMBIENT, SIDECARS, labeled, service('shop', 'api')), TO_SERVICE), [
      `zt:web/web -hbone:15008-> sc:shop/api as ${WEB_ID}`,
    ]);
  });

  it('are plaintext from outside, past its waypoint (P6)', () => {
    const documents = mesh({}, BOUND, ...API, waypoint('shop', 'wp'));
    assert.deepEqual(between(documents, { ...TO_SERVICE, from: 'outside' }), [
      'ext:outside -plaintext:80-> zt:shop/api',
    ]);
    assert.deepEqual(between(documents, TO_SERVICE), ['app:web/web -plaintext:80-> zt:shop/api']);
  });

  it('go past its ztunnel where only HBONE is captured (E6)', () => {
    const open = pod('shop', 'api', { annotations: { 'ambient.istio.io/bypass-inbound-capture': 'true' } });
    const documents = mesh(AMBIENT, AMBIENT, open, service('shop', 'api'));
    assert.deepEqual(between(documents, TO_SERVICE), [DIRECT]);
    assert.deepEqual(between(documents, { ...TO_SERVICE, from: 'outside' }), [
      'ext:outside -plaintext:80-> app:shop/api',
    ]);
  });

  it('follow its enrolment: opted out, on the network of its host, sidecar before ambient (E1-E4)', () => {
    const leg = (server: string, labels: Record<string, string> = AMBIENT) =>
      between(mesh(AMBIENT, labels, server, service('shop', 'api')), TO_SERVICE)[0];
    const direct = 'zt:web/web -plaintext:80-> app:shop/api';
    assert.equal(leg(pod('shop', 'api', { labels: { 'istio.io/dataplane-mode': 'none' } })), direct);
    assert.equal(leg(pod('shop', 'api', { hostNetwork: true })), direct);
    assert.equal(leg(pod('shop', 'api', { labels: { 'istio.io/dataplane-mode': 'ambient' } }), {}), DIRECT);
    assert.match(leg(pod('shop', 'api'), { ...AMBIENT, ...SIDECARS }) ?? '', /-> sc:shop\/api$/);
    assert.equal(leg(pod('shop', 'api', { labels: { 'sidecar.istio.io/inject': 'false' } }), SIDECARS), direct);
  });
});

describe('legs from a gateway', () => {
  const gateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: in, namespace: edge}
spec: {gatewayClassName: istio, listeners: [{name: h, port: 80, protocol: HTTP}]}`;
  const asked: PathRequest = { ...TO_SERVICE, from: 'gateway:edge/in' };
  const ASKS = { 'istio.io/ingress-use-waypoint': 'true' };
  const GATEWAY_ID = 'spiffe://cluster.local/ns/edge/sa/in-istio';
  const legs = (nsLabels: Record<string, string>, serviceLabels: Record<string, string> = {}) =>
    between(
      [
        namespace('edge'),
        gateway,
        ...mesh({}, nsLabels, pod('shop', 'api'), service('shop', 'api', serviceLabels), waypoint('shop', 'wp')),
      ],
      asked,
    );
  const past = [`gw:edge/in -hbone:15008-> zt:shop/api as ${GATEWAY_ID}`];
  const through = [`gw:edge/in -hbone:15008-> wp:shop/wp as ${GATEWAY_ID}`, VIA_WAYPOINT[1]];

  it('go past the waypoint unless the Service or its namespace asks for it (P5)', () => {
    assert.deepEqual(legs(BOUND), past);
    assert.deepEqual(legs(BOUND, ASKS), through);
    assert.deepEqual(legs({ ...BOUND, ...ASKS }), through);
    assert.deepEqual(legs({ ...BOUND, ...ASKS }, { 'istio.io/ingress-use-waypoint': 'false' }), past);
  });
});

describe('legs from a gateway to a ServiceEntry', () => {
  const entry = (labels: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: old, namespace: shop, labels: {istio.io/use-waypoint: wp${labels}}}
spec: {hosts: [old.example.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}`;
  const door = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: in, namespace: edge}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}`;

  it('go by its waypoint where the label asks for that (P5a)', () => {
    const asked = { from: 'gateway:edge/in', to: { host: 'old.example.com', port: 80 }, http: GET_ROOT };
    const nodes = (labels: string) =>
      pathOf(mesh(AMBIENT, AMBIENT, waypoint('shop', 'wp'), door, entry(labels)), asked).nodes.map(({ id }) => id);
    assert.deepEqual(nodes(''), ['gw:edge/in', 'ext:old.example.com']);
    assert.deepEqual(nodes(', istio.io/ingress-use-waypoint: "true"'), [
      'gw:edge/in',
      'wp:shop/wp',
      'ext:old.example.com',
    ]);
  });
});

describe('a request asked about as if', () => {
  const documents = mesh({}, {}, ...API);
  it('both ends were in another data plane', () => {
    assert.deepEqual(between(documents, TO_SERVICE, { as: 'ambient' }), [DIRECT]);
    assert.deepEqual(between(documents, TO_SERVICE, { as: 'sidecar' }), [
      `sc:web/web -istio-mtls:80-> sc:shop/api as ${WEB_ID}`,
    ]);
    assert.match(between(documents, TO_SERVICE, { as: 'linkerd' })[0] ?? '', /-linkerd-mtls:4143->/);
    const [first, second] = between(documents, TO_SERVICE, { as: 'waypoint' });
    assert.equal(first, `zt:web/web -hbone:15008-> wp:shop/waypoint as ${WEB_ID}`);
    assert.match(second ?? '', /^wp:shop\/waypoint -hbone:15008-> zt:shop\/api/);
  });
});
