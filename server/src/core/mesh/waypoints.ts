import { at, items, num, text } from '../yaml/access.ts';
import { labelsOf, type Labels, matchesSelector } from '../model/labels.ts';
import type { Located, Site } from '../model/located.ts';
import type { World } from '../model/world.ts';

/** Which waypoint an object uses: from its own labels, else from those of its namespace. */

export const USE_WAYPOINT = 'istio.io/use-waypoint';
export const USE_WAYPOINT_NAMESPACE = 'istio.io/use-waypoint-namespace';
export const WAYPOINT_FOR = 'istio.io/waypoint-for';
export const WAYPOINT_CLASS = 'istio-waypoint';

export type Traffic = 'service' | 'workload';

export type WaypointBinding =
  | { readonly state: 'none'; readonly because: readonly Site[] }
  | { readonly state: 'opted-out'; readonly because: readonly Site[] }
  /** The label names a Gateway that the workspace does not have. Istio then uses none, not the namespace's. */
  | { readonly state: 'missing'; readonly name: string; readonly namespace: string; readonly because: readonly Site[] }
  /** The waypoint exists, but does not admit the object's namespace or does not serve this kind of traffic. */
  | { readonly state: 'denied' | 'wrong-traffic'; readonly waypoint: Located; readonly because: readonly Site[] }
  | { readonly state: 'bound'; readonly waypoint: Located; readonly because: readonly Site[] };

export interface WaypointUser {
  readonly located: Located;
  readonly namespace: string;
  readonly labels: Labels;
  /** The `metadata` that holds the labels. */
  readonly metadata: ReturnType<typeof at>;
}

/** The waypoint through which traffic to an object goes. */
export function waypointOf(world: World, user: WaypointUser, traffic: Traffic): WaypointBinding {
  const managed = user.labels.get('gateway.istio.io/managed');
  if (managed?.includes('mesh-controller') || managed?.includes('eastwest-controller')) return { state: 'none', because: [] };
  const own = user.labels.get(USE_WAYPOINT);
  if (own !== undefined) {
    const because = siteOf(user.located, at(user.metadata, 'labels', USE_WAYPOINT));
    return named(world, own, user.labels.get(USE_WAYPOINT_NAMESPACE) ?? user.namespace, user.namespace, traffic, because);
  }
  const namespace = world.find('/Namespace', '', user.namespace);
  const labels = world.namespaceLabels(user.namespace);
  const inherited = labels?.get(USE_WAYPOINT);
  if (!namespace || !labels || inherited === undefined) return { state: 'none', because: [] };
  const because = siteOf(namespace, at(namespace.root, 'metadata', 'labels', USE_WAYPOINT));
  return named(world, inherited, labels.get(USE_WAYPOINT_NAMESPACE) ?? user.namespace, user.namespace, traffic, because);
}

function siteOf(located: Located, node: ReturnType<typeof at>): Site[] {
  return node ? [{ located, node }] : [];
}

function named(world: World, name: string, namespace: string, objectNamespace: string, traffic: Traffic, because: readonly Site[]): WaypointBinding {
  if (name === 'none') return { state: 'opted-out', because };
  const waypoint = world.find('gateway.networking.k8s.io/Gateway', namespace, name);
  if (!waypoint) return { state: 'missing', name, namespace, because };
  if (!admits(world, waypoint, objectNamespace)) return { state: 'denied', waypoint, because };
  return serves(world, waypoint, traffic) ? { state: 'bound', waypoint, because } : { state: 'wrong-traffic', waypoint, because };
}

/** Whether a waypoint takes objects of a namespace: `allowedRoutes` of its HBONE listener, `Same` when absent. */
function admits(world: World, waypoint: Located, namespace: string): boolean {
  if (waypoint.namespace === namespace) return true;
  const listeners = items(waypoint.root, 'spec', 'listeners');
  const listener = listeners.find((candidate) => num(candidate, 'port') === 15008) ?? listeners[0];
  switch (text(listener, 'allowedRoutes', 'namespaces', 'from')) {
    case 'All':
      return true;
    case 'Selector': {
      const labels = new Map(world.namespaceLabels(namespace) ?? []);
      labels.set('kubernetes.io/metadata.name', namespace);
      return matchesSelector(at(listener, 'allowedRoutes', 'namespaces', 'selector'), labels);
    }
    default:
      return false;
  }
}

/** What a waypoint is for: the label of the Gateway, else of its class, else `service`. */
export function waypointTraffic(world: World, waypoint: Located): string {
  const own = labelsOf(at(waypoint.root, 'metadata', 'labels')).get(WAYPOINT_FOR);
  if (own !== undefined) return own;
  const className = text(waypoint.root, 'spec', 'gatewayClassName');
  const gatewayClass = className === undefined ? undefined : world.find('gateway.networking.k8s.io/GatewayClass', '', className);
  return text(gatewayClass?.root, 'metadata', 'labels', WAYPOINT_FOR) ?? 'service';
}

function serves(world: World, waypoint: Located, traffic: Traffic): boolean {
  const takes = waypointTraffic(world, waypoint);
  return takes === 'all' || takes === traffic;
}

export function isWaypoint(gateway: Located): boolean {
  return gateway.resource.group === 'gateway.networking.k8s.io' && text(gateway.root, 'spec', 'gatewayClassName') === WAYPOINT_CLASS;
}

/** The ServiceAccount under which a waypoint calls: named like the Gateway, or by annotation. */
export function waypointServiceAccount(waypoint: Located): string {
  return text(waypoint.root, 'metadata', 'annotations', 'gateway.istio.io/service-account') ?? waypoint.name;
}
