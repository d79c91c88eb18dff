import assert from 'node:assert/strict';
import { type ClientCall, clientTls, tlsSettings } from '../../server/src/core/mesh/clientTls.ts';
import { the, worldOf } from './worldOf.ts';

const ROOT = 'istio-system';

function rule(namespace: string, name: string, host: string, trafficPolicy: unknown, subsets: unknown = []): string {
  const metadata = { name, namespace };
  const spec = { host, trafficPolicy, subsets };
  return JSON.stringify({ apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata, spec });
}

const tls = (mode: string) => ({ tls: { mode } });

function sent(documents: readonly string[], call: Partial<ClientCall> = {}): string {
  const { mode, decidedBy } = clientTls(worldOf(...documents), ROOT, {
    namespace: 'front',
    host: 'cart.shop.svc.cluster.local',
    ...call,
  });
  return `${mode ?? 'automatic'}${decidedBy ? ` by ${decidedBy.namespace}/${decidedBy.name}` : ''}`;
}

describe('what clients send', () => {
  const mesh = rule(ROOT, 'mesh', '*.local', tls('ISTIO_MUTUAL'));
  const cart = rule('shop', 'cart', 'cart', tls('DISABLE'));

  it('is automatic without a DestinationRule', () => {
    assert.equal(sent([]), 'automatic');
    assert.equal(sent([rule('shop', 'cart', 'cart', {})]), 'automatic by shop/cart');
  });

  it('comes from the namespace of the client, then of the Service, then from the root namespace', () => {
    assert.equal(sent([mesh]), 'ISTIO_MUTUAL by istio-system/mesh');
    assert.equal(sent([mesh, cart]), 'DISABLE by shop/cart');
    const own = rule('front', 'own', '*.shop.svc.cluster.local', tls('SIMPLE'));
    assert.equal(sent([mesh, cart, own]), 'SIMPLE by front/own');
    assert.equal(sent([rule('attic', 'foreign', 'cart.shop.svc.cluster.local', tls('DISABLE'))]), 'automatic');
  });

  it('is that of the narrowest host of a namespace, alone', () => {
    const wide = rule('shop', 'wide', '*.shop.svc.cluster.local', tls('ISTIO_MUTUAL'));
    assert.equal(sent([wide, cart]), 'DISABLE by shop/cart');
    assert.equal(sent([wide, rule('shop', 'cart', 'cart', {})]), 'automatic by shop/cart');
  });

  it('follows exportTo', () => {
    const hidden = cart.replace('"spec":{', '"spec":{"exportTo":["."],');
    assert.equal(sent([hidden]), 'automatic');
    assert.equal(sent([hidden], { namespace: 'shop' }), 'DISABLE by shop/cart');
  });

  it('is replaced for a port, and by a subset', () => {
    const policy = {
      ...tls('ISTIO_MUTUAL'),
      portLevelSettings: [{ port: { number: 80 } }, { port: { number: 81 }, ...tls('SIMPLE') }],
    };
    const documents = [
      rule('shop', 'cart', 'cart', policy, [{ name: 'v2', trafficPolicy: tls('DISABLE') }, { name: 'v3' }]),
    ];
    assert.equal(sent(documents), 'ISTIO_MUTUAL by shop/cart');
    assert.equal(sent(documents, { port: 80 }), 'automatic by shop/cart');
    assert.equal(sent(documents, { port: 81 }), 'SIMPLE by shop/cart');
    assert.equal(sent(documents, { subset: 'v2' }), 'DISABLE by shop/cart');
    assert.equal(sent(documents, { subset: 'v3' }), 'ISTIO_MUTUAL by shop/cart');
  });

  it('reads an empty `tls` as DISABLE, and an unknown mode as nothing', () => {
    assert.equal(sent([rule('shop', 'cart', 'cart', { tls: {} })]), 'DISABLE by shop/cart');
    assert.equal(sent([rule('shop', 'cart', 'cart', tls('MAYBE'))]), 'automatic by shop/cart');
  });

  it('is listed with every place that says something', () => {
    const policy = { portLevelSettings: [{ port: { number: 80 }, ...tls('SIMPLE') }] };
    const world = worldOf(rule('shop', 'cart', 'cart', policy, [{ name: 'v2', trafficPolicy: tls('DISABLE') }]));
    const located = the(world, 'networking.istio.io/DestinationRule', 'shop', 'cart');
    assert.deepEqual(
      tlsSettings(located).map(({ mode }) => mode),
      ['SIMPLE', 'DISABLE'],
    );
  });
});
