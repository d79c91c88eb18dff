import assert from 'node:assert/strict';
import type { PathRequest } from '../../../server/src/core/mesh/paths/vocabulary.ts';
import { DEFAULT_SETTINGS } from '../../../server/src/core/settings.ts';
import { namespace, pod, service, waypoint } from '../worldOf.ts';
import { GET_ROOT, legsOf, pathOf } from './pathOf.ts';

const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' };
const SIDECARS = { 'istio-injection': 'enabled' };
const GLOBAL = { 'istio.io/global': 'true' };
const WEB_ID = 'spiffe://cluster.local/ns/web/sa/default';
const WP_ID = 'spiffe://cluster.local/ns/shop/sa/wp';
const ASKED: PathRequest = { from: 'web/web', to: { service: 'shop/api', port: 80 }, http: GET_ROOT };

const inNetwork = (network: string) => ({ 'topology.istio.io/network': network });

function eastWest(network: string, className = 'istio-east-west'): string {
  return JSON.stringify({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'eastwest', namespace: 'istio-system', labels: inNetwork(network) },
    spec: { gatewayClassName: className, listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }] },
  });
}

interface Facts {
  readonly client?: Readonly<Record<string, string>>;
  readonly server?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The system namespace says `one`, the server `two`. */
function networks({ client = AMBIENT, server = AMBIENT, labels = GLOBAL }: Facts, ...more: string[]): string[] {
  return [
    namespace('istio-system', inNetwork('one')),
    namespace('web', client),
    pod('web', 'web'),
    namespace('shop', server),
    pod('shop', 'api', { labels: inNetwork('two') }),
    service('shop', 'api', labels),
    ...more,
  ];
}

function between(documents: readonly string[], request = ASKED): string[] {
  return legsOf(pathOf(documents, request)).filter((leg) => !/-(capture|deliver):/.test(leg));
}

describe('hop paths between networks (P9)', () => {
  it('are a tunnel in a tunnel through the east-west gateway, behind which the client is seen', () => {
    const through = [
      `zt:web/web -hbone-double:15008-> ew:istio-system/eastwest as ${WEB_ID}`,
      `ew:istio-system/eastwest -hbone:15008-> zt:shop/api as ${WEB_ID}`,
    ];
    assert.deepEqual(between(networks({}, eastWest('two'))), through);
    assert.deepEqual(between(networks({}, eastWest('two', 'istio-remote'))), through);
    const path = pathOf(networks({}, eastWest('two')), ASKED);
    assert.equal(path.outcome.result, 'allow');
    assert.equal(path.legs[1]?.certainty, 'assumed');
    assert.ok(path.assume.some((text) => text.includes('meshpath.istiod.ambientEnableMultiNetwork')));
  });

  it('rest on a setting, which then is what the answer names', () => {
    const istiod = { ...DEFAULT_SETTINGS.istiod, ambientEnableMultiNetwork: true };
    const { assume } = pathOf(networks({}, eastWest('two')), ASKED, { settings: { istiod } });
    assert.ok(assume.includes('Ambient mode spans several networks (meshpath.istiod.ambientEnableMultiNetwork).'));
  });

  it('lead to a waypoint of the other network in the same way', () => {
    const remote = waypoint('shop', 'wp', { labels: inNetwork('two') });
    const server = { ...AMBIENT, 'istio.io/use-waypoint': 'wp' };
    assert.deepEqual(between(networks({ server }, eastWest('two'), remote)), [
      `zt:web/web -hbone-double:15008-> ew:istio-system/eastwest as ${WEB_ID}`,
      `ew:istio-system/eastwest -hbone:15008-> wp:shop/wp as ${WEB_ID}`,
      `wp:shop/wp -hbone:15008-> zt:shop/api as ${WP_ID}`,
    ]);
  });

  it('do not exist for Services that are not global, sidecars, pods by address, and without a gateway', () => {
    const undecided = (documents: readonly string[], why: RegExp, request = ASKED) => {
      const { outcome, note } = pathOf(documents, request);
      assert.deepEqual([outcome.result, outcome.by], ['unknown', 'other-network']);
      assert.match(note ?? '', why);
    };
    undecided(networks({ labels: {} }, eastWest('two')), /istio\.io\/global/);
    undecided(networks({ client: SIDECARS }, eastWest('two')), /sidecars/);
    undecided(networks({ server: SIDECARS }, eastWest('two')), /ambient mode/);
    undecided(networks({}), /No east-west gateway/);
    undecided(networks({}, eastWest('two')), /addresses of pods/, { ...ASKED, to: { pod: 'shop/api', port: 80 } });
  });

  it('stay in the network where a Service that is not global has a pod there', () => {
    const near = pod('shop', 'near', { labels: { app: 'api' } });
    assert.deepEqual(between(networks({ labels: {} }, eastWest('two'), near)), [
      `zt:web/web -hbone:15008-> zt:shop/near as ${WEB_ID}`,
    ]);
  });

  it('lead through the gateway of the server also where no file places the client', () => {
    const unplaced = networks({}, eastWest('two')).slice(1);
    assert.match(between(unplaced)[0] ?? '', /-hbone-double:15008-> ew:/);
  });

  it('need no gateway where nothing says that there are two networks', () => {
    const one = [namespace('web', AMBIENT), pod('web', 'web'), namespace('shop', AMBIENT), pod('shop', 'api')];
    assert.deepEqual(between([...one, service('shop', 'api')]), [`zt:web/web -hbone:15008-> zt:shop/api as ${WEB_ID}`]);
  });
});

describe('hop paths from an east-west gateway (P5a)', () => {
  const from = (server: Readonly<Record<string, string>>) =>
    between(networks({ server }, eastWest('two'), waypoint('shop', 'wp', { labels: inNetwork('two') })), {
      ...ASKED,
      from: 'gateway:istio-system/eastwest',
    });
  const identity = 'spiffe://cluster.local/ns/istio-system/sa/eastwest-istio-east-west';

  it('use the waypoint without a label that asks for it', () => {
    assert.deepEqual(from({ ...AMBIENT, 'istio.io/use-waypoint': 'wp' }), [
      `ew:istio-system/eastwest -hbone:15008-> wp:shop/wp as ${identity}`,
      `wp:shop/wp -hbone:15008-> zt:shop/api as ${WP_ID}`,
    ]);
    assert.deepEqual(from(AMBIENT), [`ew:istio-system/eastwest -hbone:15008-> zt:shop/api as ${identity}`]);
  });
});
