import { derive } from '../model/derivation.ts';
import { type Labels, labelsOf, matchesSelector } from '../model/labels.ts';
import type { Located, Site } from '../model/located.ts';
import type { Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { at, items, num, text } from '../yaml/access.ts';

/** Which waypoint an object uses: from its own labels, else from those of its namespace. */

export const USE_WAYPOINT = 'istio.io/use-waypoint';
export const USE_WAYPOINT_NAMESPACE = 'istio.io/use-waypoint-namespace';
export const INGRESS_USE_WAYPOINT = 'istio.io/ingress-use-waypoint';
export const WAYPOINT_FOR = 'istio.io/waypoint-for';
export const WAYPOINT_CLASS = 'istio-waypoint';

export type Traffic = 'service' | 'workload';

export type WaypointBinding =
  /** No label names one. Not certain when the workspace lacks the Namespace, which may have the label. */
  | { readonly state: 'none'; readonly certain: boolean; readonly because: readonly Site[] }
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
  if (managed?.includes('mesh-controller') || managed?.includes('eastwest-controller')) {
    return { state: 'none', certain: true, because: [] };
  }
  const own = user.labels.get(USE_WAYPOINT);
  // A label from a template could name any.
  if (own === undefined && at(user.metadata, 'labels', USE_WAYPOINT))
    return { state: 'none', certain: false, because: [] };
  if (own !== undefined) {
    const because = siteOf(user.located, at(user.metadata, 'labels', USE_WAYPOINT));
    return named(
      world,
      own,
      user.labels.get(USE_WAYPOINT_NAMESPACE) ?? user.namespace,
      user.namespace,
      traffic,
      because,
    );
  }
  const namespace = world.find('/Namespace', '', user.namespace);
  const labels = world.namespaceLabels(user.namespace);
  const inherited = labels?.get(USE_WAYPOINT);
  if (!namespace || !labels || inherited === undefined) {
    return { state: 'none', certain: namespace !== undefined, because: [] };
  }
  const because = siteOf(namespace, at(namespace.root, 'metadata', 'labels', USE_WAYPOINT));
  return named(
    world,
    inherited,
    labels.get(USE_WAYPOINT_NAMESPACE) ?? user.namespace,
    user.namespace,
    traffic,
    because,
  );
}

function siteOf(located: Located, node: ReturnType<typeof at>): Site[] {
  return node ? [{ located, node }] : [];
}

function named(
  world: World,
  name: string,
  namespace: string,
  objectNamespace: string,
  traffic: Traffic,
  because: readonly Site[],
): WaypointBinding {
  if (name === 'none') return { state: 'opted-out', because };
  const waypoint = world.find('gateway.networking.k8s.io/Gateway', namespace, name);
  if (!waypoint) return { state: 'missing', name, namespace, because };
  if (!admits(world, waypoint, objectNamespace)) return { state: 'denied', waypoint, because };
  return serves(world, waypoint, traffic)
    ? { state: 'bound', waypoint, because }
    : { state: 'wrong-traffic', waypoint, because };
}

/** Whether a waypoint takes objects of a namespace: `allowedRoutes` of its HBONE listener, `Same` when absent. */
export function admits(world: World, waypoint: Located, namespace: string): boolean {
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
  const gatewayClass =
    className === undefined ? undefined : world.find('gateway.networking.k8s.io/GatewayClass', '', className);
  return text(gatewayClass?.root, 'metadata', 'labels', WAYPOINT_FOR) ?? 'service';
}

function serves(world: World, waypoint: Located, traffic: Traffic): boolean {
  const takes = waypointTraffic(world, waypoint);
  return takes === 'all' || takes === traffic;
}

export const MESH_CONTROLLER = 'istio.io/mesh-controller';

/** Whether a Gateway is an Istio waypoint: by its class, or by the controller of a class that the workspace has. */
export function isWaypoint(world: World, gateway: Located): boolean {
  const className = text(gateway.root, 'spec', 'gatewayClassName');
  return className !== undefined && isWaypointClass(world, className);
}

export function isWaypointClass(world: World, className: string): boolean {
  if (className === WAYPOINT_CLASS) return true;
  const gatewayClass = world.find('gateway.networking.k8s.io/GatewayClass', '', className);
  return text(gatewayClass?.root, 'spec', 'controllerName') === MESH_CONTROLLER;
}

/** Whether gateways send what is for a Service through its waypoint: the label on the Service, else on its namespace. */
export function ingressUsesWaypoint(world: World, { labels, namespace }: WaypointUserLabels): boolean {
  const value = labels.get(INGRESS_USE_WAYPOINT) ?? world.namespaceLabels(namespace)?.get(INGRESS_USE_WAYPOINT);
  return value?.toLowerCase() === 'true';
}

type WaypointUserLabels = Pick<WaypointUser, 'labels' | 'namespace'>;

/** The binding of what traffic can be addressed to: a Service or a ServiceEntry. */
export const addresseeBinding = derive(
  (world, located: Located): WaypointBinding => waypointOf(world, userOf(located), 'service'),
);

export function workloadBinding(world: World, workload: Workload): WaypointBinding {
  const { located, namespace, labels, metadata } = workload;
  return waypointOf(world, { located, namespace, labels, metadata }, 'workload');
}

export function userOf(located: Located): WaypointUser {
  const metadata = at(located.root, 'metadata');
  return { located, namespace: located.namespace, labels: labelsOf(at(metadata, 'labels')), metadata };
}

/** Every waypoint through which traffic may come to a workload: addressed to its pods, or to a Service of it. */
export function waypointsBefore(world: World, workload: Workload): readonly Located[] {
  return before(world, workload.located, workload);
}

const before = derive((world, _: Located, workload: Workload) => findWaypoints(world, workload));

function findWaypoints(world: World, workload: Workload): Located[] {
  const bindings = [
    workloadBinding(world, workload),
    ...world
      .servicesOf(workload)
      .filter((service) => !service.headless)
      .map((service) => addresseeBinding(world, service.located)),
  ];
  return [...new Set(bindings.flatMap((binding) => (binding.state === 'bound' ? [binding.waypoint] : [])))];
}

/** What a binding that is none means, as the end of a sentence about the object. */
export function describeUnbound(binding: Exclude<WaypointBinding, { state: 'bound' }>): string {
  switch (binding.state) {
    case 'none':
      return `has no \`${USE_WAYPOINT}\` label, and neither has its namespace`;
    case 'opted-out':
      return 'opts out of waypoints with `use-waypoint: none`';
    case 'missing':
      return `names the waypoint ${binding.namespace}/${binding.name}, which the workspace does not have`;
    case 'denied':
      return `names a waypoint of namespace \`${binding.waypoint.namespace}\` that does not admit its namespace`;
    case 'wrong-traffic':
      return `names the waypoint \`${binding.waypoint.name}\`, which does not take traffic to Services`;
  }
}

/** The ServiceAccount under which a waypoint calls: named like the Gateway, or by annotation. */
export function waypointServiceAccount(waypoint: Located): string {
  return text(waypoint.root, 'metadata', 'annotations', 'gateway.istio.io/service-account') ?? waypoint.name;
}
