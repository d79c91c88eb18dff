import assert from 'node:assert/strict';
import type { Hypothesis } from '../../../server/src/core/mesh/paths/context.ts';
import type { PathRequest } from '../../../server/src/core/mesh/paths/vocabulary.ts';
import { DEFAULT_SETTINGS } from '../../../server/src/core/settings.ts';
import { namespace, pod, service, waypoint } from '../worldOf.ts';
import { GET_ROOT, pathOf, verdictsOf } from './pathOf.ts';

const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' };
const SIDECARS = { 'istio-injection': 'enabled' };
const BOUND = { ...AMBIENT, 'istio.io/use-waypoint': 'wp' };
const ASKED: PathRequest = { from: 'web/web', to: { service: 'shop/api', port: 80 }, http: GET_ROOT };
const BY_POD: PathRequest = { ...ASKED, to: { pod: 'shop/api', port: 80 } };
const OUTSIDE: PathRequest = { ...ASKED, from: 'outside' };
const TO_SERVICE = 'targetRefs: [{group: "", kind: Service, name: api}]';
const TO_GATEWAY = 'targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: wp}]';
const TO_CLASS = 'targetRefs: [{group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint}]';
const BY_LABEL = 'selector: {matchLabels: {app: api}}';
const REFUSING = 'action: DENY, rules: [{}]';

const meshIn = (client: Record<string, string>, server: Record<string, string>): string[] => [
  namespace('istio-system'),
  namespace('web', client),
  pod('web', 'web'),
  namespace('shop', server),
  pod('shop', 'api'),
  service('shop', 'api'),
];
const WITH_WAYPOINT = [...meshIn(AMBIENT, BOUND), waypoint('shop', 'wp')];
const WITHOUT = meshIn(AMBIENT, AMBIENT);
const OLD = meshIn(SIDECARS, SIDECARS);

function istio(kind: string, spec: string, inNamespace = 'shop', annotations = '{}'): string {
  return `
apiVersion: security.istio.io/v1
kind: ${kind}
metadata: {name: p, namespace: ${inNamespace}, annotations: ${annotations}}
spec: {${spec}}`;
}

const authorization = (spec: string, inNamespace?: string, annotations?: string) =>
  istio('AuthorizationPolicy', spec, inNamespace, annotations);

/** Where the request is refused, or that it is let in, and what is said of the one policy. */
function judged(documents: readonly string[], policy: string, request = ASKED) {
  const { outcome, policies } = pathOf([...documents, policy], request);
  const found = policies.find(({ ref }) => ref.endsWith('/p'));
  return { ends: outcome.result === 'allow' ? 'allow' : `${outcome.result} ${outcome.at}`, found };
}

describe('where an AuthorizationPolicy is attached', () => {
  for (const [form, spec, place, onSidecar, onZtunnel, onWaypoint] of [
    ['its namespace', REFUSING, 'shop', 'deny sc:shop/api', 'deny zt:shop/api', 'deny zt:shop/api'],
    ['the root namespace', REFUSING, 'istio-system', 'deny sc:shop/api', 'deny zt:shop/api', 'deny zt:shop/api'],
    ['labels', `${BY_LABEL}, ${REFUSING}`, 'shop', 'deny sc:shop/api', 'deny zt:shop/api', 'deny zt:shop/api'],
    [
      'labels, root',
      `${BY_LABEL}, ${REFUSING}`,
      'istio-system',
      'deny sc:shop/api',
      'deny zt:shop/api',
      'deny zt:shop/api',
    ],
    ['labels of others', `selector: {matchLabels: {app: other}}, ${REFUSING}`, 'shop', 'allow', 'allow', 'allow'],
    ['another namespace', REFUSING, 'web', 'allow', 'allow', 'allow'],
    ['a Service', `${TO_SERVICE}, ${REFUSING}`, 'shop', 'allow', 'allow', 'deny wp:shop/wp'],
    ['a Gateway', `${TO_GATEWAY}, ${REFUSING}`, 'shop', 'allow', 'allow', 'deny wp:shop/wp'],
    ['the class, root', `${TO_CLASS}, ${REFUSING}`, 'istio-system', 'allow', 'allow', 'deny wp:shop/wp'],
    ['the class elsewhere', `${TO_CLASS}, ${REFUSING}`, 'shop', 'allow', 'allow', 'allow'],
  ] as const) {
    it(`follows the table for ${form}`, () => {
      const policy = authorization(spec, place);
      assert.equal(judged(OLD, policy).ends, onSidecar, 'sidecar');
      assert.equal(judged(WITHOUT, policy).ends, onZtunnel, 'ztunnel');
      assert.equal(judged(WITH_WAYPOINT, policy).ends, onWaypoint, 'waypoint');
    });
  }

  it('by Service holds only for what is addressed to the Service, by Gateway for all that comes through', () => {
    const both = [...meshIn(AMBIENT, BOUND), waypoint('shop', 'wp', { labels: { 'istio.io/waypoint-for': 'all' } })];
    assert.equal(judged(both, authorization(`${TO_SERVICE}, ${REFUSING}`), BY_POD).ends, 'allow');
    assert.equal(judged(both, authorization(`${TO_GATEWAY}, ${REFUSING}`), BY_POD).ends, 'deny wp:shop/wp');
  });

  it('is told where it is bypassed, or attached to nothing', () => {
    const policy = authorization(`${TO_SERVICE}, ${REFUSING}`);
    for (const [request, why] of [
      [BY_POD, /addressed to the pod/],
      [OUTSIDE, /not in the mesh/],
    ] as const) {
      const { found, ends } = judged(WITH_WAYPOINT, policy, request);
      assert.equal(ends, 'allow');
      assert.deepEqual([found?.verdict, found?.at, found?.effect], ['bypassed', 'wp:shop/wp', 'fail-open']);
      assert.match(found?.reason ?? '', why);
    }
    const unbound = judged(WITHOUT, policy).found;
    assert.deepEqual([unbound?.verdict, unbound?.at], ['not-attached', null]);
    assert.match(unbound?.reason ?? '', /has no waypoint/);
    const missing = judged(meshIn(AMBIENT, BOUND), policy).found;
    assert.match(missing?.reason ?? '', /shop\/wp does not exist/);
    assert.match(judged(OLD, policy).found?.reason ?? '', /ignored by sidecars/);
    const elsewhere = judged(WITH_WAYPOINT, authorization(`${TO_CLASS}, ${REFUSING}`)).found;
    assert.equal(elsewhere?.verdict, 'not-attached');
    assert.match(elsewhere?.reason ?? '', /root namespace alone/);
    const bare = judged(meshIn({}, {}), authorization(`${BY_LABEL}, ${REFUSING}`)).found;
    assert.match(bare?.reason ?? '', /no proxy in front/);
  });

  it('sees the client at the waypoint, and the waypoint behind it', () => {
    const from = (principal: string) => `action: ALLOW, rules: [{from: [{source: {principals: ["${principal}"]}}]}]`;
    const web = 'cluster.local/ns/web/sa/default';
    const wp = 'cluster.local/ns/shop/sa/wp';
    assert.equal(judged(WITH_WAYPOINT, authorization(`${TO_SERVICE}, ${from(web)}`)).ends, 'allow');
    assert.equal(judged(WITH_WAYPOINT, authorization(`${BY_LABEL}, ${from(web)}`)).ends, 'deny zt:shop/api');
    assert.equal(judged(WITH_WAYPOINT, authorization(`${BY_LABEL}, ${from(wp)}`)).ends, 'allow');
  });

  it('by selector holds at a waypoint only with the flag for layered policies, and then for connections', () => {
    const istiod = { ...DEFAULT_SETTINGS.istiod, layeredWaypointAuthorizationPolicies: true };
    const outcome = (spec: string, place: string, flag: boolean) =>
      pathOf([...WITH_WAYPOINT, authorization(spec, place)], ASKED, flag ? { settings: { istiod } } : {}).outcome;
    const none = `selector: {matchLabels: {gateway.networking.k8s.io/gateway-name: wp}}, ${REFUSING}`;
    assert.equal(outcome(none, 'shop', false).result, 'allow');
    assert.deepEqual(outcome(none, 'shop', true), {
      result: 'deny',
      at: 'wp:shop/wp',
      by: 'AuthorizationPolicy/shop/p',
      signal: 'connection closed',
    });
    assert.equal(outcome(REFUSING, 'istio-system', true).at, 'wp:shop/wp');
    const byName = 'rules: [{from: [{source: {principals: ["cluster.local/ns/web/sa/default"]}}]}]';
    assert.equal(outcome(byName, 'istio-system', true).at, 'zt:shop/api', 'the waypoint lets the client in');
  });

  it('compares the port of the Service at a waypoint, and that of the pod elsewhere (P12)', () => {
    const moved = (documents: readonly string[]) =>
      documents.map((text) => text.replace('"port":80', '"port":80,"targetPort":8080'));
    const ports = (target: string, port: number) =>
      authorization(`${target}, action: DENY, rules: [{to: [{operation: {ports: ["${port}"]}}]}]`);
    assert.equal(judged(moved(WITH_WAYPOINT), ports(TO_SERVICE, 80)).ends, 'deny wp:shop/wp');
    assert.equal(judged(moved(WITH_WAYPOINT), ports(TO_SERVICE, 8080)).ends, 'allow');
    assert.equal(judged(moved(WITH_WAYPOINT), ports(BY_LABEL, 8080)).ends, 'deny zt:shop/api');
    assert.equal(judged(moved(OLD), ports(BY_LABEL, 80)).ends, 'allow');
    assert.equal(judged(moved(OLD), ports(BY_LABEL, 8080)).ends, 'deny sc:shop/api');
  });

  it('decides nothing as a dry run or where it only logs', () => {
    const dry = judged(OLD, authorization(`${BY_LABEL}, ${REFUSING}`, 'shop', '{istio.io/dry-run: "true"}'));
    assert.deepEqual([dry.ends, dry.found?.verdict], ['allow', 'ignored']);
    const audit = judged(WITHOUT, authorization(`${BY_LABEL}, action: AUDIT, rules: [{}]`));
    assert.deepEqual([audit.ends, audit.found?.verdict, audit.found?.effect], ['allow', 'ignored', 'none']);
  });
});

describe('PeerAuthentication', () => {
  const peer = (spec: string, inNamespace?: string) => istio('PeerAuthentication', spec, inNamespace);
  const ends = (documents: readonly string[], spec: string, request = ASKED, place?: string) =>
    judged(documents, peer(spec, place), request).ends;
  const STRICT = 'mtls: {mode: STRICT}';

  it('STRICT refuses plaintext, for the mesh, a namespace or pods; from a waypoint it is none (A1, A2)', () => {
    assert.equal(ends(WITHOUT, STRICT, OUTSIDE), 'deny zt:shop/api');
    assert.equal(ends(WITHOUT, STRICT, OUTSIDE, 'istio-system'), 'deny zt:shop/api');
    assert.equal(ends(WITHOUT, `${BY_LABEL}, ${STRICT}`, OUTSIDE), 'deny zt:shop/api');
    assert.equal(ends(OLD, STRICT, OUTSIDE), 'deny sc:shop/api');
    assert.equal(ends(meshIn(AMBIENT, SIDECARS), STRICT), 'deny sc:shop/api');
    for (const documents of [WITHOUT, WITH_WAYPOINT, OLD]) assert.equal(ends(documents, STRICT), 'allow');
  });

  it('STRICT lets a pod call its own Service, which it reaches by HBONE like any other (A2)', () => {
    const self = { ...ASKED, from: 'shop/api' };
    assert.equal(ends(WITHOUT, STRICT, self), 'allow');
    assert.equal(ends(OLD, STRICT, self), 'allow');
  });

  it('with a selector in the root namespace is ignored in ambient mode (A1)', () => {
    const { ends: end, found } = judged(WITHOUT, peer(`${BY_LABEL}, ${STRICT}`, 'istio-system'), OUTSIDE);
    assert.deepEqual([end, found?.verdict, found?.at], ['allow', 'ignored', null]);
  });

  it('DISABLE keeps HBONE in ambient mode, and is plaintext between sidecars (A3)', () => {
    const kinds = (documents: readonly string[]) =>
      pathOf([...documents, peer('mtls: {mode: DISABLE}')], ASKED).legs.map(({ kind }) => kind);
    assert.deepEqual(kinds(WITHOUT), ['capture', 'hbone', 'deliver']);
    assert.deepEqual(kinds(OLD), ['capture', 'plaintext', 'deliver']);
    assert.equal(judged(WITHOUT, peer('mtls: {mode: DISABLE}')).found?.verdict, 'degraded');
  });

  it('is read as in the data plane that the question is about (A3)', () => {
    const kinds = (as: Hypothesis) =>
      pathOf([...OLD, peer('mtls: {mode: DISABLE}')], ASKED, { as }).legs.map(({ kind }) => kind);
    assert.deepEqual(kinds('sidecar'), ['capture', 'plaintext', 'deliver']);
    assert.deepEqual(kinds('ambient'), ['capture', 'hbone', 'deliver']);
    const verdict = (as: Hypothesis) =>
      pathOf([...OLD, peer('mtls: {mode: DISABLE}')], ASKED, { as }).policies.find(({ ref }) => ref.endsWith('/p'));
    assert.equal(verdict('sidecar')?.verdict, 'enforced');
    assert.equal(verdict('ambient')?.verdict, 'degraded');
    const exception = `${BY_LABEL}, portLevelMtls: {80: {mode: DISABLE}}`;
    const strict = istio('PeerAuthentication', STRICT, 'istio-system');
    const outcome = (as: Hypothesis) => pathOf([...OLD, strict, peer(exception)], OUTSIDE, { as }).outcome.result;
    assert.equal(outcome('sidecar'), 'allow');
    assert.equal(outcome('ambient'), 'deny', 'the exception without a mode of its own is not honored (A4)');
  });

  it('of a port needs a selector (A4)', () => {
    const port = 'mtls: {mode: STRICT}, portLevelMtls: {80: {mode: PERMISSIVE}}';
    assert.equal(ends(WITHOUT, `${BY_LABEL}, ${port}`, OUTSIDE), 'allow');
    assert.equal(ends(WITHOUT, port, OUTSIDE), 'deny zt:shop/api');
    const other = 'mtls: {mode: STRICT}, portLevelMtls: {81: {mode: PERMISSIVE}}';
    assert.equal(ends(WITHOUT, `${BY_LABEL}, ${other}`, OUTSIDE), 'deny zt:shop/api');
  });
});

describe('RequestAuthentication', () => {
  const rules = 'jwtRules: [{issuer: "https://example.com"}]';
  const verdicts = (spec: string, documents: readonly string[], request?: PathRequest) => {
    const { found } = judged(documents, istio('RequestAuthentication', spec), request);
    return [found?.verdict, found?.at];
  };

  it('is read by sidecars and, by reference, by waypoints, never by ztunnel', () => {
    assert.deepEqual(verdicts(`${BY_LABEL}, ${rules}`, OLD), ['enforced', 'sc:shop/api']);
    assert.deepEqual(verdicts(`${BY_LABEL}, ${rules}`, WITHOUT), ['ignored', null]);
    assert.deepEqual(verdicts(`${TO_SERVICE}, ${rules}`, WITH_WAYPOINT), ['enforced', 'wp:shop/wp']);
    assert.deepEqual(verdicts(`${TO_SERVICE}, ${rules}`, WITH_WAYPOINT, BY_POD), ['bypassed', 'wp:shop/wp']);
    assert.deepEqual(verdicts(`${TO_SERVICE}, ${rules}`, WITHOUT), ['not-attached', null]);
    const bytes = { ...ASKED, http: undefined };
    assert.deepEqual(verdicts(`${BY_LABEL}, ${rules}`, OLD, bytes), ['not-applicable', 'sc:shop/api']);
  });
});

describe('trustDomains at ztunnel (Z5)', () => {
  const found = (action: string, source: string) =>
    judged(WITHOUT, authorization(`${BY_LABEL}, action: ${action}, rules: [{from: [{source: {${source}}}]}]`));
  const WEB = 'principals: ["cluster.local/ns/web/sa/default"]';

  it('beside other fields restrict nothing', () => {
    const { ends, found: policy } = found('ALLOW', `${WEB}, trustDomains: [elsewhere]`);
    assert.deepEqual([ends, policy?.verdict, policy?.effect], ['allow', 'degraded', 'broader']);
    const denied = found('DENY', `${WEB}, trustDomains: [elsewhere]`);
    assert.deepEqual([denied.ends, denied.found?.effect], ['deny zt:shop/api', 'broader']);
  });

  it('alone leave nothing that could match', () => {
    const { ends, found: policy } = found('ALLOW', 'trustDomains: [cluster.local]');
    assert.deepEqual([ends, policy?.verdict, policy?.effect], ['deny zt:shop/api', 'degraded', 'fail-closed']);
    const denied = found('DENY', 'trustDomains: [cluster.local]');
    assert.deepEqual([denied.ends, denied.found?.verdict, denied.found?.effect], ['allow', 'no-effect', 'fail-open']);
    assert.match(denied.found?.reason ?? '', /trustDomains/);
  });
});

describe('NetworkPolicy', () => {
  const network = (spec: string, inNamespace = 'shop') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: ${inNamespace}}
spec: {${spec}}`;
  const ingress = (rule: string) => network(`podSelector: {matchLabels: {app: api}}, ingress: [${rule}]`);
  const ends = (policy: string, documents = WITHOUT) => judged(documents, policy).ends;

  it('sees port 15008 in ambient mode, and the port of the application otherwise', () => {
    assert.equal(ends(ingress('{ports: [{port: 80}]}')), 'deny zt:shop/api');
    assert.equal(ends(ingress('{ports: [{port: 15008}]}')), 'allow');
    assert.equal(ends(ingress('{ports: [{port: 80}]}'), OLD), 'allow');
    assert.equal(ends(ingress('{ports: [{port: 15008}]}'), OLD), 'deny sc:shop/api');
  });

  it('sees who sends by the labels of its pod and of its namespace', () => {
    const from = (selector: string) => ends(ingress(`{from: [${selector}]}`));
    const web = 'namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: web}}';
    assert.equal(from(`{${web}}`), 'allow');
    assert.equal(from(`{${web}, podSelector: {matchLabels: {app: web}}}`), 'allow');
    assert.equal(from(`{${web}, podSelector: {matchLabels: {app: other}}}`), 'deny zt:shop/api');
    assert.equal(from('{podSelector: {matchLabels: {app: web}}}'), 'deny zt:shop/api');
  });

  it('holds back what leaves as well', () => {
    const egress = (rules: string) =>
      ends(network(`podSelector: {}, policyTypes: [Egress], egress: [${rules}]`, 'web'));
    assert.equal(egress(''), 'deny zt:web/web');
    assert.equal(egress('{ports: [{port: 15008}]}'), 'allow');
    assert.equal(egress('{ports: [{port: 80}]}'), 'deny zt:web/web');
  });
});

describe('what else configures proxies', () => {
  const GROUPS: Readonly<Record<string, string>> = {
    Telemetry: 'telemetry.istio.io/v1',
    WasmPlugin: 'extensions.istio.io/v1alpha1',
    TrafficExtension: 'extensions.istio.io/v1alpha1',
    EnvoyFilter: 'networking.istio.io/v1alpha3',
    Sidecar: 'networking.istio.io/v1',
  };
  const resource = (kind: string, spec: string, place = 'shop') =>
    `apiVersion: ${GROUPS[kind]}\nkind: ${kind}\nmetadata: {name: p, namespace: ${place}}\nspec: {${spec}}`;
  const found = (documents: readonly string[], kind: string, spec: string, place?: string, request = ASKED) =>
    pathOf([...documents, resource(kind, spec, place)], request)
      .policies.filter(({ ref }) => ref.endsWith('/p'))
      .map(({ verdict, at }) => `${verdict} ${at}`);
  const ENFORCED = ['enforced sc:shop/api'];

  for (const [kind, selector] of [
    ['Telemetry', BY_LABEL],
    ['WasmPlugin', BY_LABEL],
    ['TrafficExtension', BY_LABEL],
    ['EnvoyFilter', 'workloadSelector: {labels: {app: api}}'],
  ] as const) {
    it(`is read by sidecars, and by waypoints through references, never by ztunnel: ${kind}`, () => {
      assert.deepEqual(found(OLD, kind, selector), ENFORCED);
      assert.deepEqual(found(OLD, kind, ''), ENFORCED);
      assert.deepEqual(found(WITHOUT, kind, selector), ['ignored null']);
      assert.deepEqual(found(WITH_WAYPOINT, kind, selector), ['ignored null']);
      assert.deepEqual(found(WITH_WAYPOINT, kind, TO_SERVICE), ['enforced wp:shop/wp']);
      assert.deepEqual(found(WITH_WAYPOINT, kind, TO_GATEWAY), ['enforced wp:shop/wp']);
      assert.deepEqual(found(WITH_WAYPOINT, kind, TO_SERVICE, 'shop', BY_POD), ['bypassed wp:shop/wp']);
      assert.deepEqual(found(WITHOUT, kind, TO_SERVICE), ['not-attached null']);
      assert.deepEqual(found(OLD, kind, '', 'istio-system').sort(), ['enforced sc:shop/api', 'enforced sc:web/web']);
    });
  }

  it('reaches waypoints without a reference only as Telemetry: of the mesh, their namespace and the Service', () => {
    assert.deepEqual(found(WITH_WAYPOINT, 'Telemetry', ''), ['ignored null', 'enforced wp:shop/wp']);
    assert.ok(found(WITH_WAYPOINT, 'Telemetry', '', 'istio-system').includes('enforced wp:shop/wp'));
    assert.ok(!found(WITH_WAYPOINT, 'WasmPlugin', '', 'istio-system').includes('enforced wp:shop/wp'));
  });

  it('limits clients with a sidecar, and no others: Sidecar', () => {
    assert.deepEqual(found(OLD, 'Sidecar', '', 'web'), ['enforced sc:web/web']);
    assert.deepEqual(found(WITHOUT, 'Sidecar', '', 'web'), ['ignored null']);
    const own = resource('Sidecar', 'workloadSelector: {labels: {app: web}}', 'web').replace('name: p', 'name: own');
    assert.deepEqual(found([...OLD, own], 'Sidecar', '', 'web'), ['shadowed null']);
  });
});

describe('policies of a workload that the request does not reach', () => {
  const documents = (labels: Readonly<Record<string, string>>) => [
    namespace('shop', { ...labels, 'istio.io/use-waypoint': 'wp' }),
    pod('shop', 'web'),
    pod('shop', 'api'),
    service('shop', 'api'),
    waypoint('shop', 'wp'),
  ];
  const strict = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: strict, namespace: shop}
spec: {mtls: {mode: STRICT}}`;
  const unset = strict.replace('STRICT', 'UNSET');
  const route = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: api, namespace: shop}
spec: {parentRefs: [{group: '', kind: Service, name: api}], rules: [{matches: [{path: {value: /other}}]}]}`;
  const asked = { from: 'shop/web', to: { service: 'shop/api', port: 80 }, http: GET_ROOT };

  it('are not bypassed: the waypoint has no route for the request, and it ends there', () => {
    const path = pathOf([...documents({ 'istio.io/dataplane-mode': 'ambient' }), strict, route], asked);
    assert.equal(path.outcome.at, 'wp:shop/wp');
    assert.ok(verdictsOf(path).includes('PeerAuthentication/shop/strict not-applicable (none)'));
  });

  it('are said to do nothing when they leave the mode to a default', () => {
    const path = pathOf([...documents({ 'istio.io/dataplane-mode': 'ambient' }), unset], asked);
    assert.ok(verdictsOf(path).includes('PeerAuthentication/shop/strict no-effect at zt:shop/api (none)'));
  });
});
