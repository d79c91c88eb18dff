import { withKnownKind } from '../../mesh/linkerdTargets.ts';
import { serviceAccountsIn } from '../../mesh/principals.ts';
import { type ObjectReference, referenceOf } from '../../model/routes.ts';
import type { World } from '../../model/world.ts';
import { items } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** An authentication that an AuthorizationPolicy asks for and nobody defines. */
export const authenticationNotFound = workspaceCheck({
  facts: {
    code: 'authentication-not-found',
    severity: 'error',
    what: 'A Linkerd AuthorizationPolicy requires an authentication that the workspace does not have.',
    why: 'The whole policy is ignored and authorizes nobody. Nothing says so: clients are refused as if it were not there.',
    todo: 'Correct the name or the namespace, or add the MeshTLSAuthentication, NetworkAuthentication or ServiceAccount.',
    source: 'linkerd/linkerd2:policy-controller/k8s/index/src/inbound/index.rs, policy_client_authz',
  },
  kinds: ['policy.linkerd.io/AuthorizationPolicy'],
  run(located, { world, settings, absence, report }) {
    for (const node of items(located.root, 'spec', 'requiredAuthenticationRefs')) {
      const [written] = referenceOf(node, { group: '', kind: '', namespace: located.namespace });
      const reference = written && withKnownKind(written);
      if (!reference || (!settings.closedWorld && !world.hasNamespace(reference.namespace))) continue;
      const known = namesOf(world, reference);
      if (!known || known.includes(reference.name)) continue;
      const { kind, namespace, name, nameNode } = reference;
      const { hint, fixes } = slipOf(nameNode, name, known);
      const effect = kind === 'ServiceAccount' ? 'nobody calls with its identity' : 'the policy authorizes nobody';
      report(nameNode, `Namespace \`${namespace}\` has no ${kind} \`${name}\`, so ${effect}.${hint}`, {
        severity: absence,
        fixes,
      });
    }
  },
});

/** The names that would be right; undefined for kinds that are no authentication. */
function namesOf(world: World, { key, kind, namespace }: ObjectReference): string[] | undefined {
  if (kind === 'ServiceAccount') return ['default', ...serviceAccountsIn(world, namespace)];
  if (!kind.endsWith('Authentication')) return undefined;
  return world.ofKind(key).flatMap((found) => (found.namespace === namespace ? [found.name] : []));
}
