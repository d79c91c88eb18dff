import { isAmbientNamespace } from '../../mesh/enrolment.ts';
import { exposuresOf } from '../../mesh/exposures.ts';
import { type HostTarget, hostTargetsOf } from '../../mesh/hostTargets.ts';
import { needsL7 } from '../../mesh/l7.ts';
import { describeUnbound, USE_WAYPOINT, type WaypointBinding } from '../../mesh/waypoints.ts';
import type { Located } from '../../model/located.ts';
import { type Absence, type Scope, workspaceCheck } from '../check.ts';

/** Rules for HTTP traffic that no proxy applies. */
export const destinationRuleWithoutWaypoint = workspaceCheck({
  facts: {
    code: 'destination-rule-without-waypoint',
    severity: 'warning',
    what: 'A DestinationRule about requests for an ambient Service that no waypoint stands before.',
    why: 'ztunnel does not read DestinationRules: for ambient clients there is no outlier detection, no hashing by header and no limit of requests. Gateways and sidecars still apply it when they call the Service.',
    todo: 'Label the Service or its namespace with `istio.io/use-waypoint`, and see that the waypoint exists and takes traffic to Services.',
    source: 'istio/ztunnel@1.30.3:src/proxy/outbound.rs',
  },
  kinds: ['networking.istio.io/DestinationRule'],
  run(located, scope) {
    const [need] = needsL7(located);
    const [target] = hostTargetsOf(scope.world, located);
    if (!need || !target) return;
    const { node, addressee, ambient, binding } = target;
    if (!addressee) {
      reportUnknownHost(located, scope, target);
      return;
    }
    if (!ambient || !binding || binding.state === 'bound' || (binding.state === 'none' && !binding.certain)) return;
    const labelled = binding.state !== 'none' && binding.state !== 'opted-out';
    scope.report(
      node,
      `${addressee.resource.kind} \`${addressee.name}\` ${describeUnbound(binding)}: ambient clients do not apply this rule (${need.reason}).`,
      {
        severity: severityOf(scope, addressee, binding.state),
        peers: labelled ? [] : [addressee.resource.kind === 'Service' ? 'KIA0211' : 'KIA0210'],
      },
    );
  },
});

/** Gateways that send to the Service apply the rule: then it may well be meant for them. */
function severityOf({ world, absence }: Scope, addressee: Located, state: WaypointBinding['state']): Absence {
  if (state === 'missing' && absence !== 'error') return absence;
  return exposuresOf(world, addressee).length > 0 ? 'info' : 'warning';
}

function reportUnknownHost(located: Located, { world, settings, report }: Scope, { node, host }: HostTarget): void {
  const labels = world.namespaceLabels(located.namespace);
  if (!settings.closedWorld || !isAmbientNamespace(world, located.namespace) || labels?.has(USE_WAYPOINT)) return;
  report(
    node,
    `Namespace \`${located.namespace}\` is in ambient mode and has no waypoint: nothing applies this rule to requests to \`${host}\`.`,
    { peers: ['KIA0210'] },
  );
}
