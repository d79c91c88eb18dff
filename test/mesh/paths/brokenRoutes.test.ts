import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { hopPath } from '../../../server/src/core/mesh/paths/hopPath.ts';
import type { PathRequest } from '../../../server/src/core/mesh/paths/vocabulary.ts';
import { DEFAULT_SETTINGS } from '../../../server/src/core/settings.ts';
import { namespace, pod, service, waypoint, worldOf } from '../worldOf.ts';
import { INGRESS, istioGateway, result, SHOP, server, virtualService } from './edge.ts';
import { GET_ROOT, legsOf, pathOf } from './pathOf.ts';

/** Routes that lead nowhere, that files leave open, or that are no routes at all: said so, and never thrown. */

describe('routes that lead nowhere', () => {
  const ask = (rule: string) => {
    const { outcome, note } = pathOf([...SHOP, virtualService(`hosts: [api], http: [${rule}]`)], {
      from: 'shop/v2',
      to: { service: 'shop/api', port: 80 },
      http: GET_ROOT,
    });
    return [outcome.result, outcome.signal, note].filter(Boolean).join(': ');
  };

  it('fail on a port that a Service does not have', () => {
    assert.equal(
      ask('{route: [{destination: {host: v2, port: {number: 81}}}]}'),
      'deny: HTTP 503: VirtualService/shop/web sends to port 81 of Service shop/v2, which has no such port.',
    );
  });

  it('are unknown where the Service may be in the cluster, and where nothing is said', () => {
    assert.equal(
      ask('{route: [{destination: {host: gone}}]}'),
      'unknown: VirtualService/shop/web sends to gone.shop.svc.cluster.local, which is no Service of the workspace.',
    );
    assert.equal(ask('{route: []}'), 'unknown');
    assert.equal(ask('{timeout: 1s}'), 'unknown');
    assert.equal(ask('{route: [{destination: {host: v2}, weight: 0}]}'), 'unknown');
  });

  it('say which delegates are missing or go in a circle', () => {
    assert.equal(
      ask('{delegate: {name: gone}}'),
      'deny: HTTP 404: VirtualService shop/web delegates to shop/gone, which is not in the workspace.',
    );
    const part = virtualService('http: [{delegate: {name: part}}]', { name: 'part' });
    const { outcome, note } = pathOf(
      [...SHOP, part, virtualService('hosts: [api], http: [{delegate: {name: part}}]')],
      {
        from: 'shop/v2',
        to: { service: 'shop/api', port: 80 },
        http: GET_ROOT,
      },
    );
    assert.equal(outcome.result, 'unknown');
    assert.equal(note, 'VirtualService shop/web delegates in a circle: shop/part, shop/part.');
  });
});

describe('what files leave open', () => {
  it('is said of listeners that choose namespaces by labels that nobody has', () => {
    const documents = [
      `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: edge}
spec:
  gatewayClassName: istio
  listeners:
    - name: http
      port: 80
      protocol: HTTP
      allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: a}}}}`,
      `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: unseen}
spec: {parentRefs: [{name: web, namespace: edge}], rules: [{backendRefs: [{name: api, port: 80}]}]}`,
      pod('unseen', 'api'),
      service('unseen', 'api'),
    ];
    const { assume, nodes } = pathOf([...SHOP, ...documents], {
      from: 'outside',
      to: { host: 'shop.example.com', port: 80 },
      http: GET_ROOT,
    });
    assert.equal(nodes.at(-1)?.id, 'app:unseen/api');
    assert.match(assume.join('\n'), /by the labels of Namespace unseen, which the workspace does not have/);
  });

  it('is the port of a gateway that a template writes', () => {
    const open = istioGateway('{port: {number: "{{ .Values.port }}", protocol: HTTP}, hosts: ["*"]}');
    assert.equal(result([...INGRESS, open]), 'ext:shop.example.com');
  });
});

const VALUES = ['null', '"{{ .Values.x }}"', '[[1], null]', '[{a: {b: 1}}]', '{a: 3}', '[{match: 3, route: x}]'];

const VS_FIELDS = ['hosts', 'gateways', 'exportTo', 'http', 'tls', 'tcp'];
const RULE_FIELDS = [
  'match',
  'route',
  'rewrite',
  'headers',
  'delegate',
  'redirect',
  'fault',
  'mirror',
  'mirrors',
  'directResponse',
];
const ROUTE_FIELDS = ['parentRefs', 'hostnames', 'rules'];
const GATEWAY_FIELDS = ['selector', 'servers', 'listeners', 'allowedListeners', 'gatewayClassName'];

function resource(kind: string, group: string, spec: string): string {
  return `
apiVersion: ${group}/v1
kind: ${kind}
metadata: {name: web, namespace: shop}
spec: {${spec}}`;
}

/** One resource for each field and value, with what it needs besides to be found. */
function broken(): string[] {
  const istio = 'networking.istio.io';
  const standard = 'gateway.networking.k8s.io';
  const parent = 'parentRefs: [{group: "", kind: Service, name: api}]';
  return VALUES.flatMap((value) => [
    ...VS_FIELDS.map((field) =>
      resource('VirtualService', istio, `${field === 'hosts' ? '' : 'hosts: [api], '}${field}: ${value}`),
    ),
    ...RULE_FIELDS.map((field) => resource('VirtualService', istio, `hosts: [api], http: [{${field}: ${value}}]`)),
    ...['match', 'route'].flatMap((field) =>
      ['tls', 'tcp'].map((section) =>
        resource('VirtualService', istio, `hosts: [api], ${section}: [{${field}: ${value}}]`),
      ),
    ),
    ...['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'].flatMap((kind) => [
      ...ROUTE_FIELDS.map((field) =>
        resource(kind, standard, `${field === 'parentRefs' ? '' : `${parent}, `}${field}: ${value}`),
      ),
      ...['matches', 'filters', 'backendRefs'].map((field) =>
        resource(kind, standard, `${parent}, rules: [{${field}: ${value}}]`),
      ),
    ]),
    ...GATEWAY_FIELDS.flatMap((field) => [
      resource('Gateway', istio, `${field}: ${value}`),
      resource('Gateway', standard, `${field}: ${value}`),
    ]),
    resource('ListenerSet', standard, `parentRef: {name: web}, listeners: ${value}`),
    resource('BackendTLSPolicy', standard, `targetRefs: ${value}`),
    resource('ServiceProfile', 'linkerd.io', `dstOverrides: ${value}`).replace(
      'name: web',
      'name: api.shop.svc.cluster.local',
    ),
  ]);
}

const REQUESTS: readonly PathRequest[] = [
  { from: 'shop/web', to: { service: 'shop/api', port: 80 }, http: GET_ROOT },
  { from: 'shop/web', to: { service: 'shop/api', port: 80 } },
  { from: 'outside', to: { host: 'api', port: 80 }, http: GET_ROOT },
  { from: 'gateway:edge/ingress', to: { service: 'shop/api', port: 80 }, http: GET_ROOT },
];

describe('resources that are no routes', () => {
  const clients: Readonly<Record<string, readonly string[]>> = {
    sidecar: [namespace('shop', { 'istio-injection': 'enabled' }), pod('shop', 'web')],
    waypoint: [
      namespace('shop', { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'wp' }),
      waypoint('shop', 'wp'),
      pod('shop', 'web'),
    ],
    linkerd: [namespace('shop'), pod('shop', 'web', { annotations: { 'linkerd.io/inject': 'enabled' } })],
  };
  for (const [mesh, documents] of Object.entries(clients)) {
    it(`give an answer with connected legs: ${mesh}`, () => {
      const shop = [...documents, pod('shop', 'api'), service('shop', 'api'), ...INGRESS];
      const open = istioGateway(server(80, 'HTTP', '"*"'));
      for (const text of broken()) {
        const context = { world: worldOf(...shop, open, text), settings: DEFAULT_SETTINGS, hypothesis: undefined };
        for (const request of REQUESTS) {
          const answer = hopPath(context, request);
          assert.match(answer.outcome.result, /^(?:allow|deny|unknown)$/);
          assert.equal(legsOf(answer).length, Math.max(answer.nodes.length - 1, 0), text);
        }
      }
    });
  }
});
