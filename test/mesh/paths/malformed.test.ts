import assert from 'node:assert/strict';
import { namespace, pod, service, waypoint } from '../worldOf.ts';
import { GET_ROOT, pathOf } from './pathOf.ts';

const AMBIENT = { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'wp' };
const SHOP = [
  namespace('shop', AMBIENT),
  pod('shop', 'web'),
  pod('shop', 'api'),
  service('shop', 'api'),
  waypoint('shop', 'wp'),
];
const ASKED = { from: 'shop/web', to: { service: 'shop/api', port: 80 }, http: GET_ROOT };

function resource(apiVersion: string, kind: string, spec: string, name = 'p'): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}`;
}

const policy = (spec: string, name?: string) => resource('security.istio.io/v1', 'AuthorizationPolicy', spec, name);
const route = (spec: string) => resource('gateway.networking.k8s.io/v1', 'HTTPRoute', spec);
const TO_API = "{group: '', kind: Service, name: api}";

describe('what cannot be applied as it is written', () => {
  for (const [what, broken, note] of [
    [
      'a policy with another action',
      policy('{action: REFUSE, rules: [{}]}'),
      /AuthorizationPolicy shop\/p in mesh\.yaml: .*`REFUSE` is not a value of `action`/,
    ],
    ['a policy whose rules are no list', policy('{action: DENY, rules: 7}'), /`rules` takes a list/],
    ['a policy that breaks off', policy('{action: DENY, rules: [{'), /it is no valid YAML/],
    [
      'a mode that does not exist',
      resource('security.istio.io/v1', 'PeerAuthentication', '{mtls: {mode: HARD}}'),
      /`HARD` is not a value of `mode`/,
    ],
    [
      'a route whose rules are no list',
      route(`{parentRefs: [${TO_API}], rules: 7}`),
      /HTTPRoute shop\/p .*`rules` takes a list/,
    ],
    ['a match that is no list', route(`{parentRefs: [${TO_API}], rules: [{matches: 7}]}`), /`matches` takes a list/],
  ] as const) {
    it(`makes the answer unknown, and says where and why: ${what}`, () => {
      const path = pathOf([...SHOP, broken], ASKED);
      assert.equal(path.outcome.result, 'unknown');
      assert.match(path.outcome.by ?? '', /\/shop\/p$/);
      assert.match(path.note ?? '', note);
      const [verdict] = path.policies.filter(({ ref }) => ref.endsWith('/p'));
      assert.equal(verdict?.verdict, 'unknown');
      assert.ok(verdict.reason && path.note?.includes(verdict.reason), 'the verdict says it too');
    });
  }

  for (const [kind, broken, note] of [
    ['Namespace', 'metadata: {name: shop, labels: 7}', /Namespace shop .*`metadata.labels` takes a map/],
    ['Pod', 'metadata: {name: api, namespace: shop, labels: [app]}', /Pod shop\/api .*`metadata.labels` takes a map/],
    [
      'Service',
      'metadata: {name: api, namespace: shop}\nspec: {ports: [{port: 80}], selector: api}',
      /Service shop\/api .*`spec.selector` takes a map/,
    ],
  ] as const) {
    it(`counts for what Kubernetes itself has, whose structure is left to others: ${kind}`, () => {
      const rest = SHOP.filter((text) => !text.includes(`"kind":"${kind}"`) || text.includes('"name":"web"'));
      const asked = kind === 'Service' ? ASKED : { ...ASKED, to: { pod: 'shop/api', port: 80 } };
      const path = pathOf([...rest, `apiVersion: v1\nkind: ${kind}\n${broken}`], asked);
      assert.equal(path.outcome.result, 'unknown');
      assert.match(path.note ?? '', note);
    });
  }

  it('counts for what the path is made of too', () => {
    const broken = (index: number, wrong: (text: string) => string) =>
      pathOf(
        SHOP.map((text, at) => (at === index ? wrong(text) : text)),
        ASKED,
      );
    const gateway = broken(4, (text) => text.replace(/"spec":\{.*\}/, '"spec":7}'));
    assert.deepEqual(gateway.outcome, { result: 'unknown', by: 'Gateway/shop/wp' });
    for (const index of [0, 3]) {
      const path = broken(index, (text) => text.slice(0, -1));
      assert.equal(path.outcome.result, 'unknown', SHOP[index]);
      assert.match(path.note ?? '', /in mesh\.yaml: it is no valid YAML/);
    }
  });

  it('does not hide what another policy refuses for certain', () => {
    const denying = policy(`{targetRefs: [${TO_API}], action: DENY, rules: [{}]}`, 'none');
    const broken = policy('{action: REFUSE, rules: [{}]}');
    assert.equal(pathOf([...SHOP, denying, broken], ASKED).outcome.by, 'AuthorizationPolicy/shop/none');
  });

  it('is no matter where the request does not come by', () => {
    const other = policy('{selector: {matchLabels: {app: other}}, action: REFUSE}');
    assert.deepEqual(pathOf([...SHOP, other], ASKED).outcome, { result: 'allow' });
    assert.deepEqual(pathOf([...SHOP, pod('shop', 'other').slice(0, -1)], ASKED).outcome, { result: 'allow' });
  });

  it('is not what a template may still make good', () => {
    const templated = policy('{action: DENY, rules: {{ .Values.rules }}}');
    assert.doesNotMatch(pathOf([...SHOP, templated], ASKED).note ?? '', /no valid YAML/);
  });
});

const TO_V2 = resource(
  'gateway.networking.k8s.io/v1',
  'HTTPRoute',
  `{parentRefs: [${TO_API}], rules: [{backendRefs: [{name: v2, port: 80}]}]}`,
);

describe('a name that two resources claim', () => {
  const ROUTED = [...SHOP, pod('shop', 'v2'), service('shop', 'v2'), TO_V2];

  it('is named with the files in which they stand', () => {
    const path = pathOf([...SHOP, service('shop', 'api')], ASKED);
    assert.deepEqual(path.outcome, { result: 'unknown' });
    assert.equal(path.note, 'to: 2 Services are called shop/api (in mesh.yaml)');
  });

  it('is no backend that anybody could know', () => {
    assert.equal(pathOf(ROUTED, ASKED).outcome.result, 'allow');
    const { outcome, note } = pathOf([...ROUTED, service('shop', 'v2')], ASKED);
    assert.equal(outcome.result, 'unknown');
    assert.equal(note, 'HTTPRoute/shop/p sends to Service shop/v2: 2 Services are called shop/v2 (in mesh.yaml).');
  });

  it('is no workload that anybody could know, unless it is one of another kind', () => {
    const { outcome, note } = pathOf([...SHOP, pod('shop', 'web')], ASKED);
    assert.equal(outcome.result, 'unknown');
    assert.equal(note, 'from: 2 workloads are called shop/web (in mesh.yaml)');
    const job =
      'apiVersion: batch/v1\nkind: Job\nmetadata: {name: web, namespace: shop}\nspec: {template: {metadata: {labels: {app: job}}}}';
    assert.equal(pathOf([...SHOP, job], ASKED).outcome.result, 'allow');
  });
});

describe('a backend whose ports cannot be read', () => {
  it('is not known to lack the port', () => {
    const broken = service('shop', 'v2').replace(/"ports":\[.*\]/, '"ports":7');
    const { outcome, note } = pathOf([...SHOP, pod('shop', 'v2'), broken, TO_V2], ASKED);
    assert.equal(outcome.result, 'unknown');
    assert.match(note ?? '', /sends to Service shop\/v2: .*`spec\.ports` takes a list/);
  });
});
