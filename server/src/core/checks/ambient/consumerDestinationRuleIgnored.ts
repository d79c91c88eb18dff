import { hasSidecars } from '../../mesh/enrolment.ts';
import { hostTargetsOf } from '../../mesh/hostTargets.ts';
import { needsL7 } from '../../mesh/l7.ts';
import { workspaceCheck } from '../check.ts';

/** A DestinationRule where no waypoint looks for it. */
export const consumerDestinationRuleIgnored = workspaceCheck({
  facts: {
    code: 'consumer-destination-rule-ignored',
    severity: 'warning',
    what: 'A DestinationRule about requests for an ambient Service of another namespace.',
    why: 'A waypoint looks for DestinationRules in its own namespace, in that of the Service and in the root namespace. One in the namespace of a client is read by sidecars and gateways there, not for ambient clients.',
    todo: 'Move the DestinationRule to the namespace of the Service.',
    source: 'istio/istio@1.30.3:pilot/pkg/networking/core/cluster_waypoint.go',
  },
  kinds: ['networking.istio.io/DestinationRule'],
  run(located, scope) {
    const { world, meshConfig } = scope;
    if (
      located.namespace === meshConfig.rootNamespace ||
      hasSidecars(world, located.namespace) ||
      needsL7(located).length === 0
    )
      return;
    for (const { node, addressee, ambient, binding } of hostTargetsOf(world, located)) {
      if (!addressee || !ambient || addressee.resource.kind !== 'Service' || addressee.namespace === located.namespace)
        continue;
      if (binding?.state === 'bound' && binding.waypoint.namespace === located.namespace) continue;
      scope.report(
        node,
        `Ambient clients do not apply this rule: it would have to be in the namespace of the Service, \`${addressee.namespace}\`.`,
        { peers: ['KIA0212'] },
      );
    }
  },
});
