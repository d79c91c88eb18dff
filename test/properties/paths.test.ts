import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HYPOTHESES } from '../../server/src/core/mesh/paths/context.ts';
import type { HopPath, PathRequest } from '../../server/src/core/mesh/paths/vocabulary.ts';
import { GET_ROOT, legsOf, pathOf, verdictsOf } from '../mesh/paths/pathOf.ts';
import { namespace, pod, service, waypoint } from '../mesh/worldOf.ts';

interface Plane {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const PLANES: readonly Plane[] = [
  { labels: {} },
  { labels: { 'istio-injection': 'enabled' } },
  { labels: { 'istio.io/dataplane-mode': 'ambient' } },
  { labels: { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'wp' } },
  { labels: {}, annotations: { 'linkerd.io/inject': 'enabled' } },
  { labels: { 'io.cilium/mtls-enabled': 'true' } },
];

function planeNamespace(name: string, { labels, annotations }: Plane): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels, annotations } });
}

const RULES = [
  '{}',
  '{action: DENY, rules: [{}]}',
  '{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}',
  '{rules: [{from: [{source: {namespaces: [web]}}]}]}',
  '{selector: {matchLabels: {app: api}}, rules: [{to: [{operation: {paths: ["/"]}}]}]}',
  '{targetRefs: [{group: "", kind: Service, name: api}], action: DENY, rules: [{}]}',
];

const BROKEN = [
  '{action: DENY, rules: "{{ .Values.rules }}"}',
  '{action: "{{ .Values.action }}", rules: [{}]}',
  '{rules: [{from: "{{ .Values.from }}"}]}',
  '{rules: 7}',
  '{selector: {matchLabels: {app: "{{ .Values.app }}"}}, rules: [{}]}',
  '[]',
  '{rules: [{}',
];

function policy(name: string, spec: string, inNamespace = 'shop'): string {
  return `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: ${name}, namespace: ${inNamespace}}\nspec: ${spec}`;
}

function resource(apiVersion: string, kind: string, spec: string, inNamespace = 'shop'): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: own, namespace: ${inNamespace}}\nspec: ${spec}`;
}

const STRICT = 'mtls: {mode: STRICT}';
const API = 'selector: {matchLabels: {app: api}}';
type Toggle = readonly [spec: string, plain: boolean];

/** What servers ask of their callers; the second of each says whether it switches mutual TLS between sidecars off. */
const PEERS: readonly Toggle[] = [
  ['{mtls: {mode: PERMISSIVE}}', false],
  [`{${STRICT}}`, false],
  ['{mtls: {mode: DISABLE}}', true],
  [`{${API}, ${STRICT}, portLevelMtls: {80: {mode: PERMISSIVE}}}`, false],
  [`{${API}, ${STRICT}, portLevelMtls: {80: {mode: DISABLE}}}`, true],
  [`{${API}, portLevelMtls: {80: {mode: DISABLE}, 81: {mode: STRICT}}}`, true],
];

/** What Sidecar resources let clients know; the second of each says whether the Service is left out. */
const SCOPES: readonly Toggle[] = [
  ['{egress: [{hosts: ["*/*"]}]}', false],
  ['{egress: [{hosts: ["shop/*"]}]}', false],
  ['{egress: [{hosts: ["./*"]}]}', true],
  ['{egress: [{hosts: ["istio-system/*"]}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}', true],
];

/** The TLS of DestinationRules; the second of each says whether clients speak plaintext. */
const TLS: readonly Toggle[] = [
  ['ISTIO_MUTUAL', false],
  ['SIMPLE', false],
  ['DISABLE', true],
];

const CILIUM = [
  '{endpointSelector: {}, ingress: [{}]}',
  '{endpointSelector: {matchLabels: {app: api}}, ingress: [{fromEntities: [cluster]}]}',
  '{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: "80"}], rules: {http: [{method: GET}]}}]}]}',
  '{endpointSelector: {}, ingressDeny: [{fromEntities: [world]}], egress: [{toEntities: [all]}]}',
  '{endpointSelector: {}, egress: [{toFQDNs: [{matchPattern: "*.example.com"}]}]}',
];

interface Mesh {
  readonly documents: readonly string[];
  /** The rules by which two pods of one mesh speak plaintext, with where in the rules of the meshes they stand. */
  readonly plainBecause: readonly string[];
}

const maybe = <T>(...values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });

const meshes: fc.Arbitrary<Mesh> = fc
  .record({
    client: fc.constantFrom(...PLANES),
    server: fc.constantFrom(...PLANES),
    traffic: fc.constantFrom('service', 'workload', 'all', 'none'),
    headless: fc.boolean(),
    skipped: fc.boolean(),
    rules: fc.subarray(RULES, { maxLength: 2 }),
    peer: maybe(...PEERS),
    scope: maybe(...SCOPES),
    tls: maybe(...TLS),
    cilium: maybe(...CILIUM),
  })
  .map(({ client, server, traffic, headless, skipped, rules, peer, scope, tls, cilium }) => {
    const own = service('shop', 'api');
    const annotations: Record<string, string> = skipped ? { 'config.linkerd.io/skip-inbound-ports': '80' } : {};
    return {
      documents: [
        planeNamespace('web', client),
        pod('web', 'web'),
        planeNamespace('shop', server),
        pod('shop', 'api', { annotations }),
        headless ? own.replace('"ports"', '"clusterIP":"None","ports"') : own,
        waypoint('shop', 'wp', { labels: { 'istio.io/waypoint-for': traffic } }),
        ...rules.map((spec, index) => policy(`p${index}`, spec)),
        ...(peer ? [resource('security.istio.io/v1', 'PeerAuthentication', peer[0])] : []),
        ...(scope ? [resource('networking.istio.io/v1', 'Sidecar', scope[0], 'web')] : []),
        ...(tls ? [resource('networking.istio.io/v1', 'DestinationRule', tlsRule(tls[0]))] : []),
        ...(cilium ? [resource('cilium.io/v2', 'CiliumNetworkPolicy', cilium)] : []),
      ],
      plainBecause: [
        ...(peer?.[1] ? ["A3': the server's DISABLE is followed by sidecars"] : []),
        ...(scope?.[1] ? ['4.6: the Sidecar resource does not import the Service'] : []),
        ...(tls?.[1] ? ['3.4: a DestinationRule switches TLS off'] : []),
      ],
    };
  });

function tlsRule(mode: string): string {
  return `{host: api.shop.svc.cluster.local, trafficPolicy: {tls: {mode: ${mode}}}}`;
}

const requests: fc.Arbitrary<PathRequest> = fc.record({
  from: fc.constantFrom('web/web', 'shop/api', 'outside', 'kubelet'),
  to: fc.constantFrom<PathRequest['to']>(
    { service: 'shop/api', port: 80 },
    { pod: 'shop/api', port: 80 },
    { host: 'example.com', port: 443 },
  ),
  http: fc.constantFrom(GET_ROOT, undefined),
});

const hypotheses = fc.option(fc.constantFrom(...HYPOTHESES), { nil: undefined });

const RUNS = { numRuns: 100 };

function summary(path: HopPath): unknown {
  return [legsOf(path), verdictsOf(path), path.outcome, path.assume, path.note];
}

/** Whether a rule has two pods of a mesh speak plaintext: one of the path itself, or one of the resources. */
function mayBePlain({ from, to }: HopPath['legs'][number], request: PathRequest, mesh: Mesh): boolean {
  const byPod = from.startsWith('sc:') && 'pod' in request.to; // P4c: a sidecar passes addresses of pods through.
  const withoutHbone = /^(zt|wp):/.test(from) && to.startsWith('sc:'); // P3: the sidecar was started without HBONE.
  return byPod || withoutHbone || (from.startsWith('sc:') && mesh.plainBecause.length > 0);
}

/** Both ends are proxies of Istio, or both of Linkerd. */
function inOneMesh({ from, to }: HopPath['legs'][number]): boolean {
  return [/^(zt|sc|wp|ew):/, /^(lo|li):/].some((proxy) => proxy.test(from) && proxy.test(to));
}

describe('hop paths', () => {
  it('are chains: a leg starts where the last one ended, and the nodes agree', () => {
    fc.assert(
      fc.property(meshes, requests, hypotheses, ({ documents }, request, as) => {
        const { nodes, legs, points, routes } = pathOf(documents, request, as ? { as } : {});
        assert.equal(nodes.length, legs.length + 1);
        for (const [index, leg] of legs.entries()) {
          assert.equal(leg.seq, index + 1);
          assert.deepEqual([leg.from, leg.to], [nodes[index]?.id, nodes[index + 1]?.id]);
          assert.ok(leg.peerIdentitySeen === null || leg.mutualAuth);
          assert.ok(leg.encrypted || !leg.mutualAuth);
        }
        const known = new Set(nodes.map(({ id }) => id));
        for (const { node } of [...points, ...routes]) assert.ok(known.has(node), node);
      }),
      RUNS,
    );
  });

  it('see at each proxy whom the leg that reaches it brings', () => {
    fc.assert(
      fc.property(meshes, requests, hypotheses, ({ documents }, request, as) => {
        const { legs, points } = pathOf(documents, request, as ? { as } : {});
        for (const { node, sees } of points) {
          // A pod that calls itself has its proxy on both sides.
          const leg = legs.findLast(({ to }) => to === node);
          assert.equal(sees.identity, leg?.peerIdentitySeen ?? null, node);
        }
      }),
      RUNS,
    );
  });

  it('are refused at a node of the path, and enforce nothing elsewhere', () => {
    fc.assert(
      fc.property(meshes, requests, hypotheses, ({ documents }, request, as) => {
        const { nodes, outcome, policies } = pathOf(documents, request, as ? { as } : {});
        const known = new Set(nodes.map(({ id }) => id));
        if (outcome.at !== undefined) assert.ok(known.has(outcome.at), outcome.at);
        // What is held back on the network never reaches the proxies behind.
        if (outcome.signal === 'timeout') return;
        for (const { verdict, at, ref } of policies)
          if (['enforced', 'degraded', 'no-effect'].includes(verdict))
            assert.ok(known.has(at ?? ''), `${ref} at ${at}`);
      }),
      RUNS,
    );
  });

  it('are encrypted between two pods of a mesh, but for the rules that say otherwise', () => {
    fc.assert(
      fc.property(meshes, requests, (mesh, request) => {
        for (const leg of pathOf(mesh.documents, request).legs) {
          if (leg.scope !== 'network' || !inOneMesh(leg)) continue;
          assert.ok(leg.encrypted || mayBePlain(leg, request, mesh), `${leg.from} ${leg.kind} ${leg.to}`);
        }
      }),
      RUNS,
    );
  });

  it('have both ends in the data plane that is asked about', () => {
    const expected = { ambient: /^zt:/, waypoint: /^zt:/, sidecar: /^sc:/, linkerd: /^l[oi]:/, cilium: /^c[en]:/ };
    const asked: PathRequest = { from: 'web/web', to: { service: 'shop/api', port: 80 }, http: GET_ROOT };
    fc.assert(
      fc.property(meshes, fc.constantFrom(...HYPOTHESES), ({ documents }, as) => {
        const [app, proxy] = pathOf(documents, asked, { as }).nodes;
        assert.equal(app?.id, 'app:web/web');
        const tunneled = as === 'cilium' && documents.filter((text) => text.includes('mtls-enabled')).length === 2;
        assert.match(proxy?.id ?? '', tunneled ? /^zt:/ : expected[as]);
      }),
      RUNS,
    );
  });

  it('do not change with what is in another namespace', () => {
    const others = [
      namespace('other', PLANES[3]?.labels),
      pod('other', 'api'),
      service('other', 'api'),
      waypoint('other', 'wp'),
      policy('deny', '{action: DENY, rules: [{}]}', 'other'),
    ];
    fc.assert(
      fc.property(meshes, requests, fc.subarray(others), ({ documents }, request, more) => {
        assert.deepEqual(summary(pathOf([...documents, ...more], request)), summary(pathOf(documents, request)));
      }),
      RUNS,
    );
  });

  it('are not opened by a policy that cannot be read: what was refused is refused or unknown', () => {
    fc.assert(
      fc.property(meshes, requests, fc.constantFrom(...BROKEN), ({ documents }, request, broken) => {
        if (pathOf(documents, request).outcome.result !== 'deny') return;
        assert.notEqual(pathOf([...documents, policy('broken', broken)], request).outcome.result, 'allow');
      }),
      RUNS,
    );
  });
});

describe('hop paths through hostile input', () => {
  const base = [namespace('shop', PLANES[1]?.labels), pod('shop', 'web'), pod('shop', 'api'), service('shop', 'api')];
  const asked: PathRequest = { from: 'shop/web', to: { service: 'shop/api', port: 80 }, http: GET_ROOT };

  it('are unknown, with a sentence that says why, where the request names nothing or two things', () => {
    for (const [documents, request] of [
      [base, { ...asked, from: 'shop/nobody' }],
      [base, { ...asked, from: '' }],
      [base, { ...asked, from: 'gateway:shop/none' }],
      [base, { ...asked, to: { service: 'shop/none', port: 80 } }],
      [base, { ...asked, to: { service: 'shop/api', port: 81 } }],
      [base, { ...asked, to: { pod: 'shop/none', port: 80 } }],
      [[...base, service('shop', 'api')], asked],
    ] as const) {
      const { outcome, note } = pathOf(documents, request);
      assert.equal(outcome.result, 'unknown');
      assert.ok(note !== undefined && note.length > 0);
    }
  });

  it('do not run in circles after delegates', () => {
    const delegating = (name: string, to: string, hosts: string) =>
      `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: ${name}, namespace: shop}\nspec: {${hosts}http: [{delegate: {name: ${to}}}]}`;
    const documents = [...base, delegating('a', 'b', 'hosts: [api], '), delegating('b', 'a', '')];
    assert.notEqual(pathOf(documents, asked).outcome, undefined);
  });

  it('never throw, whatever resources look like', () => {
    const kinds = [
      'security.istio.io/v1 AuthorizationPolicy',
      'security.istio.io/v1 PeerAuthentication',
      'networking.istio.io/v1 DestinationRule',
      'networking.istio.io/v1 VirtualService',
      'networking.istio.io/v1 Sidecar',
      'networking.istio.io/v1 ServiceEntry',
      'telemetry.istio.io/v1 Telemetry',
      'cilium.io/v2 CiliumNetworkPolicy',
      'cilium.io/v2 CiliumClusterwideNetworkPolicy',
      'networking.k8s.io/v1 NetworkPolicy',
      'gateway.networking.k8s.io/v1 HTTPRoute',
      'v1 Service',
    ];
    const specs = [
      '7',
      '[]',
      '{',
      '"{{ x }}"',
      '{rules: [[]], ingress: 3, http: [7], mtls: [], hosts: {}, egress: [[{}]], workloadSelector: 1, endpointSelector: []}',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.oneof(fc.constantFrom(...specs), fc.json()),
        requests,
        (kind, spec, request) => {
          const [apiVersion, name] = kind.split(' ');
          const broken = `apiVersion: ${apiVersion}\nkind: ${name}\nmetadata: {name: api, namespace: shop}\nspec: ${spec}`;
          pathOf([...base, broken], { ...request, from: request.from === 'web/web' ? 'shop/web' : request.from });
        },
      ),
      RUNS,
    );
  });
});
