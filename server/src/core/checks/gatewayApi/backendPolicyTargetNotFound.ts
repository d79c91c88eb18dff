import { GATEWAY_API, referenceOf } from '../../model/routes.ts';
import { items } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** A policy of the Gateway API for a Service that nobody defines. */
export const backendPolicyTargetNotFound = workspaceCheck({
  facts: {
    code: 'backend-policy-target-not-found',
    severity: 'error',
    what: 'A BackendTLSPolicy or XBackendTrafficPolicy is for a Service that the workspace does not have.',
    why: 'The policy applies to nothing: connections to the Service that was meant are made without TLS, or without its limits.',
    todo: 'Correct the name. The Service must be in the namespace of the policy.',
    peers: ['GWAPI:not-found'],
    source: 'kubernetes-sigs/gwctl; Gateway API specification, LocalPolicyTargetReference',
  },
  kinds: [`${GATEWAY_API}/BackendTLSPolicy`, 'gateway.networking.x-k8s.io/XBackendTrafficPolicy'],
  run(located, { world, absence, report }) {
    if (!located.namespaceKnown) return;
    for (const node of items(located.root, 'spec', 'targetRefs')) {
      const [target] = referenceOf(node, { group: '', kind: '', namespace: located.namespace });
      // Another namespace cannot be named here.
      if (target?.key !== '/Service' || world.service(located.namespace, target.name)) continue;
      const { hint, fixes } = slipOf(
        target.nameNode,
        target.name,
        world.services(located.namespace).map(({ name }) => name),
      );
      report(
        target.nameNode,
        `Namespace \`${located.namespace}\` has no Service \`${target.name}\`, so this policy applies to nothing.${hint}`,
        { severity: absence, fixes },
      );
    }
  },
});
