import assert from 'node:assert/strict';
import type { PathRequest } from '../../../server/src/core/mesh/paths/vocabulary.ts';
import { DEFAULT_SETTINGS } from '../../../server/src/core/settings.ts';
import { namespace, pod, service } from '../worldOf.ts';
import { GET_ROOT, legsOf, pathOf, verdictsOf } from './pathOf.ts';

function policy(spec: string): string {
  return `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: api, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: api}}
${spec}`;
}

const BASE = [namespace('shop'), namespace('other'), pod('shop', 'web'), pod('shop', 'api'), service('shop', 'api')];
const ASKED = { from: 'shop/web', to: { service: 'shop/api', port: 80 }, http: GET_ROOT };
const FROM_WEB = '  ingress: [{fromEndpoints: [{matchLabels: {app: web}}]}]';
const GET_ONLY = `
  ingress:
    - fromEndpoints: [{matchLabels: {"k8s:app": web}}]
      toPorts: [{ports: [{port: "80"}], rules: {http: [{method: GET, path: "/.*"}]}}]`;

describe('hop paths through Cilium', () => {
  it('go by eBPF from node to node, encrypted as the settings say', () => {
    const path = pathOf([...BASE, policy(FROM_WEB)], ASKED);
    assert.deepEqual(legsOf(path), [
      'app:shop/web -node-redirect:80-> ce:node-a',
      'ce:node-a -plaintext:80-> ce:node-b',
      'ce:node-b -node-redirect:80-> app:shop/api',
    ]);
    assert.equal(path.legs[1]?.underlay, 'wireguard');
    assert.ok(path.assume.some((text) => text.includes('meshpath.cilium.encryption')));
    const bare = pathOf([...BASE, policy(FROM_WEB)], ASKED, {
      settings: { cilium: { ...DEFAULT_SETTINGS.cilium, encryption: 'none' } },
    });
    assert.equal(bare.legs[1]?.underlay, undefined);
  });

  it("go through Envoy on the server's node where a policy reads requests, which refuses there", () => {
    const documents = [...BASE, policy(GET_ONLY)];
    assert.equal(pathOf(documents, ASKED).outcome.result, 'allow');
    const refused = pathOf(documents, { ...ASKED, http: { method: 'DELETE', path: '/' } });
    assert.deepEqual(refused.outcome, {
      result: 'deny',
      at: 'cn:node-b',
      by: 'CiliumNetworkPolicy/shop/api',
      signal: 'HTTP 403',
    });
    assert.deepEqual(verdictsOf(refused), ['CiliumNetworkPolicy/shop/api enforced at cn:node-b (as-written)']);
  });

  it('end at the node for connections that no rule lets through', () => {
    const outcome = (spec: string, from = 'shop/web') => pathOf([...BASE, policy(spec)], { ...ASKED, from }).outcome;
    const refused = { result: 'deny', at: 'ce:node-b', by: 'CiliumNetworkPolicy/shop/api', signal: 'timeout' };
    assert.deepEqual(outcome('  ingress: []'), { result: 'allow' }, 'an empty list is no rule at all');
    assert.deepEqual(outcome('  ingress: [{}]'), refused, 'an entry without anything lets nothing through');
    assert.deepEqual(outcome('  ingress: [{fromEndpoints: []}]'), refused);
    assert.deepEqual(outcome('  ingress: [{fromEndpoints: [{matchLabels: {app: other}}]}]'), refused);
    assert.deepEqual(outcome('  ingress: [{toPorts: [{ports: [{port: "81"}]}]}]'), refused);
    assert.deepEqual(outcome('  ingress: [{fromEntities: [cluster]}]'), { result: 'allow' });
    assert.deepEqual(outcome('  ingress: [{fromEntities: [world]}]'), refused);
    assert.deepEqual(outcome(`${FROM_WEB}\n  ingressDeny: [{fromEntities: [all]}]`), refused);
  });

  it('take a selector as of its own namespace unless it names another', () => {
    const other = [...BASE, pod('other', 'web')];
    const request = { ...ASKED, from: 'other/web' };
    assert.equal(pathOf([...other, policy(FROM_WEB)], request).outcome.result, 'deny');
    const named = FROM_WEB.replace('{app: web}', '{app: web, io.kubernetes.pod.namespace: other}');
    assert.equal(pathOf([...other, policy(named)], request).outcome.result, 'allow');
  });
});

describe("what Cilium's policies decide together", () => {
  const named = (name: string, spec: string) => policy(spec).replace('name: api', `name: ${name}`);
  const outcome = (documents: readonly string[], request: PathRequest = ASKED) =>
    pathOf([...BASE, ...documents], request).outcome;
  const refused = (name: string) => ({
    result: 'deny',
    at: 'ce:node-b',
    by: `CiliumNetworkPolicy/shop/${name}`,
    signal: 'timeout',
  });
  const ALL = '  ingress: [{fromEntities: [all]}]';

  it('is refused by a rule that denies, whatever others allow', () => {
    const denying = named('deny', '  ingressDeny: [{fromEndpoints: [{matchLabels: {app: web}}]}]');
    assert.deepEqual(outcome([named('all', ALL), denying]), refused('deny'));
  });

  it('is closed by no rule that leaves the default open, which still denies and reads', () => {
    const open = '  enableDefaultDeny: {ingress: false}\n';
    assert.equal(outcome([named('open', `${open}  ingress: [{fromEntities: [world]}]`)]).result, 'allow');
    assert.deepEqual(outcome([named('open', `${open}  ingressDeny: [{fromEntities: [cluster]}]`)]), refused('open'));
    assert.deepEqual(outcome([named('shut', '  enableDefaultDeny: {ingress: true}')]), refused('shut'));
  });

  it('is open where a NetworkPolicy of Kubernetes or a rule of Cilium allows it: they hold together', () => {
    const kubernetes = (rule: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: net, namespace: shop}
spec: {podSelector: {matchLabels: {app: api}}, ingress: [${rule}]}`;
    const fromWeb = '{from: [{podSelector: {matchLabels: {app: web}}}]}';
    const fromOther = fromWeb.replace('web', 'other');
    const closed = named('shut', '  ingress: [{}]');
    assert.equal(outcome([closed, kubernetes(fromWeb)]).result, 'allow');
    assert.equal(outcome([named('all', ALL), kubernetes(fromOther)]).result, 'allow');
    assert.equal(outcome([closed, kubernetes(fromOther)]).result, 'deny');
  });

  it('lets the kubelet of the node in', () => {
    assert.equal(outcome([named('shut', '  ingress: [{}]')], { ...ASKED, from: 'kubelet' }).result, 'allow');
  });

  it('depends on headers as they are asked for, and on HTTP where there is none', () => {
    const rule = (http: string) =>
      named('http', `  ingress: [{toPorts: [{ports: [{port: "80"}], rules: {http: [${http}]}}]}]`);
    const result = (http: string, headers: Record<string, string>) =>
      outcome([rule(http)], { ...ASKED, http: { ...GET_ROOT, headers } }).result;
    assert.equal(result('{headers: ["X-Team: blue"]}', { 'x-team': 'blue' }), 'allow');
    assert.equal(result('{headers: ["X-Team: blue"]}', { 'x-team': 'red' }), 'deny');
    assert.equal(result('{headers: ["X-Team"]}', {}), 'deny');
    assert.equal(result('{headerMatches: [{name: X-Team, value: blue}]}', { 'x-team': 'blue' }), 'allow');
    assert.equal(result('{headerMatches: [{name: X-Team, value: blue}]}', {}), 'deny');
    assert.equal(result('{headerMatches: [{name: X-Team, value: blue, mismatch: LOG}]}', {}), 'allow');
    assert.equal(result('{headerMatches: [{name: X-Team, secret: {name: s}}]}', {}), 'unknown');
    assert.equal(outcome([rule('{method: GET}')], { ...ASKED, http: undefined }).result, 'unknown');
  });

  it('rests on mutual authentication where a rule requires it', () => {
    const rule = (mode: string) => named('auth', `  ingress: [{fromEntities: [all], authentication: {mode: ${mode}}}]`);
    const path = pathOf([...BASE, rule('required')], ASKED);
    assert.equal(path.outcome.result, 'allow');
    assert.ok(path.assume.some((text) => text.includes('mutual authentication')));
    assert.deepEqual(outcome([rule('test-always-fail')]), refused('auth'));
  });

  describe('about what leaves', () => {
    const egress = (spec: string) => policy(`  egress: [${spec}]`).replace('app: api', 'app: web');
    const away: PathRequest = { from: 'shop/web', to: { host: 'www.example.com', port: 443 } };
    const READ = 'toPorts: [{ports: [{port: "80"}], rules: {http: [{method: GET}]}}]';

    it('goes through the Envoy of the client where requests are read', () => {
      const path = pathOf([...BASE, egress(`{toEndpoints: [{matchLabels: {app: api}}], ${READ}}`)], ASKED);
      assert.deepEqual(
        path.nodes.map(({ id }) => id),
        ['app:shop/web', 'ce:node-a', 'cn:node-a', 'ce:node-b', 'app:shop/api'],
      );
      const reading = pathOf([...BASE, egress(`{${READ}}`)], { ...ASKED, http: { method: 'PUT', path: '/' } });
      assert.deepEqual(reading.outcome, {
        result: 'deny',
        at: 'cn:node-a',
        by: 'CiliumNetworkPolicy/shop/api',
        signal: 'HTTP 403',
      });
      assert.equal(pathOf([...BASE, egress(`{${READ}}`)], ASKED).outcome.result, 'allow');
    });

    it('knows hosts by name and by pattern, and Services by name', () => {
      const result = (entry: string, request: PathRequest = away) => outcome([egress(entry)], request).result;
      assert.equal(result('{toFQDNs: [{matchName: www.example.com}]}'), 'allow');
      assert.equal(result('{toFQDNs: [{matchName: example.com}]}'), 'deny');
      assert.equal(result('{toFQDNs: [{matchPattern: "*.example.com"}]}'), 'allow');
      assert.equal(result('{toFQDNs: [{matchPattern: "*.example.org"}]}'), 'deny');
      assert.equal(result('{toFQDNs: [{matchPattern: "w*w.ex*le.com"}]}'), 'allow');
      assert.equal(result('{toCIDR: [10.0.0.0/8]}'), 'unknown');
      assert.equal(result('{toServices: [{k8sService: {serviceName: api}}]}', ASKED), 'allow');
      assert.equal(result('{toServices: [{k8sService: {serviceName: other}}]}', ASKED), 'deny');
    });
  });
});

describe('what Cilium is known by', () => {
  const route = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: api, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: api}]
  rules: [{matches: [{path: {value: /api}}], backendRefs: [{name: api, port: 80}]}]`;
  const config = (data: string) => `
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-config, namespace: kube-system}
data: {${data}}`;
  const kinds = (documents: readonly string[]) =>
    pathOf([...BASE, ...documents], ASKED)
      .nodes.map(({ kind }) => kind)
      .join(' ');

  it('is its ConfigMap, which also says how nodes encrypt', () => {
    const path = pathOf([...BASE, config('enable-ipsec: "true"')], ASKED);
    assert.equal(path.legs[1]?.underlay, 'ipsec');
    assert.ok(path.assume.every((text) => !text.includes('meshpath.cilium.encryption')));
    assert.equal(pathOf([...BASE, config('debug: "false"')], ASKED).legs[1]?.underlay, undefined);
  });

  it('is the routes of Services that no other mesh could follow, which is said (GAMMA)', () => {
    const through = 'app cilium-ebpf cilium-envoy';
    assert.equal(kinds([route]), through, 'no rule matches, so that the path ends');
    assert.ok(pathOf([...BASE, route], ASKED).assume.some((text) => text.startsWith('Cilium is the mesh')));
    assert.equal(pathOf([...BASE, route], ASKED).outcome.signal, 'HTTP 404');
    const meshed = namespace('mesh', { 'istio.io/dataplane-mode': 'ambient' });
    assert.equal(kinds([route, meshed, pod('mesh', 'other')]), 'app app');
  });

  it('lets the policies of the server see what a route has made of the request', () => {
    const rewriting = route
      .replace('{value: /api}', '{value: /}')
      .replace(
        'backendRefs:',
        'filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: /new}}}], backendRefs:',
      );
    const reading = (path: string) =>
      policy(`  ingress: [{toPorts: [{ports: [{port: "80"}], rules: {http: [{path: ${path}}]}}]}]`);
    const result = (path: string) => pathOf([...BASE, rewriting, reading(path)], ASKED).outcome.result;
    assert.equal(result('/new'), 'allow');
    assert.equal(result('/'), 'deny');
  });

  it('is its Gateways, which its policies know as ingress', () => {
    const gateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: in, namespace: shop}
spec: {gatewayClassName: cilium, listeners: [{name: http, port: 80, protocol: HTTP}]}`;
    const from = { ...ASKED, from: 'gateway:shop/in' };
    const outcome = (entity: string) =>
      pathOf([...BASE, gateway, policy(`  ingress: [{fromEntities: [${entity}]}]`)], from).outcome.result;
    assert.deepEqual(legsOf(pathOf([...BASE, gateway], from)), [
      'gw:shop/in -plaintext:80-> ce:node-b',
      'ce:node-b -node-redirect:80-> app:shop/api',
    ]);
    assert.equal(outcome('ingress'), 'allow');
    assert.equal(outcome('cluster'), 'allow');
    assert.equal(outcome('world'), 'deny');
  });

  it('lets requests from outside in by its Gateways, along their routes or not at all', () => {
    const gateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: in, namespace: shop}
spec: {gatewayClassName: cilium, listeners: [{name: http, port: 80, protocol: HTTP}]}`;
    const led = route.replace('{group: "", kind: Service, name: api}', '{name: in}');
    const from = (path: string): PathRequest => ({
      from: 'outside',
      to: { host: 'shop.example.com', port: 80 },
      http: { method: 'GET', path },
    });
    const path = pathOf([...BASE, gateway, led], from('/api'));
    assert.deepEqual(
      path.nodes.map(({ id }) => id),
      ['ext:outside', 'gw:shop/in', 'ce:node-b', 'app:shop/api'],
    );
    const lost = pathOf([...BASE, gateway, led], from('/other')).outcome;
    assert.deepEqual([lost.result, lost.at, lost.signal], ['deny', 'gw:shop/in', 'HTTP 404']);
    const onlyWorld = policy('  ingress: [{fromEntities: [world]}]');
    assert.equal(pathOf([...BASE, gateway, led, onlyWorld], from('/api')).outcome.at, 'ce:node-b');
  });

  it('is the label for its mutual TLS, behind which policies see one port', () => {
    const documents = [
      namespace('shop', { 'io.cilium/mtls-enabled': 'true' }),
      pod('shop', 'web'),
      pod('shop', 'api'),
      service('shop', 'api'),
    ];
    assert.deepEqual(legsOf(pathOf(documents, ASKED)), [
      'app:shop/web -capture:15001-> zt:shop/web',
      'zt:shop/web -hbone:15008-> zt:shop/api',
      'zt:shop/api -deliver:80-> app:shop/api',
    ]);
    const open = (port: number) => policy(`  ingress: [{toPorts: [{ports: [{port: "${port}"}]}]}]`);
    assert.equal(pathOf([...documents, open(80)], ASKED).outcome.result, 'deny');
    assert.equal(pathOf([...documents, open(15008)], ASKED).outcome.result, 'allow');
  });
});

describe("Cilium's policies under Istio", () => {
  const ambient = [
    namespace('shop', { 'istio.io/dataplane-mode': 'ambient' }),
    pod('shop', 'web'),
    pod('shop', 'api'),
    service('shop', 'api'),
  ];
  const open = (port: number) => policy(`  ingress: [{toPorts: [{ports: [{port: "${port}"}]}]}]`);

  it('see the port of the tunnel, and no requests in it', () => {
    assert.deepEqual(pathOf([...ambient, open(80)], ASKED).outcome, {
      result: 'deny',
      at: 'zt:shop/api',
      by: 'CiliumNetworkPolicy/shop/api',
      signal: 'timeout',
    });
    assert.equal(pathOf([...ambient, open(15008)], ASKED).outcome.result, 'allow');
    assert.deepEqual(verdictsOf(pathOf([...ambient, open(15008)], ASKED)), [
      'CiliumNetworkPolicy/shop/api enforced at zt:shop/api (as-written)',
    ]);
  });
});
