import assert from 'node:assert/strict';
import { enrolmentOf, usesAmbient } from '../../server/src/core/mesh/enrolment.ts';
import { namespace, type PodFacts, pod, workloadNamed, worldOf } from './worldOf.ts';

function enrolment(labels: Readonly<Record<string, string>> | undefined, facts: PodFacts = {}): string {
  const world = worldOf(...(labels ? [namespace('shop', labels)] : []), pod('shop', 'cart', facts));
  const { dataPlane, certain } = enrolmentOf(world, workloadNamed(world, 'cart'));
  return certain ? dataPlane : `${dataPlane}?`;
}

const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' };
const INJECTED = { 'istio-injection': 'enabled' };

describe('enrolment', () => {
  it('follows the namespace, unless the pod opts out or in', () => {
    assert.equal(enrolment(AMBIENT), 'ambient');
    assert.equal(enrolment(AMBIENT, { labels: { 'istio.io/dataplane-mode': 'none' } }), 'none');
    assert.equal(enrolment({}, { labels: AMBIENT }), 'ambient');
    assert.equal(enrolment({}), 'none');
  });

  it('lets the sidecar win over ambient mode', () => {
    assert.equal(enrolment({ ...AMBIENT, ...INJECTED }), 'sidecar');
    assert.equal(enrolment(AMBIENT, { labels: { 'sidecar.istio.io/inject': 'true' } }), 'sidecar');
    assert.equal(enrolment(INJECTED, { labels: { ...AMBIENT, 'sidecar.istio.io/inject': 'false' } }), 'ambient');
  });

  it('reads istio-injection before istio.io/rev, and a present other value as no', () => {
    assert.equal(enrolment({ 'istio.io/rev': 'canary' }), 'sidecar');
    assert.equal(enrolment({ 'istio-injection': 'disabled', 'istio.io/rev': 'canary' }), 'none');
    assert.equal(
      enrolment({ 'istio-injection': 'disabled' }, { labels: { 'sidecar.istio.io/inject': 'true' } }),
      'none',
    );
    assert.equal(enrolment({}, { labels: { 'istio.io/rev': 'canary' } }), 'sidecar');
  });

  it('is not certain where the namespace is unknown', () => {
    assert.equal(enrolment(undefined), 'none?');
    assert.equal(enrolment(undefined, { labels: AMBIENT }), 'ambient?');
    assert.equal(enrolment(undefined, { labels: { 'sidecar.istio.io/inject': 'true' } }), 'sidecar');
  });

  it('leaves pods on the network of the node alone, and knows gateways', () => {
    assert.equal(enrolment(AMBIENT, { hostNetwork: true }), 'none');
    assert.equal(enrolment(AMBIENT, { labels: { 'gateway.networking.k8s.io/gateway-name': 'door' } }), 'gateway');
    assert.equal(enrolment(INJECTED, { annotations: { 'inject.istio.io/templates': 'gateway' } }), 'gateway');
  });

  it('never makes kube-system ambient', () => {
    const world = worldOf(namespace('kube-system', AMBIENT), pod('kube-system', 'dns'));
    assert.equal(enrolmentOf(world, workloadNamed(world, 'dns')).dataPlane, 'none');
  });

  it('injects nothing in namespaces of the platform (E2)', () => {
    const world = worldOf(namespace('kube-public', INJECTED), pod('kube-public', 'info'));
    assert.equal(enrolmentOf(world, workloadNamed(world, 'info')).dataPlane, 'none');
  });

  it('leaves ztunnel itself and pods on Windows out of ambient mode (E3)', () => {
    assert.equal(enrolment(AMBIENT, { labels: { app: 'ztunnel' } }), 'none');
    const onWindows = pod('shop', 'cart').replace('"containers":', '"os":{"name":"windows"},"containers":');
    const world = worldOf(namespace('shop', AMBIENT), onWindows);
    assert.equal(enrolmentOf(world, workloadNamed(world, 'cart')).dataPlane, 'none');
  });

  describe("by Linkerd's annotation", () => {
    const INJECT = { annotations: { 'linkerd.io/inject': 'enabled' } };
    const plane = (inNamespace: string, facts: PodFacts, labels = {}) => {
      const world = worldOf(namespace(inNamespace, labels), pod(inNamespace, 'cart', facts));
      return enrolmentOf(world, workloadNamed(world, 'cart')).dataPlane;
    };

    it('takes pods in, also as ingress', () => {
      assert.equal(plane('shop', INJECT), 'linkerd');
      assert.equal(plane('shop', { annotations: { 'linkerd.io/inject': 'ingress' } }), 'linkerd');
      assert.equal(plane('shop', { annotations: { 'linkerd.io/inject': 'yes' } }), 'none');
    });

    it('leaves out the namespaces and pods that Linkerd never touches', () => {
      assert.equal(plane('kube-system', INJECT), 'none');
      assert.equal(plane('cert-manager', INJECT), 'none');
      assert.equal(plane('shop', INJECT, { 'config.linkerd.io/admission-webhooks': 'disabled' }), 'none');
      assert.equal(plane('shop', { ...INJECT, labels: { 'linkerd.io/control-plane-component': 'web' } }), 'none');
      assert.equal(plane('shop', { ...INJECT, hostNetwork: true }), 'none');
      const proxied = pod('shop', 'cart', INJECT).replace('"containers":[]', '"containers":[{"name":"istio-proxy"}]');
      const world = worldOf(namespace('shop'), proxied);
      assert.equal(enrolmentOf(world, workloadNamed(world, 'cart')).dataPlane, 'none');
    });
  });

  it('knows whether ambient mode is used at all', () => {
    assert.equal(usesAmbient(worldOf(namespace('shop', AMBIENT))), true);
    assert.equal(usesAmbient(worldOf(pod('shop', 'cart', { labels: AMBIENT }))), true);
    assert.equal(usesAmbient(worldOf(namespace('shop', INJECTED), pod('shop', 'cart'))), false);
  });
});
