import { TARGETING_POLICIES, targetLocated, targetsOf } from '../../mesh/targets.ts';
import { isWaypointClass } from '../../mesh/waypoints.ts';
import { workspaceCheck } from '../check.ts';

const GATEWAY_CLASSES = new Set(['istio', 'istio-remote', 'istio-east-west']);

/** A policy for all Gateways of a class that are no waypoints. */
export const gatewayClassTargetNotWaypoint = workspaceCheck({
  facts: {
    code: 'gateway-class-target-not-waypoint',
    severity: 'warning',
    what: 'A policy targets a GatewayClass whose Gateways are not waypoints.',
    why: 'Only for waypoints can a policy speak by the class; istiod does not accept the target, and the policy is not enforced.',
    todo: 'Target each Gateway by its name, in its own namespace; or target the class `istio-waypoint`.',
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/policies.go',
  },
  kinds: [...TARGETING_POLICIES],
  run(located, scope) {
    if (located.namespace !== scope.meshConfig.rootNamespace) return;
    for (const target of targetsOf(located.root)) {
      if (target.key !== 'gateway.networking.k8s.io/GatewayClass' || isWaypointClass(scope.world, target.name))
        continue;
      const found = targetLocated(scope.world, located, target);
      if (!found && !GATEWAY_CLASSES.has(target.name)) continue;
      scope.report(
        target.nameNode,
        `The Gateways of class \`${target.name}\` are not waypoints, and only waypoints can be targeted by their class: this policy is not enforced.`,
        {
          peers: located.resource.kind === 'AuthorizationPolicy' ? ['AMB:waypoint-target-invalid'] : [],
        },
      );
    }
  },
});
