import { enrolmentOf, isGatewayPod } from '../../mesh/enrolment.ts';
import { WAYPOINT_USERS, type WaypointLabel, waypointLabelOf } from '../../mesh/waypointLabels.ts';
import { workloadOf } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import type { Fix } from '../../schema/rule.ts';
import { has } from '../../yaml/access.ts';
import { addEntry } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

const MODE = 'istio.io/dataplane-mode';

/** A waypoint for pods that are not in ambient mode. */
export const useWaypointWithoutAmbient = workspaceCheck({
  facts: {
    code: 'use-waypoint-without-ambient',
    severity: 'warning',
    what: 'A namespace or pod names a waypoint and is not in ambient mode.',
    why: 'The label alone does not enroll pods: no ztunnel stands before them, so that anybody who calls the pod directly gets past the waypoint, and their own calls use no waypoint at all.',
    todo: 'Add the label `istio.io/dataplane-mode: ambient`, or remove `istio.io/use-waypoint`.',
    peers: ['KIA1312'],
    source: 'istio.io/docs/ambient/usage/waypoint',
  },
  kinds: [...WAYPOINT_USERS],
  run(located, scope) {
    const label = waypointLabelOf(located);
    if (!label || label.of === 'addressee' || !label.node.key) return;
    const outside = label.of === 'Namespace' ? isOutside(scope.world, located.name) : isOutsidePod(scope.world, label);
    if (!outside) return;
    const who = label.of === 'Namespace' ? `No pod of namespace \`${located.name}\`` : 'This pod';
    const state = label.of === 'Namespace' ? 'is in ambient mode' : 'is not in ambient mode';
    scope.report(
      label.node.key,
      `${who} ${state}, and a waypoint alone does not change that: direct calls get past it.`,
      { fixes: enroll(label) },
    );
  },
});

/** Namespaces without pods, such as those for ServiceEntries, have nothing to enroll. */
function isOutside(world: World, namespace: string): boolean {
  const pods = world
    .workloads(namespace)
    .filter((workload) => !isGatewayPod(workload) && workload.located.resource.group !== 'networking.istio.io');
  return (
    pods.length > 0 && pods.every((workload) => ['none', 'sidecar'].includes(enrolmentOf(world, workload).dataPlane))
  );
}

function isOutsidePod(world: World, { user }: WaypointLabel): boolean {
  const workload = workloadOf(user.located);
  if (!workload || user.located.resource.group === 'networking.istio.io') return false;
  const { dataPlane, certain } = enrolmentOf(world, workload);
  return certain && (dataPlane === 'none' || dataPlane === 'sidecar');
}

function enroll({ node, user }: WaypointLabel): Fix[] {
  const labels = node.parent;
  if (labels?.kind !== 'map' || has(labels, MODE)) return [];
  return [
    {
      title: `Add \`${MODE}: ambient\``,
      safe: false,
      edits: [addEntry(user.located.document.text, labels, MODE, 'ambient')],
    },
  ];
}
