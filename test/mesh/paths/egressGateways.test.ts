import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { pod } from '../worldOf.ts';
import { PASSTHROUGH, SHOP, server, virtualService } from './edge.ts';
import { GET_ROOT, legsOf, pathOf } from './pathOf.ts';

describe('egress gateways', () => {
  const EGRESS = [
    pod('edge', 'out', { labels: { istio: 'egress' }, annotations: { 'inject.istio.io/templates': 'gateway' } }),
    `
apiVersion: v1
kind: Service
metadata: {name: out, namespace: edge}
spec: {selector: {istio: egress}, ports: [{name: http, port: 80}, {name: https, port: 443}]}`,
    `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ext, namespace: shop}
spec: {hosts: [ext.example.com], resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP}, {number: 443, name: tls, protocol: TLS}]}`,
  ];
  const open = (servers: string) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: out, namespace: edge}
spec: {selector: {istio: egress}, servers: [${servers}]}`;
  const gateways = 'hosts: [ext.example.com], gateways: [mesh, edge/out]';
  const toGateway = 'route: [{destination: {host: out.edge.svc.cluster.local, port: {number: PORT}}}]';
  const outward = 'route: [{destination: {host: ext.example.com, port: {number: PORT}}}]';
  const http = virtualService(
    `${gateways}, http: [{match: [{gateways: [mesh]}], ${toGateway}}, {match: [{gateways: [edge/out]}], ${outward}}]`,
  ).replaceAll('PORT', '80');
  const tls = virtualService(
    `${gateways}, tls: [{match: [{gateways: [mesh], port: 443, sniHosts: [ext.example.com]}], ${toGateway}},
      {match: [{gateways: [edge/out], port: 443, sniHosts: [ext.example.com]}], ${outward}}]`,
  ).replaceAll('PORT', '443');
  const leave = (documents: readonly string[], port: number) =>
    pathOf([...SHOP, ...EGRESS, ...documents], {
      from: 'shop/api',
      to: { host: 'ext.example.com', port },
      ...(port === 80 ? { http: GET_ROOT } : {}),
    });

  it('take over what sidecars send to them, with the host that was asked for', () => {
    const answer = leave([open(server(80, 'HTTP', 'ext.example.com')), http], 80);
    assert.deepEqual(legsOf(answer), [
      'app:shop/api -capture:15001-> sc:shop/api',
      'sc:shop/api -plaintext:80-> gw:edge/out',
      'gw:edge/out -plaintext:80-> ext:ext.example.com',
    ]);
    assert.deepEqual(
      answer.policies.map(({ ref, verdict, at }) => [ref, verdict, at]),
      [
        ['VirtualService/shop/web', 'enforced', 'gw:edge/out'],
        ['VirtualService/shop/web', 'enforced', 'sc:shop/api'],
      ],
    );
  });

  it('see who calls where a DestinationRule asks for mutual TLS, and hold their policies against it', () => {
    const rule = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: out, namespace: shop}
spec: {host: out.edge.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}`;
    const policy = (principal: string) => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: out, namespace: edge}
spec: {selector: {matchLabels: {istio: egress}}, action: ALLOW, rules: [{from: [{source: {principals: ["${principal}"]}}]}]}`;
    const documents = [open(server(80, 'HTTPS', 'ext.example.com', 'mode: ISTIO_MUTUAL')), http, rule];
    assert.equal(leave(documents, 80).legs[1]?.peerIdentitySeen, 'spiffe://cluster.local/ns/shop/sa/default');
    assert.equal(leave([...documents, policy('cluster.local/ns/shop/sa/default')], 80).outcome.result, 'allow');
    assert.deepEqual(leave([...documents, policy('cluster.local/ns/other/sa/default')], 80).outcome, {
      result: 'deny',
      at: 'gw:edge/out',
      by: 'no-ALLOW-matched',
      signal: 'HTTP 403',
    });
  });

  it('pass TLS on by its name', () => {
    const answer = leave([open(server(443, 'TLS', 'ext.example.com', PASSTHROUGH)), tls], 443);
    assert.deepEqual(legsOf(answer), [
      'app:shop/api -capture:15001-> sc:shop/api',
      'sc:shop/api -tls-passthrough:443-> gw:edge/out',
      'gw:edge/out -tls-passthrough:443-> ext:ext.example.com',
    ]);
  });

  it('refuse what they have no route for, and stay an end where nothing opens them', () => {
    const half = http.replace('gateways: [edge/out]}', 'gateways: [edge/out], uri: {exact: /other}}');
    assert.equal(leave([open(server(80, 'HTTP', 'ext.example.com')), half], 80).outcome.signal, 'HTTP 404');
    assert.equal(leave([open(server(81, 'HTTP', 'ext.example.com')), http], 80).nodes.at(-1)?.id, 'app:edge/out');
  });
});
