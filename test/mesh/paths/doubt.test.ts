import assert from 'node:assert/strict';
import { namespace, pod, service, waypoint } from '../worldOf.ts';
import { GET_ROOT, legsOf, pathOf, verdictsOf } from './pathOf.ts';

const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' };
const SIDECARS = { 'istio-injection': 'enabled' };
const ASKED = { from: 'shop/web', to: { service: 'shop/api', port: 80 }, http: GET_ROOT };
const PODS = [pod('shop', 'web'), pod('shop', 'api'), service('shop', 'api')];

function policy(name: string, spec: string, inNamespace = 'shop'): string {
  const head = `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: ${name}, namespace: ${inNamespace}}`;
  return `${head}\nspec: ${spec}`;
}

const FOR_API = 'selector: {matchLabels: {app: api}}';

describe('what a template hides', () => {
  for (const [what, spec] of [
    ['the action', `{${FOR_API}, action: "{{ .Values.action }}", rules: [{}]}`],
    ['all rules', `{${FOR_API}, action: DENY, rules: "{{ .Values.rules }}"}`],
    ['the sources', `{${FOR_API}, rules: [{from: "{{ .Values.from }}"}]}`],
    ['the methods', `{${FOR_API}, rules: [{to: [{operation: {methods: "{{ .Values.methods }}"}}]}]}`],
    ['one method', `{${FOR_API}, action: DENY, rules: [{to: [{operation: {methods: ["{{ .Values.method }}"]}}]}]}`],
    ['whom it selects', '{selector: {matchLabels: {app: "{{ .Values.app }}"}}, action: DENY, rules: [{}]}'],
    ['the whole spec', '"{{ .Values.spec }}"'],
  ] as const) {
    it(`makes the answer unknown, neither allowed nor refused: ${what}`, () => {
      const path = pathOf([namespace('shop', SIDECARS), ...PODS, policy('hidden', spec)], ASKED);
      assert.deepEqual(path.outcome, { result: 'unknown', at: 'sc:shop/api', by: 'AuthorizationPolicy/shop/hidden' });
    });
  }

  it('does not hide what another policy refuses for certain', () => {
    const hidden = policy('hidden', `{${FOR_API}, action: DENY, rules: "{{ .Values.rules }}"}`);
    const denying = policy('none', `{${FOR_API}, action: DENY, rules: [{}]}`);
    const path = pathOf([namespace('shop', SIDECARS), ...PODS, hidden, denying], ASKED);
    assert.equal(path.outcome.by, 'AuthorizationPolicy/shop/none');
  });
});

describe('gateways on a path', () => {
  const gateway = (inNamespace: string) =>
    JSON.stringify({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'in', namespace: inNamespace },
      spec: { gatewayClassName: 'istio', listeners: [{ name: 'h', port: 80, protocol: 'HTTP' }] },
    });
  const base = [namespace('edge'), namespace('shop', AMBIENT), ...PODS, gateway('edge')];
  const asked = { ...ASKED, from: 'gateway:edge/in' };

  it('look at tokens for what comes in through them', () => {
    const tokens = (spec: string) => policy('t', spec, 'edge').replace('AuthorizationPolicy', 'RequestAuthentication');
    for (const spec of [
      '{}',
      '{selector: {matchLabels: {gateway.networking.k8s.io/gateway-name: in}}}',
      '{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: in}]}',
    ]) {
      const verdicts = verdictsOf(pathOf([...base, tokens(spec)], asked));
      assert.ok(verdicts.includes('RequestAuthentication/edge/t enforced at gw:edge/in (as-written)'), spec);
    }
  });

  it('decide by the policies for them: by reference, by label, and for their namespace', () => {
    const refused = (spec: string) => pathOf([...base, policy('p', spec, 'edge')], asked).outcome;
    const byRef =
      '{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: in}], action: DENY, rules: [{}]}';
    assert.equal(refused(byRef).at, 'gw:edge/in');
    const byLabel =
      '{selector: {matchLabels: {gateway.networking.k8s.io/gateway-name: in}}, action: DENY, rules: [{}]}';
    assert.equal(refused(byLabel).at, 'gw:edge/in');
    assert.deepEqual(refused('{}'), { result: 'deny', at: 'gw:edge/in', by: 'no-ALLOW-matched', signal: 'HTTP 403' });
    const other = '{selector: {matchLabels: {app: other}}, action: DENY, rules: [{}]}';
    assert.equal(refused(other).result, 'allow');
  });

  it('do not know by which name they are called unless the question says it', () => {
    const spec =
      '{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: in}], action: DENY, rules: [{to: [{operation: {hosts: [shop.example.com]}}]}]}';
    const outcome = (host?: string) =>
      pathOf([...base, policy('p', spec, 'edge')], { ...asked, http: { ...GET_ROOT, ...(host ? { host } : {}) } })
        .outcome;
    assert.equal(outcome().result, 'unknown');
    assert.equal(outcome('shop.example.com').result, 'deny');
    assert.equal(outcome('other.example.com').result, 'allow');
  });
});

describe('waypoints on a path', () => {
  const withWaypoint = (name: string) => [
    namespace('shop', { ...AMBIENT, 'istio.io/use-waypoint': name }),
    ...PODS,
    waypoint('shop', name),
  ];

  it('are found by their place, whatever they are called', () => {
    const spec = `{${FOR_API}, rules: [{from: [{source: {principals: ["*"]}}]}]}`;
    const reason = (documents: readonly string[]) =>
      pathOf([...documents, policy('p', spec)], ASKED).policies.find(({ ref }) => ref.endsWith('/p'))?.reason;
    assert.match(reason(withWaypoint('proxy')) ?? '', /not the client/);
    assert.equal(reason([namespace('shop', AMBIENT), ...PODS]), null);
  });

  it('are pods that a NetworkPolicy can shut', () => {
    const shut = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut, namespace: shop}
spec:
  podSelector: {matchLabels: {gateway.networking.k8s.io/gateway-name: waypoint}}
  policyTypes: [Ingress]`;
    const path = pathOf([...withWaypoint('waypoint'), shut], ASKED);
    assert.deepEqual(path.outcome, {
      result: 'deny',
      at: 'wp:shop/waypoint',
      by: 'NetworkPolicy/shop/shut',
      signal: 'timeout',
    });
    assert.equal(path.nodes.at(-1)?.id, 'wp:shop/waypoint');
  });

  it("of the other class read nothing of Istio's policies", () => {
    const documents = withWaypoint('waypoint').map((text) =>
      text.replace('istio-waypoint', 'istio-agentgateway-waypoint'),
    );
    const spec = '{targetRefs: [{kind: Service, group: "", name: api}], action: DENY, rules: [{}]}';
    const path = pathOf([...documents, policy('p', spec)], ASKED);
    assert.equal(path.outcome.result, 'allow');
    assert.ok(verdictsOf(path).includes('AuthorizationPolicy/shop/p ignored (fail-open)'));
    const tokens = policy('t', '{targetRefs: [{kind: Service, group: "", name: api}]}').replace(
      'AuthorizationPolicy',
      'RequestAuthentication',
    );
    assert.ok(
      verdictsOf(pathOf([...documents, tokens], ASKED)).includes('RequestAuthentication/shop/t ignored (fail-open)'),
    );
  });

  it('see the port of the pod where a headless Service is addressed', () => {
    const headless = service('shop', 'api').replace('"ports"', '"clusterIP":"None","ports"');
    const documents = [
      namespace('shop', { ...AMBIENT, 'istio.io/use-waypoint': 'wp' }),
      pod('shop', 'web'),
      pod('shop', 'api'),
      headless,
      waypoint('shop', 'wp', { labels: { 'istio.io/waypoint-for': 'all' } }),
    ];
    const point = pathOf(documents, ASKED).points.find(({ node }) => node === 'wp:shop/wp');
    assert.equal(point?.sees.portMeaning, 'workload');
  });
});

describe('TLS that is not of the mesh', () => {
  it('reaches a pod in ambient mode as it is, without identity', () => {
    const rule = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: tls, namespace: shop}
spec: {host: api.shop.svc.cluster.local, trafficPolicy: {tls: {mode: SIMPLE}}}`;
    const old = [namespace('old', SIDECARS), pod('old', 'web'), namespace('shop', AMBIENT), pod('shop', 'api')];
    const path = pathOf([...old, service('shop', 'api'), rule], { ...ASKED, from: 'old/web' });
    assert.equal(legsOf(path)[1], 'sc:old/web -tls-originate:80-> zt:shop/api');
  });
});
