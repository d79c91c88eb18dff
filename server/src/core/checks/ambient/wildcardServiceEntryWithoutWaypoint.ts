import { usesAmbient } from '../../mesh/enrolment.ts';
import { addresseeBinding, describeUnbound } from '../../mesh/waypoints.ts';
import { items, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** Hosts by wildcard that only a waypoint can resolve. */
export const wildcardServiceEntryWithoutWaypoint = workspaceCheck({
  facts: {
    code: 'wildcard-service-entry-without-waypoint',
    severity: 'warning',
    what: 'A ServiceEntry with a wildcard host and resolution `DYNAMIC_DNS`, without a waypoint.',
    why: 'ztunnel cannot find out which of the hosts a client means; only a waypoint reads the name from the request. Without one, ambient clients do not use this ServiceEntry.',
    todo: 'Label the ServiceEntry or its namespace with `istio.io/use-waypoint`.',
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/services.go, WaypointMissing',
  },
  kinds: ['networking.istio.io/ServiceEntry'],
  run(located, scope) {
    if (text(located.root, 'spec', 'resolution') !== 'DYNAMIC_DNS' || !usesAmbient(scope.world)) return;
    const host = items(located.root, 'spec', 'hosts').find((node) => text(node)?.startsWith('*'));
    const binding = addresseeBinding(scope.world, located);
    if (!host || binding.state === 'bound' || (binding.state === 'none' && !binding.certain)) return;
    scope.report(
      host,
      `This ServiceEntry ${describeUnbound(binding)}, and ztunnel cannot resolve \`${text(host)}\`: ambient clients do not use it.`,
      {
        severity: binding.state === 'missing' && scope.absence !== 'error' ? scope.absence : 'warning',
      },
    );
  },
});
