import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { namespace, pod, service } from '../worldOf.ts';
import { GET_ROOT, pathOf } from './pathOf.ts';

/** Requests that change on their way: policies are asked about what comes to their proxy. */

const SIDECARS = [
  namespace('shop', { 'istio-injection': 'enabled' }),
  pod('shop', 'web'),
  ...['api', 'v1', 'v2'].flatMap((name) => [pod('shop', name), service('shop', name)]),
];

function virtualService(rule: string): string {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: api, namespace: shop}
spec: {hosts: [api], http: [{route: [{destination: {host: api}}], ${rule}}]}`;
}

function allow(operation: string, when = ''): string {
  return `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: some, namespace: shop}
spec: {selector: {matchLabels: {app: api}}, action: ALLOW, rules: [{to: [{operation: {${operation}}}]${when}}]}`;
}

const HTTP = { to: { service: 'shop/api', port: 80 }, from: 'shop/web', http: GET_ROOT };

describe('requests that a route changes', () => {
  it('are judged behind it by their new path, host and headers', () => {
    const table: readonly [rule: string, policy: string, result: string][] = [
      ['rewrite: {uri: /v2/}', allow('paths: [/v2/*]'), 'allow'],
      ['rewrite: {uri: /v2/}', allow('paths: [/]'), 'deny'],
      ['rewrite: {authority: inner.example}', allow('hosts: [inner.example]'), 'allow'],
      ['rewrite: {authority: inner.example}', allow('hosts: [api.shop.svc.cluster.local]'), 'deny'],
      [
        'headers: {request: {set: {x-beta: "1"}}}',
        allow('methods: [GET]', ', when: [{key: "request.headers[x-beta]", values: ["1"]}]'),
        'allow',
      ],
      ['timeout: 1s, retries: {attempts: 3}', allow('paths: [/]'), 'allow'],
    ];
    for (const [rule, policy, expected] of table) {
      const { outcome } = pathOf([...SIDECARS, virtualService(rule), policy], HTTP);
      assert.equal(outcome.result, expected, rule);
    }
  });

  it('are judged behind a destination by the headers that it sets', () => {
    const route = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: api, namespace: shop}
spec:
  hosts: [api]
  http: [{route: [{destination: {host: api}, headers: {request: {set: {x-beta: "1"}}}}]}]`;
    for (const [value, expected] of Object.entries({ 1: 'allow', 2: 'deny' })) {
      const policy = allow('methods: [GET]', `, when: [{key: "request.headers[x-beta]", values: ["${value}"]}]`);
      assert.equal(pathOf([...SIDECARS, route, policy], HTTP).outcome.result, expected);
    }
  });

  it('are judged as they were where files do not say what becomes of them, and the answer says so', () => {
    const rule = 'rewrite: {uri: "{{ .Values.path }}"}';
    const { outcome, assume } = pathOf([...SIDECARS, virtualService(rule), allow('paths: [/]')], HTTP);
    assert.equal(outcome.result, 'allow');
    assert.match(assume.join('\n'), /makes of the path cannot be told from files/);
  });

  it('are judged at the proxy that changes them as they come to it', () => {
    const documents = [
      namespace('shop', { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'wp' }),
      pod('shop', 'web'),
      pod('shop', 'api'),
      service('shop', 'api'),
      `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}`,
      virtualService('rewrite: {uri: /v2/}'),
      allow('paths: [/]').replace(
        'selector: {matchLabels: {app: api}}',
        'targetRefs: [{kind: Service, group: "", name: api}]',
      ),
    ];
    assert.equal(pathOf(documents, HTTP).outcome.result, 'allow');
  });
});

describe('rules that answer, abort and copy', () => {
  it('end the request where they stand', () => {
    for (const [rule, signal] of [
      ['redirect: {uri: /x, redirectCode: 308}', 'HTTP 308'],
      ['directResponse: {status: 418}', 'HTTP 418'],
      ['fault: {abort: {httpStatus: 503, percentage: {value: 100}}}', 'HTTP 503'],
      ['fault: {abort: {grpcStatus: UNAVAILABLE, percentage: {value: 100}}}', 'gRPC UNAVAILABLE'],
    ] as const) {
      const documents = [...SIDECARS, virtualService(rule).replace('route: [{destination: {host: api}}], ', '')];
      assert.deepEqual(pathOf(documents, HTTP).outcome, {
        result: 'deny',
        at: 'sc:shop/web',
        by: 'VirtualService/shop/api',
        signal,
      });
    }
  });

  it('say which share of requests they abort', () => {
    const rule = 'fault: {abort: {httpStatus: 503, percentage: {value: 10}}}';
    const { outcome, assume } = pathOf([...SIDECARS, virtualService(rule)], HTTP);
    assert.equal(outcome.result, 'allow');
    assert.deepEqual(
      assume.filter((sentence) => sentence.includes('aborts')),
      ['VirtualService/shop/api aborts 10 % of requests; this one is not among them.'],
    );
  });

  it('show the copies', () => {
    const { routes } = pathOf([...SIDECARS, virtualService('mirror: {host: v1}')], HTTP);
    assert.deepEqual(routes[0]?.mirrors, ['v1.shop.svc.cluster.local']);
  });
});

describe('Linkerd', () => {
  const LINKERD = { annotations: { 'linkerd.io/inject': 'enabled' } };
  const shop = [
    namespace('shop'),
    pod('shop', 'web', LINKERD),
    ...['api', 'v1', 'v2'].flatMap((name) => [pod('shop', name, LINKERD), service('shop', name)]),
  ];
  const profile = (overrides: string, inNamespace = 'shop') => `
apiVersion: linkerd.io/v1alpha2
kind: ServiceProfile
metadata: {name: api.shop.svc.cluster.local, namespace: ${inNamespace}}
spec: {dstOverrides: [${overrides}]}`;
  const to = (name: string, weight: string) => `{authority: "${name}.shop.svc.cluster.local:80", weight: ${weight}}`;

  it('sends requests where a ServiceProfile says, by share', () => {
    for (const [first, second, expected] of [
      ['500m', '1', 'v2'],
      ['1500m', '1', 'v1'],
      ['"0.5"', '400m', 'v1'],
      ['0', '1', 'v2'],
    ] as const) {
      const answer = pathOf([...shop, profile(`${to('v1', first)}, ${to('v2', second)}`)], HTTP);
      assert.equal(answer.nodes.at(-1)?.id, `app:shop/${expected}`, `${first} ${second}`);
      assert.equal(answer.routes[0]?.ref, 'ServiceProfile/shop/api.shop.svc.cluster.local');
      assert.equal(answer.routes[0]?.destinations.length, 2);
    }
  });

  it('does not guess where a share cannot be read', () => {
    const { outcome } = pathOf([...shop, profile(to('v1', '"{{ .Values.share }}"'))], HTTP);
    assert.equal(outcome.result, 'unknown');
  });

  it('judges requests behind a route by their new headers', () => {
    const route = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: out, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: api}]
  rules:
    - filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-beta, value: "1"}]}}]
      backendRefs: [{name: api, port: 80}]`;
    const inbound = (value: string) => `
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: {name: api, namespace: shop}
spec: {podSelector: {matchLabels: {app: api}}, port: 80, proxyProtocol: HTTP/1, accessPolicy: all-unauthenticated}
---
apiVersion: policy.linkerd.io/v1beta3
kind: HTTPRoute
metadata: {name: in, namespace: shop}
spec:
  parentRefs: [{group: policy.linkerd.io, kind: Server, name: api}]
  rules: [{matches: [{headers: [{name: x-beta, value: "${value}"}]}]}]`;
    assert.equal(pathOf([...shop, route, inbound('1')], HTTP).outcome.result, 'allow');
    assert.equal(pathOf([...shop, route, inbound('2')], HTTP).outcome.signal, 'HTTP 404');
  });
});
