import assert from 'node:assert/strict';
import { isAdmitted } from '../../server/src/core/mesh/ztunnelCallers.ts';
import { namespace, pod, workloadNamed, worldOf } from './worldOf.ts';

const FORD = { trustDomain: 'cluster.local', namespace: 'shop', serviceAccount: 'ford' };

function admits(
  source: Readonly<Record<string, unknown>>,
  annotations: Readonly<Record<string, string>> = {},
): boolean {
  const policy = JSON.stringify({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'callers', namespace: 'shop', annotations },
    spec: { rules: [{ from: [{ source }] }] },
  });
  const world = worldOf(namespace('shop', { 'istio.io/dataplane-mode': 'ambient' }), pod('shop', 'cart'), policy);
  return isAdmitted(world, 'istio-system', workloadNamed(world, 'cart'), FORD);
}

describe('callers at ztunnel', () => {
  it('are known by principal, exactly or by a pattern', () => {
    assert.equal(admits({ principals: ['cluster.local/ns/shop/sa/ford'] }), true);
    assert.equal(admits({ principals: ['cluster.local/ns/shop/*'] }), true);
    assert.equal(admits({ principals: ['*/sa/ford'] }), true);
    assert.equal(admits({ principals: ['*'] }), true);
    assert.equal(admits({ principals: ['other.example/ns/shop/sa/ford'] }), false);
  });

  it('are known by namespace and by ServiceAccount', () => {
    assert.equal(admits({ namespaces: ['shop'] }), true);
    assert.equal(admits({ namespaces: ['pay'] }), false);
    assert.equal(admits({ serviceAccounts: ['ford'] }), true);
    assert.equal(admits({ serviceAccounts: ['pay/ford'] }), false);
  });

  it('must fit all fields of a source, the negative ones too', () => {
    assert.equal(admits({ namespaces: ['shop'], notServiceAccounts: ['ford'] }), false);
    assert.equal(admits({ notPrincipals: ['cluster.local/ns/shop/sa/cart'] }), true);
  });

  it('are not admitted by rules that ztunnel drops, nor by policies in dry run', () => {
    assert.equal(admits({ namespaces: ['shop'], requestPrincipals: ['*'] }), false);
    assert.equal(admits({ namespaces: ['shop'] }, { 'istio.io/dry-run': 'true' }), false);
  });

  it('are taken to fit what a template will say', () => {
    assert.equal(admits({ principals: ['{{ .Values.caller }}'] }), true);
  });
});
