import { WAYPOINT_USERS, waypointLabelOf } from '../../mesh/waypointLabels.ts';
import { waypointOf } from '../../mesh/waypoints.ts';
import { at, items } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A waypoint of another namespace that does not let this one in. */
export const waypointAttachmentDenied = workspaceCheck({
  facts: {
    code: 'waypoint-attachment-denied',
    severity: 'error',
    what: '`istio.io/use-waypoint` names a waypoint of another namespace whose `allowedRoutes` do not admit this one.',
    why: 'The waypoint is not used (status AttachmentDenied): requests go straight to the pods, past its policies and routes.',
    todo: 'Set `allowedRoutes.namespaces` at the HBONE listener of the waypoint to `from: All`, or to a selector that matches the namespace; or use a waypoint of the same namespace.',
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/waypoints.go',
  },
  kinds: [...WAYPOINT_USERS],
  run(located, scope) {
    const label = waypointLabelOf(located);
    if (!label) return;
    const binding = waypointOf(scope.world, label.user, label.of === 'workload' ? 'workload' : 'service');
    if (binding.state !== 'denied') return;
    const { waypoint } = binding;
    // A selector may match labels of a Namespace that the workspace does not have.
    const bySelector = items(waypoint.root, 'spec', 'listeners').some((listener) =>
      at(listener, 'allowedRoutes', 'namespaces', 'selector'),
    );
    if (bySelector && !scope.world.namespaceLabels(label.user.namespace)) return;
    const listeners = at(waypoint.root, 'spec', 'listeners') ?? waypoint.root;
    scope.report(
      label.node,
      `Waypoint ${waypoint.namespace}/${waypoint.name} does not admit namespace \`${label.user.namespace}\`: it is not used, and traffic goes straight to the pods.`,
      {
        related: [
          {
            site: { located: waypoint, node: listeners },
            message: 'The `allowedRoutes` of its listener decide; `Same` is the default',
          },
        ],
      },
    );
  },
});
