import assert from 'node:assert/strict';
import { requestFor } from '../../server/src/core/features/hopPathAt.ts';
import type { PathRequest } from '../../server/src/core/mesh/paths/vocabulary.ts';
import { DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';
import { worldOf } from '../mesh/worldOf.ts';

// Which request is shown for a resource: what clients address, who asks, and what the request says.

const SHOP = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: tcp-peers, port: 7000}, {name: http, port: 80, targetPort: 8080}, {port: 90, targetPort: 9090}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{name: tcp-db, port: 5432}]}
---
${deployment('cart', 'cart', '[{containerPort: 8080}, {name: admin, containerPort: 9090}]')}
---
${deployment('db', 'db', '[{containerPort: 5432}]')}
---
${deployment('web', 'web', '[]')}
---
${deployment('zed', 'auditor', '[]')}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingress, namespace: edge}
spec: {template: {metadata: {labels: {istio: ingressgateway}}, spec: {containers: []}}}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: front, namespace: edge}
spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, protocol: HTTP}, hosts: ['*']}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: door, namespace: edge}
spec: {gatewayClassName: istio, listeners: [{name: web, port: 80, protocol: HTTP}]}
---
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: {name: cart-admin, namespace: shop}
spec: {podSelector: {matchLabels: {app: cart}}, port: admin}
`;

function deployment(name: string, account: string, ports: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec: {template: {metadata: {labels: {app: ${name}}}, spec: {serviceAccountName: ${account}, containers: [{name: c, ports: ${ports}}]}}}`;
}

/** The request for a resource of the shop, with the cursor at a mark if there is one. */
function requestOf(apiVersion: string, kind: string, spec: string, name = 'subject'): PathRequest | undefined {
  const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`;
  const offset = text.indexOf('$0');
  const world = worldOf(SHOP, text.replace('$0', ''));
  const located = world.all.find((candidate) => candidate.resource.kind === kind && candidate.name === name);
  assert.ok(located, 'the resource is in the world');
  const context = { world, settings: DEFAULT_SETTINGS, hypothesis: undefined };
  return requestFor(context, located, offset === -1 ? 0 : offset);
}

const GET = { method: 'GET', path: '/' };
const CART = { service: 'shop/cart', port: 80 };

describe('the request for a resource', () => {
  it('prefers the port that speaks HTTP, and is no HTTP where none does', () => {
    const authorization = (app: string) =>
      requestOf('security.istio.io/v1', 'PeerAuthentication', `{selector: {matchLabels: {app: ${app}}}}`);
    assert.deepEqual(authorization('cart'), { from: 'shop/db', to: CART, http: GET });
    assert.deepEqual(authorization('db'), {
      from: 'shop/cart',
      to: { service: 'shop/db', port: 5432 },
      http: undefined,
    });
  });

  it('comes from the caller that an AuthorizationPolicy names, and asks what its rule is about', () => {
    const rules = (source: string) =>
      `{selector: {matchLabels: {app: cart}}, rules: [{from: [{source: ${source}}], to: [{operation: {methods: [POST], paths: [/admin/*]}}]}]}`;
    const asked = { from: 'shop/zed', to: CART, http: { method: 'POST', path: '/admin/' } };
    const policy = (source: string) => requestOf('security.istio.io/v1', 'AuthorizationPolicy', rules(source));
    assert.deepEqual(policy('{principals: [cluster.local/ns/shop/sa/auditor]}'), asked);
    assert.deepEqual(policy('{serviceAccounts: [auditor]}'), asked);
    assert.deepEqual(policy('{serviceAccounts: [shop/auditor]}'), asked);
    assert.equal(policy('{namespaces: [edge]}')?.from, 'edge/ingress');
    assert.equal(policy('{principals: ["*"]}')?.from, 'shop/db');
  });

  it('comes from the gateway that a policy or a route is for', () => {
    const policy = '{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: door}]}';
    assert.equal(requestOf('security.istio.io/v1', 'AuthorizationPolicy', policy), undefined, 'no route leads on');
    const route =
      '{parentRefs: [{name: door, namespace: edge}], hostnames: ["*.shop.example"], rules: [{backendRefs: [{name: cart, port: 80}]}]}';
    assert.deepEqual(requestOf('gateway.networking.k8s.io/v1', 'HTTPRoute', route), {
      from: 'gateway:edge/door',
      to: CART,
      http: { ...GET, host: 'www.shop.example' },
    });
    const virtual = (gateways: string) =>
      requestOf(
        'networking.istio.io/v1',
        'VirtualService',
        `{hosts: [shop.example], ${gateways} http: [{route: [{destination: {host: cart}}]}]}`,
      );
    assert.deepEqual(virtual('gateways: [edge/front],'), {
      from: 'gateway:edge/ingress',
      to: CART,
      http: { ...GET, host: 'shop.example' },
    });
    assert.equal(virtual('')?.from, 'shop/db');
  });

  it('says what the rule at the cursor asks for', () => {
    const service = `{hosts: [cart], http: [
      {match: [{uri: {prefix: /first}}], route: [{destination: {host: cart}}]},
      {match: [{uri: {exact: /one}}, {uri: {exact: /items$0}, method: {exact: PUT}, headers: {X-Team: {exact: blue}}}],
       route: [{destination: {host: cart}}]}]}`;
    assert.deepEqual(requestOf('networking.istio.io/v1', 'VirtualService', service)?.http, {
      method: 'PUT',
      path: '/items',
      headers: { 'x-team': 'blue' },
    });
    const grpc = `{parentRefs: [{group: '', kind: Service, name: cart}], rules: [{matches: [{method: {service: Cart, method: Add}}]}]}`;
    assert.deepEqual(requestOf('gateway.networking.k8s.io/v1', 'GRPCRoute', grpc)?.http, {
      method: 'POST',
      path: '/Cart/Add',
    });
  });

  it('is a connection for routes of connections', () => {
    const virtual = '{hosts: [cart], tcp: [{route: [{destination: {host: cart}}]}]}';
    const tcp = requestOf('networking.istio.io/v1', 'VirtualService', virtual);
    assert.deepEqual(tcp, { from: 'shop/db', to: CART, http: undefined });
    const route = `{parentRefs: [{group: '', kind: Service, name: cart}], rules: [{backendRefs: [{name: cart, port: 7000}]}]}`;
    for (const kind of ['TCPRoute', 'TLSRoute'])
      assert.deepEqual(requestOf('gateway.networking.k8s.io/v1alpha2', kind, route)?.http, undefined);
  });

  it('goes to the port of the Server that a policy of Linkerd is for', () => {
    const admin = { service: 'shop/cart', port: 90 };
    const target = (kind: string, name: string, references = '[]') =>
      requestOf(
        'policy.linkerd.io/v1alpha1',
        'AuthorizationPolicy',
        `{targetRef: {group: policy.linkerd.io, kind: ${kind}, name: ${name}}, requiredAuthenticationRefs: ${references}}`,
      );
    assert.deepEqual(target('Server', 'cart-admin'), { from: 'shop/db', to: admin, http: GET });
    assert.deepEqual(target('Server', 'cart-admin', '[{kind: ServiceAccount, name: auditor}]')?.from, 'shop/zed');
    assert.deepEqual(target('Namespace', 'shop')?.to, admin);
    assert.equal(target('Namespace', 'other'), undefined);
    assert.equal(target('Server', 'none'), undefined);
    const authorization = '{server: {name: cart-admin}, client: {meshTLS: {serviceAccounts: [{name: auditor}]}}}';
    assert.deepEqual(requestOf('policy.linkerd.io/v1beta1', 'ServerAuthorization', authorization), {
      from: 'shop/zed',
      to: admin,
      http: GET,
    });
    const limit =
      '{targetRef: {group: policy.linkerd.io, kind: Server, name: cart-admin}, total: {requestsPerSecond: 5}}';
    assert.deepEqual(requestOf('policy.linkerd.io/v1alpha1', 'HTTPLocalRateLimitPolicy', limit)?.to, admin);
    const route =
      '{parentRefs: [{group: policy.linkerd.io, kind: Server, name: cart-admin}], rules: [{matches: [{path: {value: /metrics}}]}]}';
    assert.deepEqual(requestOf('policy.linkerd.io/v1beta3', 'HTTPRoute', route), {
      from: 'shop/db',
      to: admin,
      http: { method: 'GET', path: '/metrics' },
    });
  });

  it('is one that the route matches which a policy of Linkerd is for', () => {
    const route = `apiVersion: policy.linkerd.io/v1beta3
kind: HTTPRoute
metadata: {name: metrics, namespace: shop}
spec: {parentRefs: [{group: policy.linkerd.io, kind: Server, name: cart-admin}], rules: [{matches: [{path: {value: /metrics}}]}]}
---
apiVersion: policy.linkerd.io/v1alpha1
kind: AuthorizationPolicy
metadata: {name: scrape, namespace: shop}
spec: {targetRef: {group: policy.linkerd.io, kind: HTTPRoute, name: metrics}, requiredAuthenticationRefs: []}`;
    const world = worldOf(SHOP, route);
    const policy = world.find('policy.linkerd.io/AuthorizationPolicy', 'shop', 'scrape');
    assert.ok(policy);
    assert.deepEqual(requestFor({ world, settings: DEFAULT_SETTINGS, hypothesis: undefined }, policy), {
      from: 'shop/db',
      to: { service: 'shop/cart', port: 90 },
      http: { method: 'GET', path: '/metrics' },
    });
  });

  it('goes to what traffic rules are about', () => {
    const rule = requestOf('networking.istio.io/v1', 'DestinationRule', '{host: cart.shop.svc.cluster.local}');
    assert.deepEqual(rule, { from: 'shop/db', to: CART, http: GET });
    const entry = requestOf(
      'networking.istio.io/v1',
      'ServiceEntry',
      '{hosts: ["*.wild.example", api.example], ports: [{number: 443, name: tls, protocol: TLS}]}',
    );
    assert.deepEqual(entry?.to, { host: 'api.example', port: 443 });
    const profile = requestOf('linkerd.io/v1alpha2', 'ServiceProfile', '{}', 'cart.shop.svc.cluster.local');
    assert.deepEqual(profile?.to, CART);
  });

  it('comes from the workloads of a Sidecar, and goes to what it lets them reach', () => {
    const sidecar = '{workloadSelector: {labels: {app: web}}, egress: [{hosts: [./cart.shop.svc.cluster.local]}]}';
    assert.deepEqual(requestOf('networking.istio.io/v1', 'Sidecar', sidecar), {
      from: 'shop/web',
      to: CART,
      http: GET,
    });
    const everything = '{workloadSelector: {labels: {app: web}}, egress: [{hosts: ["*/*"]}]}';
    assert.deepEqual(requestOf('networking.istio.io/v1', 'Sidecar', everything)?.to, CART);
  });

  it('comes from a workload that serves nobody', () => {
    const world = worldOf(SHOP);
    const located = world.find('apps/Deployment', 'shop', 'web');
    assert.ok(located);
    const context = { world, settings: DEFAULT_SETTINGS, hypothesis: undefined };
    assert.deepEqual(requestFor(context, located), { from: 'shop/web', to: CART, http: GET });
  });

  it('goes to the first Service of a Namespace', () => {
    const world = worldOf(SHOP);
    const located = world.find('/Namespace', '', 'shop');
    assert.ok(located);
    const request = requestFor({ world, settings: DEFAULT_SETTINGS, hypothesis: undefined }, located);
    assert.deepEqual(request, { from: 'shop/db', to: CART, http: GET });
  });
});
