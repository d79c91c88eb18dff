import { TARGETING_POLICIES, targetLocated, targetsOf } from '../../mesh/targets.ts';
import { isUsedAsWaypoint } from '../../mesh/waypointLabels.ts';
import { isWaypoint, USE_WAYPOINT } from '../../mesh/waypoints.ts';
import { workspaceCheck } from '../check.ts';
import { notEnrolledCodes } from './kialiCodes.ts';

/** A policy at a waypoint through which nothing goes. */
export const targetWaypointUnused = workspaceCheck({
  facts: {
    code: 'target-waypoint-unused',
    severity: 'warning',
    what: 'A policy is attached to a waypoint that no namespace, Service or pod uses.',
    why: 'To create a waypoint is not enough: traffic goes through it only where a label says so. Until then its policies are enforced for nothing.',
    todo: 'Label what the waypoint is for with `istio.io/use-waypoint`.',
    source: 'istio.io/docs/ambient/usage/waypoint',
  },
  kinds: [...TARGETING_POLICIES],
  run(located, scope) {
    for (const target of targetsOf(located.root)) {
      if (target.key !== 'gateway.networking.k8s.io/Gateway') continue;
      const gateway = targetLocated(scope.world, located, target);
      if (!gateway || !isWaypoint(scope.world, gateway) || isUsedAsWaypoint(scope.world, gateway)) continue;
      scope.report(
        target.nameNode,
        `Nothing in the workspace uses waypoint \`${target.name}\`: no label \`${USE_WAYPOINT}\` names it, and without one no traffic goes through it.`,
        {
          severity: scope.absence === 'error' ? 'warning' : scope.absence,
          peers: notEnrolledCodes(scope, located),
          related: [{ site: { located: gateway, node: gateway.root }, message: 'The waypoint' }],
        },
      );
    }
  },
});
