import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { DEFAULT_SETTINGS } from '../../../server/src/core/settings.ts';
import { cameIn, gateway, listener, result, route, SHOP } from './edge.ts';
import { type Asked, GET_ROOT, pathOf } from './pathOf.ts';

describe('Gateways of the Gateway API', () => {
  const http = listener('http', 80, 'HTTP');
  const backend = 'rules: [{backendRefs: [{name: api, port: 80}]}]';
  const alpha: Asked = { settings: { istiod: { ...DEFAULT_SETTINGS.istiod, enableAlphaGatewayApi: true } } };
  const nothing = 'deny no-route gw:edge/web HTTP 404';

  it('take requests in where the hostnames of listener and route meet', () => {
    for (const [ofListener, ofRoute, expected] of [
      ['', '', 'app:shop/api'],
      ['', 'hostnames: [shop.example.com],', 'app:shop/api'],
      [', hostname: "*.example.com"', '', 'app:shop/api'],
      [', hostname: "*.example.com"', 'hostnames: ["*.com", shop.example.com],', 'app:shop/api'],
      [', hostname: "*.example.com"', 'hostnames: [other.example.com],', nothing],
      [', hostname: shop.example.com', 'hostnames: ["*.example.com"],', 'app:shop/api'],
      [', hostname: other.example.com', '', 'ext:shop.example.com'],
    ] as const) {
      const documents = [
        gateway(listener('http', 80, 'HTTP', ofListener)),
        route('HTTPRoute', `${ofRoute} ${backend}`),
      ];
      assert.equal(result(documents), expected, `${ofListener} ${ofRoute}`);
    }
  });

  it('admit routes by namespace, section, port and kind', () => {
    const at = (listeners: string, parent = 'namespace: edge, name: web') =>
      result([gateway(listeners), route('HTTPRoute', backend, parent)], { host: 'shop.example.com' });
    const named = ', hostname: shop.example.com';
    assert.equal(at(listener('http', 80, 'HTTP', named)), 'app:shop/api');
    assert.equal(at(`{name: http, port: 80, protocol: HTTP${named}}`), nothing);
    assert.equal(
      at(listener('http', 80, 'HTTP', named), 'namespace: edge, name: web, sectionName: http'),
      'app:shop/api',
    );
    assert.equal(at(listener('http', 80, 'HTTP', named), 'namespace: edge, name: web, sectionName: other'), nothing);
    assert.equal(at(listener('http', 80, 'HTTP', named), 'namespace: edge, name: web, port: 81'), nothing);
    const grpc = `{name: http, port: 80, protocol: HTTP${named}, allowedRoutes: {namespaces: {from: All}, kinds: [{kind: GRPCRoute}]}}`;
    assert.equal(at(grpc), nothing);
  });

  it('end TLS or pass it on', () => {
    const https = gateway(listener('https', 443, 'HTTPS', ', tls: {certificateRefs: [{name: cert}]}'));
    const answer = cameIn([https, route('HTTPRoute', backend)], { port: 443 });
    assert.equal(answer.legs[0]?.kind, 'tls-passthrough');
    assert.equal(answer.nodes.at(-1)?.id, 'app:shop/api');
    const passing = gateway(listener('tls', 443, 'TLS', ', tls: {mode: Passthrough}'));
    const named = route('TLSRoute', `hostnames: [shop.example.com], ${backend}`);
    assert.equal(result([passing, named], { port: 443, ...alpha }), 'app:shop/api');
    assert.equal(
      result([passing.replace('class: istio', 'class: other'), named], { port: 443 }),
      'ext:shop.example.com',
    );
    assert.equal(
      result([passing.replace('ClassName: istio', 'ClassName: other'), named], { port: 443 }),
      'app:shop/api',
    );
    const other = route('TLSRoute', `hostnames: [other.example.com], ${backend}`);
    const hosted = passing.replace('protocol: TLS', 'protocol: TLS, hostname: "*.example.com"');
    assert.equal(result([hosted, other], { port: 443, ...alpha }), 'deny no-route gw:edge/web connection closed');
  });

  it('route connections by TCPRoutes', () => {
    const documents = [gateway(listener('tcp', 9000, 'TCP')), route('TCPRoute', backend)];
    assert.equal(result(documents, { port: 9000, raw: true, ...alpha }), 'app:shop/api');
    assert.equal(result(documents, { port: 9000, raw: true }), 'ext:shop.example.com');
  });

  it('take the listeners of ListenerSets where they allow them', () => {
    const set = `
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: more, namespace: shop}
spec:
  parentRef: {name: web, namespace: edge}
  listeners: [{name: extra, port: 8080, protocol: HTTP}]`;
    const attached = route('HTTPRoute', backend, 'kind: ListenerSet, name: more');
    const at = (rest: string) => result([gateway(http, rest), set, attached], { port: 8080 });
    assert.equal(at(', allowedListeners: {namespaces: {from: All}}'), 'app:shop/api');
    assert.equal(at(', allowedListeners: {namespaces: {from: Same}}'), 'ext:shop.example.com');
    assert.equal(at(''), 'ext:shop.example.com');
    const chosen =
      ', allowedListeners: {namespaces: {from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: shop}}}}';
    assert.equal(at(chosen), 'app:shop/api');
  });

  it('start TLS towards backends with a BackendTLSPolicy for the port', () => {
    const policy = (target: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: tls, namespace: plain}
spec: {targetRefs: [{group: "", kind: Service, name: old${target}}], validation: {hostname: old.example.com, wellKnownCACertificates: System}}`;
    const toOld = (target: string) =>
      pathOf([...SHOP, gateway(http), policy(target)], {
        from: 'gateway:edge/web',
        to: { service: 'plain/old', port: 80 },
        http: GET_ROOT,
      }).legs.at(-1)?.kind;
    assert.equal(toOld(''), 'tls-originate');
    assert.equal(toOld(', sectionName: other'), 'plaintext');
  });

  it('answer for a host that several of them are open for by the most specific name', () => {
    const second = gateway(listener('http', 80, 'HTTP', ', hostname: shop.example.com')).replace(
      'name: web,',
      'name: zone,',
    );
    const answer = cameIn([gateway(http), second, route('HTTPRoute', backend, 'namespace: edge, name: zone')]);
    assert.equal(answer.nodes[1]?.id, 'gw:edge/zone');
  });

  it('never throw, whatever their files say', () => {
    for (const listeners of [
      'null',
      '{port: "x", protocol: [1]}',
      '{name: {}, hostname: 3, port: 80, protocol: HTTP, tls: 7}',
    ])
      assert.ok(cameIn([gateway(listeners), route('HTTPRoute', 'hostnames: 3, rules: {}')]).outcome.result);
  });
});
