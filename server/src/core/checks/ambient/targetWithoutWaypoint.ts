import { serviceDataPlane } from '../../mesh/selection.ts';
import { isAddressee, TARGETING_POLICIES, targetLocated, targetsOf } from '../../mesh/targets.ts';
import { addresseeBinding, describeUnbound } from '../../mesh/waypoints.ts';
import type { Located } from '../../model/located.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { notEnrolledCodes } from './kialiCodes.ts';

/** A policy for a Service that is reached without a waypoint. */
export const targetWithoutWaypoint = workspaceCheck({
  facts: {
    code: 'target-without-waypoint',
    severity: 'error',
    what: 'A policy is attached to a Service or ServiceEntry that no waypoint stands before.',
    why: 'Policies with `targetRefs` are read by waypoints alone; ztunnel and sidecars never see them. Without one the policy is enforced nowhere.',
    todo: 'Label the Service or its namespace with `istio.io/use-waypoint`, and see that the waypoint exists and takes traffic to Services.',
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/policies.go',
  },
  kinds: [...TARGETING_POLICIES],
  run(located, scope) {
    for (const target of targetsOf(located.root)) {
      const addressee = isAddressee(target) ? targetLocated(scope.world, located, target) : undefined;
      if (!addressee || isForSidecars(scope, addressee)) continue;
      const binding = addresseeBinding(scope.world, addressee);
      if (binding.state === 'bound' || (binding.state === 'none' && !binding.certain)) continue;
      scope.report(
        target.nameNode,
        `${target.kind} \`${target.name}\` ${describeUnbound(binding)}. No proxy reads this policy for it: it is enforced nowhere.`,
        {
          severity: binding.state === 'missing' ? scope.absence : severityOf(located),
          peers: peersOf(scope, located),
          related: binding.because.map((site) => ({ site, message: 'This label decides' })),
        },
      );
    }
  },
});

/** Behind sidecars the fault is another one, with its own check. */
function isForSidecars({ world }: Scope, addressee: Located): boolean {
  const service = world.service(addressee.namespace, addressee.name);
  return (
    addressee.resource.kind === 'Service' && service !== undefined && serviceDataPlane(world, service) === 'sidecar'
  );
}

function peersOf(scope: Scope, located: Located): string[] {
  const own = located.resource.kind === 'AuthorizationPolicy' ? ['AMB:waypoint-not-bound'] : [];
  return [...own, ...notEnrolledCodes(scope, located)];
}

/** Without extensions and telemetry the mesh lets nobody in whom it should not. */
function severityOf({ resource }: Located): 'error' | 'warning' {
  return resource.group === 'security.istio.io' ? 'error' : 'warning';
}
