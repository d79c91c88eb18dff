import assert from 'node:assert/strict';
import { labelsMtls, meshMtls, namespaceMtls, serverMtls } from '../../server/src/core/mesh/mutualTls.ts';
import { namespace, pod, workloadNamed, worldOf } from './worldOf.ts';

const ROOT = 'istio-system';
const SIDECAR = namespace('shop', { 'istio-injection': 'enabled' });
const AMBIENT = namespace('shop', { 'istio.io/dataplane-mode': 'ambient' });

interface Asked {
  readonly mode?: string;
  readonly app?: string;
  readonly ports?: Readonly<Record<string, string>>;
}

function policy(inNamespace: string, name: string, { mode, app, ports }: Asked): string {
  const spec = {
    ...(app ? { selector: { matchLabels: { app } } } : {}),
    ...(mode ? { mtls: { mode } } : {}),
    ...(ports
      ? { portLevelMtls: Object.fromEntries(Object.entries(ports).map(([port, each]) => [port, { mode: each }])) }
      : {}),
  };
  const metadata = { name, namespace: inNamespace };
  return JSON.stringify({ apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata, spec });
}

/** Mode, level and decider of the pod `cart`; a question mark where the order of policies decides. */
function asked(documents: readonly string[], port?: number): string {
  const world = worldOf(...documents, pod('shop', 'cart'));
  const { mode, level, decidedBy, certain } = serverMtls(world, ROOT, workloadNamed(world, 'cart'), port);
  return `${mode} by ${level}${decidedBy ? ` ${decidedBy.name}` : ''}${certain ? '' : '?'}`;
}

describe('what servers ask', () => {
  const mesh = policy(ROOT, 'mesh', { mode: 'STRICT' });
  const whole = policy('shop', 'whole', { mode: 'PERMISSIVE' });
  const cart = policy('shop', 'cart', { mode: 'DISABLE', app: 'cart' });

  it('is what the narrowest policy says', () => {
    assert.equal(asked([SIDECAR]), 'PERMISSIVE by default');
    assert.equal(asked([SIDECAR, mesh]), 'STRICT by mesh mesh');
    assert.equal(asked([SIDECAR, mesh, whole]), 'PERMISSIVE by namespace whole');
    assert.equal(asked([SIDECAR, mesh, whole, cart]), 'DISABLE by workload cart');
    assert.equal(
      asked([SIDECAR, mesh, policy('shop', 'other', { mode: 'DISABLE', app: 'web' })]),
      'STRICT by mesh mesh',
    );
  });

  it('is inherited where a policy sets nothing', () => {
    assert.equal(asked([SIDECAR, mesh, policy('shop', 'unset', { mode: 'UNSET' })]), 'STRICT by mesh mesh');
    assert.equal(asked([SIDECAR, mesh, policy('shop', 'empty', { app: 'cart' })]), 'STRICT by mesh mesh');
  });

  it('names every policy that applies, the narrowest first', () => {
    const world = worldOf(SIDECAR, mesh, policy('shop', 'unset', { app: 'cart' }), pod('shop', 'cart'));
    const { because } = serverMtls(world, ROOT, workloadNamed(world, 'cart'));
    assert.deepEqual(
      because.map(({ name }) => name),
      ['unset', 'mesh'],
    );
  });

  it('is uncertain when two policies of one level disagree', () => {
    const rival = policy('shop', 'rival', { mode: 'STRICT' });
    assert.equal(asked([SIDECAR, whole, rival]), 'PERMISSIVE by namespace whole?');
    assert.equal(asked([SIDECAR, rival, policy('shop', 'same', { mode: 'STRICT' })]), 'STRICT by namespace rival');
    assert.equal(asked([SIDECAR, whole, policy('shop', 'unset', {})]), 'PERMISSIVE by namespace whole');
    assert.equal(asked([SIDECAR, mesh, whole, policy('shop', 'unset', {})]), 'PERMISSIVE by namespace whole?');
  });

  it('takes a port for itself, and leaves the others', () => {
    const ports = policy('shop', 'ports', { mode: 'STRICT', app: 'cart', ports: { 8080: 'DISABLE', 9090: 'UNSET' } });
    assert.equal(asked([SIDECAR, ports], 8080), 'DISABLE by port ports');
    assert.equal(asked([SIDECAR, ports], 9090), 'STRICT by workload ports');
    assert.equal(asked([SIDECAR, ports], 80), 'STRICT by workload ports');
    assert.equal(asked([SIDECAR, ports]), 'STRICT by workload ports');
  });

  it('does not read selectors in the root namespace', () => {
    const selecting = policy(ROOT, 'selecting', { mode: 'STRICT', app: 'cart' });
    assert.equal(asked([SIDECAR, selecting]), 'PERMISSIVE by default');
    assert.equal(asked([AMBIENT, selecting]), 'PERMISSIVE by default');
    assert.equal(meshMtls(worldOf(selecting), ROOT).mode, 'PERMISSIVE');
  });

  it('is at least mTLS where possible in ambient mode', () => {
    assert.equal(asked([AMBIENT, cart]), 'PERMISSIVE by workload cart');
    assert.equal(asked([AMBIENT, mesh]), 'STRICT by mesh mesh');
    const mixed = policy('shop', 'mixed', { mode: 'STRICT', app: 'cart', ports: { 8080: 'DISABLE' } });
    assert.equal(asked([AMBIENT, mixed], 8080), 'PERMISSIVE by port mixed');
  });

  it('stays strict in ambient mode when an unset policy makes exceptions by DISABLE alone', () => {
    const alone = policy('shop', 'alone', { app: 'cart', ports: { 8080: 'DISABLE' } });
    assert.equal(asked([AMBIENT, mesh, alone], 8080), 'STRICT by mesh mesh');
    assert.equal(asked([SIDECAR, mesh, alone], 8080), 'DISABLE by port alone');
    const beside = policy('shop', 'beside', { app: 'cart', ports: { 8080: 'DISABLE', 9090: 'PERMISSIVE' } });
    assert.equal(asked([AMBIENT, mesh, beside], 8080), 'PERMISSIVE by port beside');
  });

  it('is known of namespaces and labels without pods', () => {
    const world = worldOf(mesh, whole, cart);
    assert.equal(namespaceMtls(world, ROOT, 'shop').mode, 'PERMISSIVE');
    assert.equal(namespaceMtls(world, ROOT, 'attic').level, 'mesh');
    assert.equal(labelsMtls(world, ROOT, 'shop', new Map([['app', 'cart']])).mode, 'DISABLE');
    assert.equal(labelsMtls(world, ROOT, 'shop', new Map([['app', 'web']])).mode, 'PERMISSIVE');
  });
});
