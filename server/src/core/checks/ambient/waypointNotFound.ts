import { WAYPOINT_USERS, type WaypointLabel, waypointLabelOf } from '../../mesh/waypointLabels.ts';
import { admits, isWaypoint, USE_WAYPOINT_NAMESPACE, WAYPOINT_CLASS } from '../../mesh/waypoints.ts';
import type { Fix } from '../../schema/rule.ts';
import { at, has } from '../../yaml/access.ts';
import { addEntry } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

const GATEWAY = 'gateway.networking.k8s.io/Gateway';

/** `use-waypoint` with the name of a Gateway that does not exist. */
export const waypointNotFound = workspaceCheck({
  facts: {
    code: 'waypoint-not-found',
    severity: 'error',
    what: '`istio.io/use-waypoint` names a waypoint that does not exist.',
    why: 'No waypoint is used then, and not that of the namespace either: requests go straight to the pods, past every policy and route of the waypoint.',
    todo: 'Correct the name, add `istio.io/use-waypoint-namespace` when the waypoint is in another namespace, or create the Gateway.',
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/waypoints.go',
  },
  kinds: [...WAYPOINT_USERS],
  run(located, scope) {
    const label = waypointLabelOf(located);
    // What cannot be a name at all is told about as such.
    if (!label || label.name.includes('/') || scope.world.find(GATEWAY, label.namespace, label.name)) return;
    // Without a namespace of its own the resource may land beside any waypoint.
    if (!located.namespaceKnown && label.of !== 'Namespace' && !has(label.node.parent, USE_WAYPOINT_NAMESPACE)) return;
    const elsewhere = scope.world
      .ofKind(GATEWAY)
      .find(
        (gateway) =>
          gateway.name === label.name &&
          isWaypoint(scope.world, gateway) &&
          admits(scope.world, gateway, label.user.namespace),
      );
    const names = scope.world
      .inNamespace(GATEWAY, label.namespace)
      .filter((gateway) => isWaypoint(scope.world, gateway))
      .map(({ name }) => name);
    const slip = slipOf(label.node, label.name, names);
    const other = slip.near === undefined ? elsewhere : undefined;
    const hint = other
      ? ` Namespace \`${other.namespace}\` has one of this name: \`${USE_WAYPOINT_NAMESPACE}\` selects it.`
      : slip.hint;
    const fallback = label.of === 'Namespace' ? '' : ', nor that of the namespace';
    scope.report(
      label.node,
      `Namespace \`${label.namespace}\` has no Gateway \`${label.name}\`. No waypoint is used instead${fallback}: traffic goes straight to the pods.${hint}`,
      {
        severity: scope.absence,
        peers: label.of === 'workload' ? ['KIA1313'] : [],
        fixes: other ? addNamespace(label, other.namespace) : slip.fixes,
        related: elsewhere
          ? [
              {
                site: { located: elsewhere, node: at(elsewhere.root, 'metadata', 'name') ?? elsewhere.root },
                message: `A Gateway of class \`${WAYPOINT_CLASS}\` with this name`,
              },
            ]
          : [],
      },
    );
  },
});

function addNamespace({ node, user }: WaypointLabel, namespace: string): Fix[] {
  const labels = node.parent;
  if (labels?.kind !== 'map' || has(labels, USE_WAYPOINT_NAMESPACE)) return [];
  const edit = addEntry(user.located.document.text, labels, USE_WAYPOINT_NAMESPACE, namespace);
  return [{ title: `Add \`${USE_WAYPOINT_NAMESPACE}: ${namespace}\``, safe: false, edits: [edit] }];
}
