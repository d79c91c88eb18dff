import { labelsOf } from '../model/labels.ts';
import type { KindKey, Located } from '../model/located.ts';
import { workloadOf } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { worldIndex } from '../model/worldIndex.ts';
import { asScalar, at } from '../yaml/access.ts';
import type { ScalarNode } from '../yaml/tree.ts';
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE, type WaypointUser } from './waypoints.ts';

/** Where waypoints are named: on Namespaces, Services, ServiceEntries, and on what makes pods. */

export const WAYPOINT_USERS = [
  '/Namespace',
  '/Service',
  'networking.istio.io/ServiceEntry',
  'networking.istio.io/WorkloadEntry',
  '/Pod',
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/Job',
  'batch/CronJob',
] as const satisfies readonly KindKey[];

export const POD_MAKERS = WAYPOINT_USERS.slice(4);

export interface WaypointLabel {
  readonly user: WaypointUser;
  /** The value of the label, and the waypoint's name. */
  readonly node: ScalarNode;
  readonly name: string;
  /** The namespace in which the waypoint is looked up. */
  readonly namespace: string;
  readonly of: 'Namespace' | 'addressee' | 'workload';
}

/** The waypoint that the object itself names; undefined when it names none or opts out. */
export function waypointLabelOf(located: Located): WaypointLabel | undefined {
  const workload = workloadOf(located);
  const { kind } = located.resource;
  const isNamespace = kind === 'Namespace';
  // The label of a WorkloadEntry is one of the object, not of the labels that selectors see.
  const metadata = workload && kind !== 'WorkloadEntry' ? workload.metadata : at(located.root, 'metadata');
  const node = asScalar(at(metadata, 'labels', USE_WAYPOINT));
  if (!node || node.templated || node.text === 'none' || node.text === '') return undefined;
  const labels = labelsOf(at(metadata, 'labels'));
  const namespace = isNamespace ? located.name : located.namespace;
  return {
    user: { located, namespace, labels, metadata },
    node,
    name: node.text,
    namespace: labels.get(USE_WAYPOINT_NAMESPACE) ?? namespace,
    of: isNamespace ? 'Namespace' : workload ? 'workload' : 'addressee',
  };
}

const namedWaypoints = worldIndex(WAYPOINT_USERS, (located) => {
  const label = waypointLabelOf(located);
  return label ? [[`${label.namespace}/${label.name}`, true]] : [];
});

/** Whether something in the workspace names a Gateway as its waypoint. */
export function isUsedAsWaypoint(world: World, gateway: Located): boolean {
  return namedWaypoints(world, `${gateway.namespace}/${gateway.name}`).length > 0;
}
