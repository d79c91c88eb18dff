import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  cameIn,
  INGRESS,
  istioGateway,
  PASSTHROUGH,
  result,
  SHOP,
  SIMPLE,
  server,
  TO_API,
  virtualService,
} from './edge.ts';
import { legsOf, pathOf } from './pathOf.ts';

describe('Istio Gateways', () => {
  const web = virtualService(
    `hosts: [shop.example.com], gateways: [edge/public], http: [{match: [{uri: {prefix: /a}}], ${TO_API}}]`,
  );
  const http = (hosts: string, tls = '') => [...INGRESS, istioGateway(server(80, 'HTTP', hosts, tls)), web];

  it('take requests in by host and port, and route them by the VirtualServices for them', () => {
    const answer = cameIn(http('"*"'), { path: '/a' });
    assert.deepEqual(legsOf(answer), [
      'ext:outside -plaintext:80-> gw:edge/ingress',
      'gw:edge/ingress -istio-mtls:80-> sc:shop/api as spiffe://cluster.local/ns/edge/sa/default',
      'sc:shop/api -deliver:80-> app:shop/api',
    ]);
    assert.deepEqual(answer.assume, [
      'shop.example.com leads to the gateway edge/ingress: what DNS and load balancers do is not in the files.',
    ]);
    assert.equal(result(http('"*"')), 'deny no-route gw:edge/ingress HTTP 404');
    assert.equal(result(http('"*"'), { path: '/a', port: 81 }), 'ext:shop.example.com');
    assert.equal(result(http('other.example.com'), { path: '/a' }), 'ext:shop.example.com');
    assert.equal(result(http('"*.example.com"'), { host: 'x.example.com' }), 'deny no-route gw:edge/ingress HTTP 404');
  });

  it('say of which namespaces VirtualServices may use a host', () => {
    assert.equal(result(http('shop/shop.example.com'), { path: '/a' }), 'app:shop/api');
    assert.equal(result(http('"*/*.example.com"'), { path: '/a' }), 'app:shop/api');
    assert.equal(result(http('./shop.example.com'), { path: '/a' }), 'deny no-route gw:edge/ingress HTTP 404');
    const hidden = [
      ...INGRESS,
      istioGateway(server(80, 'HTTP', '"*"')),
      web.replace('hosts:', 'exportTo: ["."], hosts:'),
    ];
    assert.equal(result(hidden, { path: '/a' }), 'ext:shop.example.com');
  });

  it('are not used by VirtualServices that do not name them', () => {
    const documents = (gateways: string) => [
      ...INGRESS,
      istioGateway(server(80, 'HTTP', 'shop.example.com')),
      virtualService(`hosts: [shop.example.com], ${gateways} http: [{${TO_API}}]`),
    ];
    for (const gateways of ['', 'gateways: [mesh],', 'gateways: [public],', 'gateways: [edge/other],'])
      assert.equal(result(documents(gateways)), 'deny no-route gw:edge/ingress HTTP 404', gateways);
    for (const gateways of ['gateways: [edge/public],', 'gateways: [mesh, edge/public],', 'gateways: [public.edge],'])
      assert.equal(result(documents(gateways)), 'app:shop/api', gateways);
  });

  it('give matches by gateway and port their meaning', () => {
    const documents = (match: string) => [
      ...INGRESS,
      istioGateway(server(80, 'HTTP', '"*"')),
      virtualService(
        `hosts: [shop.example.com], gateways: [mesh, edge/public], http: [{match: [{${match}}], ${TO_API}}]`,
      ),
    ];
    assert.equal(result(documents('port: 80')), 'app:shop/api');
    assert.equal(result(documents('port: 443')), 'deny no-route gw:edge/ingress HTTP 404');
    assert.equal(result(documents('gateways: [mesh]')), 'deny no-route gw:edge/ingress HTTP 404');
    assert.equal(result(documents('gateways: [edge/public]')), 'app:shop/api');
    assert.equal(result(documents('sourceLabels: {istio: ingress}')), 'app:shop/api');
  });

  it('join the VirtualServices of a host', () => {
    const more = virtualService(
      'hosts: [shop.example.com], gateways: [edge/public], http: [{route: [{destination: {host: v2}}]}]',
      {
        name: 'zzz',
      },
    );
    assert.equal(result([...http('"*"'), more], { path: '/a' }), 'app:shop/api');
    assert.equal(result([...http('"*"'), more], { path: '/b' }), 'app:shop/v2');
  });

  it('end the TLS of clients, or send those without it to HTTPS', () => {
    const servers = `${server(443, 'HTTPS', '"*"', SIMPLE)}, ${server(80, 'HTTP', '"*"', 'httpsRedirect: true')}`;
    const documents = [...INGRESS, istioGateway(servers), web];
    const [leg] = cameIn(documents, { port: 443, path: '/a' }).legs;
    assert.deepEqual([leg?.kind, leg?.encrypted, leg?.appTls], ['tls-passthrough', true, 'yes']);
    assert.equal(result(documents, { port: 443, path: '/a' }), 'app:shop/api');
    assert.equal(result(documents, { path: '/a' }), 'deny Gateway/edge/public gw:edge/ingress HTTP 301');
    const mutual = [...INGRESS, istioGateway(server(443, 'HTTPS', '"*"', 'mode: MUTUAL, credentialName: cert')), web];
    assert.match(cameIn(mutual, { port: 443, path: '/a' }).legs[0]?.why ?? '', /certificate of its own/);
  });

  it('pass TLS on by the name in its handshake, so that nobody behind reads the request', () => {
    const tls = (names: string) =>
      virtualService(
        `hosts: ["*.example.com"], gateways: [edge/public], tls: [{match: [{port: 443, sniHosts: [${names}]}], ${TO_API}}]`,
      );
    const open = [...INGRESS, istioGateway(server(443, 'TLS', '"*.example.com"', PASSTHROUGH))];
    const deny = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: gets, namespace: shop}
spec: {action: ALLOW, rules: [{to: [{operation: {methods: [GET]}}]}]}`;
    assert.equal(result([...open, tls('shop.example.com')], { port: 443 }), 'app:shop/api');
    assert.equal(
      result([...open, tls('shop.example.com'), deny], { port: 443 }),
      'deny no-ALLOW-matched sc:shop/api connection closed',
    );
    assert.equal(
      result([...open, tls('other.example.com')], { port: 443 }),
      'deny no-route gw:edge/ingress connection closed',
    );
    const old = virtualService(
      'hosts: ["*.example.com"], gateways: [edge/public], tls: [{match: [{sniHosts: ["*.example.com"]}], route: [{destination: {host: old.plain.svc.cluster.local}}]}]',
    );
    assert.deepEqual(legsOf(cameIn([...open, old], { port: 443 })), [
      'ext:outside -tls-passthrough:443-> gw:edge/ingress',
      'gw:edge/ingress -tls-passthrough:80-> app:plain/old',
    ]);
  });

  it('read `tcp` routes behind ports for TCP and behind TLS that they end', () => {
    for (const [port, protocol, tls] of [
      [9000, 'TCP', ''],
      [443, 'TLS', SIMPLE],
    ] as const) {
      const tcp = virtualService(
        `hosts: [shop.example.com], gateways: [edge/public], tcp: [{match: [{port: ${port}}], ${TO_API}}]`,
      );
      const open = [...INGRESS, istioGateway(server(port, protocol, 'shop.example.com', tls)), tcp];
      assert.equal(result(open, { port, raw: true }), 'app:shop/api', protocol);
    }
  });

  it('hold their policies against what comes from outside, by host and path', () => {
    const policy = (operation: string) => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: in, namespace: edge}
spec: {selector: {matchLabels: {istio: ingress}}, action: DENY, rules: [{to: [{operation: {${operation}}}]}]}`;
    const refused = 'deny AuthorizationPolicy/edge/in gw:edge/ingress HTTP 403';
    const at = (operation: string) => result([...http('"*"'), policy(operation)], { path: '/a' });
    assert.equal(at('hosts: [shop.example.com]'), refused);
    assert.equal(at('hosts: [other.example.com]'), 'app:shop/api');
    assert.equal(at('paths: [/a]'), refused);
    assert.equal(at('ports: ["80"]'), refused);
    assert.equal(at('ports: ["443"]'), 'app:shop/api');
  });

  it('can be named as the source, with the host that leads to the backend', () => {
    const documents = [...SHOP, ...http('"*"')];
    const ask = (from: string, path: string) =>
      pathOf(documents, { from, to: { service: 'shop/api', port: 80 }, http: { method: 'GET', path } });
    for (const from of ['gateway:edge/ingress', 'gateway:edge/public']) {
      const answer = ask(from, '/a');
      assert.equal(answer.routes[0]?.ref, 'VirtualService/shop/web', from);
      assert.deepEqual(answer.assume, ['The gateway is called as shop.example.com.']);
      assert.equal(answer.nodes[0]?.id, 'gw:edge/ingress');
    }
    // What the host does not lead to is asked about as if it did.
    assert.deepEqual(ask('gateway:edge/ingress', '/b').routes, []);
    assert.equal(ask('gateway:edge/ingress', '/b').outcome.result, 'allow');
  });
});
