import { needsL7 } from '../../mesh/l7.ts';
import { serviceDataPlane } from '../../mesh/selection.ts';
import { isAddressee, TARGETING_POLICIES, targetLocated, targetsOf } from '../../mesh/targets.ts';
import { addresseeBinding, describeUnbound } from '../../mesh/waypoints.ts';
import type { Located } from '../../model/located.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { kialiCodes } from './kialiCodes.ts';

const NOT_ENROLLED: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'KIA0109',
  RequestAuthentication: 'KIA1110',
  WasmPlugin: 'KIA1111',
  Telemetry: 'KIA1112',
};

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
          severity: binding.state === 'missing' ? scope.absence : 'error',
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
  const { kind } = located.resource;
  const code = NOT_ENROLLED[kind];
  const kiali = code !== undefined && needsL7(located).length > 0 ? kialiCodes(scope, located, '', code) : [];
  return kind === 'AuthorizationPolicy' ? ['AMB:waypoint-not-bound', ...kiali] : kiali;
}
