import assert from 'node:assert/strict';
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
