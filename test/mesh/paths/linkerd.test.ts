import assert from 'node:assert/strict';
import { DEFAULT_SETTINGS } from '../../../server/src/core/settings.ts';
import { GET_ROOT, legsOf, pathOf, verdictsOf } from './pathOf.ts';

const WEB = 'dns:web.shop.serviceaccount.identity.linkerd.cluster.local';

function meshed(name: string, annotations: Record<string, string> = {}): string {
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: {
      template: {
        metadata: { labels: { app: name }, annotations: { 'linkerd.io/inject': 'enabled', ...annotations } },
        spec: {
          serviceAccountName: name,
          containers: [
            {
              name: 'app',
              ports: [{ name: 'http', containerPort: 8080 }],
              readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
            },
          ],
        },
      },
    },
  });
}

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}';
const API_SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  selector: {app: api}
  ports: [{name: http, port: 80, targetPort: http}]`;
const SERVER = `
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: {name: api, namespace: shop}
spec: {podSelector: {matchLabels: {app: api}}, port: http}`;
const BASE = [NAMESPACE, meshed('web'), meshed('api'), API_SERVICE];
const ASKED = { from: 'shop/web', to: { service: 'shop/api', port: 80 }, http: GET_ROOT };

function policy(target: string, references: readonly string[]): string {
  return `
apiVersion: policy.linkerd.io/v1alpha1
kind: AuthorizationPolicy
metadata: {name: allow, namespace: shop}
spec:
  targetRef: ${target}
  requiredAuthenticationRefs: [${references.join(', ')}]`;
}

const ON_SERVER = '{group: policy.linkerd.io, kind: Server, name: api}';
const IDENTITIES = '{group: policy.linkerd.io, kind: MeshTLSAuthentication, name: clients}';

function identities(spec: string): string {
  return `
apiVersion: policy.linkerd.io/v1alpha1
kind: MeshTLSAuthentication
metadata: {name: clients, namespace: shop}
spec: ${spec}`;
}

describe('hop paths in Linkerd', () => {
  it('go through both proxies with mutual TLS, to Services and to pods alike', () => {
    const legs = [
      'app:shop/web -capture:4140-> lo:shop/web',
      `lo:shop/web -linkerd-mtls:4143-> li:shop/api as ${WEB}`,
      'li:shop/api -deliver:8080-> app:shop/api',
    ];
    assert.deepEqual(legsOf(pathOf(BASE, ASKED)), legs);
    assert.deepEqual(legsOf(pathOf(BASE, { ...ASKED, to: { pod: 'shop/api', port: 8080 } })), legs);
  });

  it('carry the trust domain and the control plane of the settings in the identity', () => {
    const linkerd = { ...DEFAULT_SETTINGS.linkerd, trustDomain: 'prod.example', controlPlaneNamespace: 'mesh' };
    const path = pathOf(BASE, ASKED, { settings: { linkerd } });
    assert.equal(path.legs[1]?.peerIdentitySeen, 'dns:web.shop.serviceaccount.identity.mesh.prod.example');
  });

  it('leave the outbound proxy out for skipped ports, and the inbound one for those of the server', () => {
    const client = meshed('web', { 'config.linkerd.io/skip-outbound-ports': '80' });
    const outbound = pathOf([NAMESPACE, client, meshed('api'), API_SERVICE], ASKED);
    assert.deepEqual(legsOf(outbound), [
      'app:shop/web -plaintext:8080-> li:shop/api',
      'li:shop/api -deliver:8080-> app:shop/api',
    ]);
    const server = meshed('api', { 'config.linkerd.io/skip-inbound-ports': '8080' });
    const inbound = pathOf([NAMESPACE, meshed('web'), server, API_SERVICE, SERVER], ASKED);
    assert.deepEqual(legsOf(inbound).at(-1), 'lo:shop/web -plaintext:8080-> app:shop/api');
    assert.deepEqual(verdictsOf(inbound), ['Server/shop/api bypassed at li:shop/api (fail-open)']);
    assert.equal(inbound.outcome.result, 'allow');
  });

  it('end at the gateway of another cluster for a mirrored Service, whose identity is what is seen there', () => {
    const mirror = `
apiVersion: v1
kind: Service
metadata:
  name: api-west
  namespace: shop
  labels: {mirror.linkerd.io/mirrored-service: "true", mirror.linkerd.io/cluster-name: west}
  annotations:
    mirror.linkerd.io/remote-svc-fq-name: api.shop.svc.cluster.local
    mirror.linkerd.io/remote-gateway-identity: gw.west.serviceaccount.identity.linkerd.cluster.local
spec: {ports: [{port: 80}]}`;
    const path = pathOf([NAMESPACE, meshed('web'), mirror], {
      from: 'shop/web',
      to: { service: 'shop/api-west', port: 80 },
      http: GET_ROOT,
    });
    assert.equal(path.nodes[2]?.kind, 'linkerd-mc-gateway');
    assert.equal(path.legs[1]?.peerIdentitySeen, WEB);
    assert.equal(path.legs[2]?.peerIdentitySeen, 'dns:gw.west.serviceaccount.identity.linkerd.cluster.local');
  });
});

describe("Linkerd's inbound policies", () => {
  const outcome = (documents: readonly string[], request = ASKED, settings = {}) =>
    pathOf([...BASE, ...documents], request, { settings }).outcome;

  it('follow the default policy where no Server covers the port', () => {
    const authenticated = { linkerd: { ...DEFAULT_SETTINGS.linkerd, defaultInboundPolicy: 'all-authenticated' } };
    assert.equal(outcome([], { ...ASKED, from: 'outside' }).result, 'allow');
    assert.deepEqual(outcome([], { ...ASKED, from: 'outside' }, authenticated), {
      result: 'deny',
      at: 'li:shop/api',
      by: 'default-policy:all-authenticated',
      signal: 'HTTP 403',
    });
    assert.equal(outcome([], ASKED, authenticated).result, 'allow');
  });

  it('refuse everyone at a Server without authorizations, unless its access policy lets them in', () => {
    assert.deepEqual(outcome([SERVER]), {
      result: 'deny',
      at: 'li:shop/api',
      by: 'no-authorization',
      signal: 'HTTP 403',
    });
    const open = SERVER.replace('port: http', 'port: http, accessPolicy: all-unauthenticated');
    assert.equal(outcome([open]).result, 'allow');
    const grpc = SERVER.replace('port: http', 'port: http, proxyProtocol: gRPC');
    assert.equal(outcome([grpc]).signal, 'gRPC PERMISSION_DENIED');
    assert.equal(outcome([SERVER], { ...ASKED, http: undefined } as never).signal, 'connection closed');
  });

  it('match identities by name, by suffix and by reference to accounts and namespaces', () => {
    for (const [spec, result] of [
      ['{identities: [web.shop.serviceaccount.identity.linkerd.cluster.local]}', 'allow'],
      ['{identities: ["*.shop.serviceaccount.identity.linkerd.cluster.local"]}', 'allow'],
      ['{identities: ["*"]}', 'allow'],
      ['{identities: [other.shop.serviceaccount.identity.linkerd.cluster.local]}', 'deny'],
      ['{identityRefs: [{kind: ServiceAccount, name: web}]}', 'allow'],
      ['{identityRefs: [{kind: ServiceAccount, name: web, namespace: other}]}', 'deny'],
      ['{identityRefs: [{kind: Namespace, name: shop}]}', 'allow'],
      ['{identities: ["{{ .Values.client }}"]}', 'unknown'],
    ] as const) {
      assert.equal(outcome([SERVER, policy(ON_SERVER, [IDENTITIES]), identities(spec)]).result, result, spec);
    }
  });

  it('let everyone in where a policy requires nothing, and ignore one whose authentication is not there', () => {
    assert.equal(outcome([SERVER, policy(ON_SERVER, [])], { ...ASKED, from: 'outside' }).result, 'allow');
    const missing = pathOf([...BASE, SERVER, policy(ON_SERVER, [IDENTITIES])], ASKED);
    assert.equal(missing.outcome.by, 'no-authorization');
    assert.ok(verdictsOf(missing).includes('AuthorizationPolicy/shop/allow ignored (fail-closed)'));
  });

  it('take a ServerAuthorization without networks as limited to those of the cluster', () => {
    const authorization = `
apiVersion: policy.linkerd.io/v1beta1
kind: ServerAuthorization
metadata: {name: anyone, namespace: shop}
spec: {server: {name: api}, client: {unauthenticated: true}}`;
    assert.equal(outcome([SERVER, authorization]).result, 'allow');
    assert.equal(outcome([SERVER, authorization], { ...ASKED, from: 'outside' }).result, 'unknown');
    const everywhere = authorization.replace(
      'unauthenticated: true',
      'unauthenticated: true, networks: [{cidr: 0.0.0.0/0}]',
    );
    assert.equal(outcome([SERVER, everywhere], { ...ASKED, from: 'outside' }).result, 'allow');
  });

  it('answer 404 where routes are attached and none matches, probes included', () => {
    const route = `
apiVersion: policy.linkerd.io/v1beta3
kind: HTTPRoute
metadata: {name: read, namespace: shop}
spec:
  parentRefs: [{group: policy.linkerd.io, kind: Server, name: api}]
  rules: [{matches: [{path: {value: /items}, method: GET}]}]`;
    const onRoute = policy('{group: policy.linkerd.io, kind: HTTPRoute, name: read}', [IDENTITIES]);
    const documents = [SERVER, route, onRoute, identities('{identities: ["*"]}')];
    const probe = { from: 'kubelet', to: { pod: 'shop/api', port: 8080 }, http: { method: 'GET', path: '/ready' } };
    assert.equal(outcome(documents, { ...ASKED, http: { method: 'GET', path: '/items/1' } }).result, 'allow');
    assert.deepEqual(outcome(documents), { result: 'deny', at: 'li:shop/api', by: 'no-route', signal: 'HTTP 404' });
    assert.equal(outcome(documents, probe as never).by, 'no-route');
    assert.equal(outcome([SERVER], probe as never).result, 'allow');
    assert.equal(
      outcome([SERVER], { ...probe, http: { method: 'GET', path: '/other' } } as never).by,
      'no-authorization',
    );
  });

  it('say which Server is taken when several cover the port', () => {
    const later = SERVER.replace('name: api, namespace', 'name: zz, namespace');
    const path = pathOf([...BASE, SERVER, later], ASKED);
    assert.ok(verdictsOf(path).includes('Server/shop/zz shadowed (none)'));
    assert.equal(path.assume.length, 1);
  });
});

describe('EgressNetworks', () => {
  const egress = (policy: string) => `
apiVersion: policy.linkerd.io/v1alpha1
kind: EgressNetwork
metadata: {name: internet, namespace: shop}
spec: {trafficPolicy: ${policy}}`;
  const ROUTE = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: payments, namespace: shop}
spec:
  parentRefs: [{group: policy.linkerd.io, kind: EgressNetwork, name: internet, port: 80}]
  hostnames: [pay.example.com]
  rules: [{matches: [{path: {value: /charge}}]}]`;
  const asked = (host: string, path: string) => ({
    from: 'shop/web',
    to: { host, port: 80 },
    http: { method: 'POST', path },
  });
  const outcome = (documents: readonly string[], host: string, path = '/') =>
    pathOf([...BASE, ...documents], asked(host, path)).outcome;

  it('let through what a route describes, and the rest as their traffic policy says', () => {
    const refused = { result: 'deny', at: 'lo:shop/web', by: 'EgressNetwork/shop/internet', signal: 'HTTP 403' };
    assert.deepEqual(outcome([], 'example.com'), { result: 'allow' });
    assert.deepEqual(outcome([egress('Allow')], 'example.com'), { result: 'allow' });
    assert.deepEqual(outcome([egress('Deny')], 'example.com'), refused);
    assert.deepEqual(outcome([egress('Deny'), ROUTE], 'pay.example.com', '/charge'), { result: 'allow' });
    assert.deepEqual(outcome([egress('Deny'), ROUTE], 'pay.example.com', '/'), refused);
    assert.deepEqual(outcome([egress('Deny'), ROUTE], 'example.com', '/charge'), refused);
    assert.deepEqual(outcome([egress('Allow'), ROUTE], 'pay.example.com', '/'), { result: 'allow' });
  });

  it('do not hold clients without a proxy', () => {
    const bare = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bare', namespace: 'shop' } });
    const path = pathOf([...BASE, bare, egress('Deny')], { ...asked('example.com', '/'), from: 'shop/bare' });
    assert.equal(path.outcome.result, 'allow');
    assert.deepEqual(verdictsOf(path), ['EgressNetwork/shop/internet bypassed at lo:shop/bare (fail-open)']);
  });
});
