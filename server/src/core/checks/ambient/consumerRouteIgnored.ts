import { hasAmbientPods, hasSidecars } from '../../mesh/enrolment.ts';
import { hostTargetsOf, isAmbientAddressee } from '../../mesh/hostTargets.ts';
import { isForMesh, needsL7 } from '../../mesh/l7.ts';
import { MESH_ROUTES, meshParentsOf } from '../../mesh/targets.ts';
import type { Located } from '../../model/located.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** A route in another namespace than its Service, where ambient mode does not look for it. */
export const consumerRouteIgnored = workspaceCheck({
  facts: {
    code: 'consumer-route-ignored',
    severity: 'warning',
    what: 'A route for an ambient Service of another namespace.',
    why: 'A waypoint follows the routes in the namespace of the Service (and VirtualServices in its own); those that clients write in theirs are read by sidecars alone.',
    todo: 'Move the route to the namespace of the Service.',
    source: 'istio/istio@1.30.3:pilot/pkg/networking/core/listener_waypoint.go; istio/istio issue 58747',
  },
  kinds: ['networking.istio.io/VirtualService', ...MESH_ROUTES],
  run(located, scope) {
    if (hasSidecars(scope.world, located.namespace)) return;
    if (located.resource.kind === 'VirtualService') {
      runVirtualService(located, scope);
      return;
    }
    if (!hasAmbientPods(scope.world, located.namespace)) return;
    for (const { key, namespace, name, nameNode } of meshParentsOf(located)) {
      const addressee = scope.world.find(key, namespace, name);
      if (!addressee || namespace === located.namespace || !isAmbientAddressee(scope.world, addressee)) continue;
      scope.report(
        nameNode,
        `This route is for clients in \`${located.namespace}\`, which are in ambient mode and do not follow it: the waypoint of \`${name}\` reads only routes of namespace \`${namespace}\`.`,
      );
    }
  },
});

function runVirtualService(located: Located, scope: Scope): void {
  if (!isForMesh(located)) return;
  const peers = needsL7(located).length > 0 ? ['KIA1114'] : [];
  for (const { node, addressee, ambient, binding } of hostTargetsOf(scope.world, located)) {
    if (!addressee || !ambient || addressee.resource.kind !== 'Service' || addressee.namespace === located.namespace)
      continue;
    if (binding?.state === 'bound' && binding.waypoint.namespace === located.namespace) continue;
    scope.report(
      node,
      `Ambient clients do not follow this VirtualService: a waypoint reads those in the namespace of the Service, \`${addressee.namespace}\`, and in its own.`,
      { peers },
    );
  }
}
