import { TARGETING_POLICIES, targetsOf } from '../../mesh/targets.ts';
import { fieldNode } from '../../schema/rules.ts';
import { workspaceCheck } from '../check.ts';

/** A policy for all gateways of a class where istiod does not look for one. */
export const gatewayClassTargetOutsideRoot = workspaceCheck({
  facts: {
    code: 'gateway-class-target-outside-root',
    severity: 'warning',
    what: 'A policy that targets a GatewayClass from another namespace than the root namespace.',
    why: 'Only policies in the root namespace may speak for all gateways of a class. istiod accepts the object and then ignores it, so nothing is enforced.',
    todo: 'Move the policy to the root namespace, or target a Gateway or Service of its own namespace.',
    peers: ['AMB:waypoint-target-invalid'],
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/policies.go',
  },
  kinds: [...TARGETING_POLICIES],
  run(located, { meshConfig, report }) {
    const { rootNamespace } = meshConfig;
    if (!located.namespaceKnown || located.namespace === rootNamespace) return;
    for (const { node, kind } of targetsOf(located.root)) {
      if (kind !== 'GatewayClass') continue;
      report(
        fieldNode(node, 'kind'),
        `A GatewayClass can be targeted only from the root namespace \`${rootNamespace}\`; from \`${located.namespace}\` this policy is ignored.`,
      );
    }
  },
});
