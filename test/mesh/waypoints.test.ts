import assert from 'node:assert/strict';
import {
  addresseeBinding,
  waypointServiceAccount,
  waypointsBefore,
  workloadBinding,
} from '../../server/src/core/mesh/waypoints.ts';
import { namespace, pod, service, the, waypoint, workloadNamed, worldOf } from './worldOf.ts';

const USE = { 'istio.io/use-waypoint': 'ford' };

function bindingOf(...documents: readonly string[]): string {
  const world = worldOf(...documents);
  const binding = addresseeBinding(world, the(world, '/Service', 'shop', 'cart'));
  return binding.state === 'none' && !binding.certain ? 'none?' : binding.state;
}

describe('waypoint binding', () => {
  it('comes from the object, else from its namespace', () => {
    assert.equal(bindingOf(namespace('shop'), service('shop', 'cart', USE), waypoint('shop', 'ford')), 'bound');
    assert.equal(bindingOf(namespace('shop', USE), service('shop', 'cart'), waypoint('shop', 'ford')), 'bound');
    assert.equal(bindingOf(namespace('shop'), service('shop', 'cart'), waypoint('shop', 'ford')), 'none');
    assert.equal(bindingOf(service('shop', 'cart')), 'none?');
  });

  it('does not fall back to the namespace when the object names a waypoint that is not there', () => {
    const own = service('shop', 'cart', { 'istio.io/use-waypoint': 'frod' });
    assert.equal(bindingOf(namespace('shop', USE), own, waypoint('shop', 'ford')), 'missing');
    assert.equal(
      bindingOf(
        namespace('shop', USE),
        service('shop', 'cart', { 'istio.io/use-waypoint': 'none' }),
        waypoint('shop', 'ford'),
      ),
      'opted-out',
    );
  });

  it('is not certain when the label comes from a template', () => {
    assert.equal(
      bindingOf(namespace('shop'), service('shop', 'cart', { 'istio.io/use-waypoint': '{{ .Values.waypoint }}' })),
      'none?',
    );
  });

  it('needs the consent of a waypoint in another namespace', () => {
    const elsewhere = { ...USE, 'istio.io/use-waypoint-namespace': 'bridges' };
    const shop = (labels = {}) => namespace('shop', { ...elsewhere, ...labels });
    const cart = service('shop', 'cart');
    assert.equal(bindingOf(shop(), cart, waypoint('bridges', 'ford')), 'denied');
    assert.equal(bindingOf(shop(), cart, waypoint('bridges', 'ford', { namespaces: { from: 'All' } })), 'bound');
    const selector = { from: 'Selector', selector: { matchLabels: { tier: 'front' } } };
    assert.equal(
      bindingOf(shop({ tier: 'front' }), cart, waypoint('bridges', 'ford', { namespaces: selector })),
      'bound',
    );
    assert.equal(bindingOf(shop(), cart, waypoint('bridges', 'ford', { namespaces: selector })), 'denied');
  });

  it('needs a waypoint for this kind of traffic', () => {
    const forTraffic = (traffic: string) => waypoint('shop', 'ford', { labels: { 'istio.io/waypoint-for': traffic } });
    const bind = (traffic: string) => bindingOf(namespace('shop', USE), service('shop', 'cart'), forTraffic(traffic));
    assert.deepEqual(['service', 'all', 'workload', 'none'].map(bind), [
      'bound',
      'bound',
      'wrong-traffic',
      'wrong-traffic',
    ]);
    const world = worldOf(namespace('shop', USE), pod('shop', 'cart'), forTraffic('workload'));
    assert.equal(workloadBinding(world, workloadNamed(world, 'cart')).state, 'bound');
  });

  it('finds every waypoint before a workload', () => {
    const world = worldOf(
      namespace('shop'),
      pod('shop', 'cart', { labels: { 'istio.io/use-waypoint': 'weir' } }),
      service('shop', 'cart', USE),
      waypoint('shop', 'ford'),
      waypoint('shop', 'weir', { labels: { 'istio.io/waypoint-for': 'workload' } }),
    );
    const found = waypointsBefore(world, workloadNamed(world, 'cart'));
    assert.deepEqual(found.map(waypointServiceAccount).sort(), ['ford', 'weir']);
  });
});
