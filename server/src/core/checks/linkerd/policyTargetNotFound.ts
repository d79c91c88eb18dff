import { SERVER } from '../../mesh/linkerdServers.ts';
import { policyTarget, routeOfOtherGroup } from '../../mesh/linkerdTargets.ts';
import type { Located } from '../../model/located.ts';
import { type ObjectReference, referenceOf } from '../../model/routes.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** A Linkerd policy for a Server or route that nobody defines. */
export const policyTargetNotFound = workspaceCheck({
  facts: {
    code: 'policy-target-not-found',
    severity: 'error',
    what: 'A Linkerd policy is for a Server or route that the workspace does not have.',
    why: 'The policy applies to nothing: it authorizes nobody and limits nothing.',
    todo: 'Correct the name. Server and route must be in the namespace of the policy.',
    source: 'linkerd/linkerd2:policy-controller/k8s/index/src/inbound/index.rs',
  },
  kinds: [
    'policy.linkerd.io/AuthorizationPolicy',
    'policy.linkerd.io/HTTPLocalRateLimitPolicy',
    'policy.linkerd.io/ServerAuthorization',
  ],
  run(located, { world, absence, report }) {
    const target = targetOf(located);
    if (!target || !located.namespaceKnown || world.find(target.key, target.namespace, target.name)) return;
    // A route of the name in the other group is another fault.
    if (routeOfOtherGroup(world, target)) return;
    const { kind, key, namespace, name, nameNode } = target;
    const names = world.ofKind(key).flatMap((found) => (found.namespace === namespace ? [found.name] : []));
    const { hint, fixes } = slipOf(nameNode, name, names);
    report(
      nameNode,
      `Namespace \`${namespace}\` has no ${kind} \`${name}\`, so this policy applies to nothing.${hint}`,
      {
        severity: absence,
        peers: located.resource.kind === 'HTTPLocalRateLimitPolicy' ? ['LKD:no-matching-target'] : [],
        fixes,
      },
    );
  },
});

function targetOf(policy: Located): ObjectReference | undefined {
  if (policy.resource.kind !== 'ServerAuthorization') {
    const target = policyTarget(policy);
    return target?.kind === 'Server' || target?.kind.endsWith('Route') ? target : undefined;
  }
  const [server] = referenceOf(at(policy.root, 'spec', 'server'), {
    group: 'policy.linkerd.io',
    kind: 'Server',
    namespace: policy.namespace,
  });
  return server && { ...server, key: SERVER };
}
