import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { HopPath, PathRequest } from '../../server/src/core/mesh/paths/vocabulary.ts';
import { GET_ROOT, legsOf, pathOf, verdictsOf } from '../mesh/paths/pathOf.ts';
import { namespace, pod, service, waypoint } from '../mesh/worldOf.ts';

const LABELS: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'istio-injection': 'enabled' },
  { 'istio.io/dataplane-mode': 'ambient' },
  { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'wp' },
];

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

const meshes = fc
  .record({
    client: fc.constantFrom(...LABELS),
    server: fc.constantFrom(...LABELS),
    traffic: fc.constantFrom('service', 'workload', 'all', 'none'),
    headless: fc.boolean(),
    rules: fc.subarray(RULES, { maxLength: 2 }),
  })
  .map(({ client, server, traffic, headless, rules }) => [
    namespace('web', client),
    pod('web', 'web'),
    namespace('shop', server),
    pod('shop', 'api'),
    headless ? service('shop', 'api').replace('"ports"', '"clusterIP":"None","ports"') : service('shop', 'api'),
    waypoint('shop', 'wp', { labels: { 'istio.io/waypoint-for': traffic } }),
    ...rules.map((spec, index) => policy(`p${index}`, spec)),
  ]);

const requests: fc.Arbitrary<PathRequest> = fc.record({
  from: fc.constantFrom('web/web', 'shop/api', 'outside', 'kubelet'),
  to: fc.constantFrom<PathRequest['to']>(
    { service: 'shop/api', port: 80 },
    { pod: 'shop/api', port: 80 },
    { host: 'example.com', port: 443 },
  ),
  http: fc.constantFrom(GET_ROOT, undefined),
});

const RUNS = { numRuns: 60 };

function summary(path: HopPath): unknown {
  return [legsOf(path), verdictsOf(path), path.outcome, path.assume, path.note];
}

/** The rules by which two pods of a mesh speak plaintext, with the part of the path that shows each. */
function mayBePlain({ from, to }: HopPath['legs'][number], request: PathRequest): boolean {
  const byPod = from.startsWith('sc:') && 'pod' in request.to; // P4c: a sidecar passes addresses of pods through.
  const withoutHbone = /^(zt|wp):/.test(from) && to.startsWith('sc:'); // P3: the sidecar was started without HBONE.
  return byPod || withoutHbone;
}

describe('hop paths', () => {
  it('are chains: a leg starts where the last one ended, and the nodes agree', () => {
    fc.assert(
      fc.property(meshes, requests, (documents, request) => {
        const { nodes, legs, points } = pathOf(documents, request);
        assert.equal(nodes.length, legs.length + 1);
        for (const [index, leg] of legs.entries()) {
          assert.equal(leg.seq, index + 1);
          assert.deepEqual([leg.from, leg.to], [nodes[index]?.id, nodes[index + 1]?.id]);
          assert.ok(leg.peerIdentitySeen === null || leg.mutualAuth);
        }
        for (const { node } of points) assert.ok(nodes.some(({ id }) => id === node));
      }),
      RUNS,
    );
  });

  it('are encrypted between two pods of a mesh, but for the rules that say otherwise', () => {
    const inMesh = (node: string) => /^(zt|sc|wp):/.test(node);
    fc.assert(
      fc.property(meshes, requests, (documents, request) => {
        for (const leg of pathOf(documents, request).legs) {
          if (leg.scope !== 'network' || !inMesh(leg.from) || !inMesh(leg.to)) continue;
          assert.ok(leg.encrypted || mayBePlain(leg, request), `${leg.from} ${leg.kind} ${leg.to}`);
        }
      }),
      RUNS,
    );
  });

  it('do not change with what is in another namespace', () => {
    const others = [
      namespace('other', LABELS[3]),
      pod('other', 'api'),
      service('other', 'api'),
      waypoint('other', 'wp'),
      policy('deny', '{action: DENY, rules: [{}]}', 'other'),
    ];
    fc.assert(
      fc.property(meshes, requests, fc.subarray(others), (documents, request, more) => {
        assert.deepEqual(summary(pathOf([...documents, ...more], request)), summary(pathOf(documents, request)));
      }),
      RUNS,
    );
  });

  it('are not opened by a policy that cannot be read: what was refused is refused or unknown', () => {
    fc.assert(
      fc.property(meshes, requests, fc.constantFrom(...BROKEN), (documents, request, broken) => {
        if (pathOf(documents, request).outcome.result !== 'deny') return;
        assert.notEqual(pathOf([...documents, policy('broken', broken)], request).outcome.result, 'allow');
      }),
      { numRuns: 120 },
    );
  });
});

describe('hop paths through hostile input', () => {
  const base = [namespace('shop', LABELS[1]), pod('shop', 'web'), pod('shop', 'api'), service('shop', 'api')];
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
      'networking.k8s.io/v1 NetworkPolicy',
      'gateway.networking.k8s.io/v1 HTTPRoute',
      'v1 Service',
    ];
    const specs = ['7', '[]', '{', '"{{ x }}"', '{rules: [[]], ingress: 3, http: [7], mtls: [], hosts: {}}'];
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
