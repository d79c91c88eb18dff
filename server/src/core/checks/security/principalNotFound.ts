import { matchesAccount, parsePrincipal, principalsOf, serviceAccountsIn } from '../../mesh/principals.ts';
import { isKnownNamespace } from '../../mesh/systemNamespaces.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** A principal that no ServiceAccount of the workspace has. */
export const principalNotFound = workspaceCheck({
  facts: {
    code: 'principal-not-found',
    severity: 'error',
    what: 'An AuthorizationPolicy names the identity of a ServiceAccount that the workspace does not have.',
    why: 'No client can have the identity, so the rule never matches: an ALLOW admits nobody, a DENY stops nobody.',
    todo: 'Correct the namespace or the ServiceAccount. Workloads without `serviceAccountName` run as `default`.',
    peers: ['KIA0106'],
    source: 'kiali/kiali business/checkers/authorization/principals_checker.go',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const mesh = scope.meshConfig;
    const own = [mesh.trustDomain, ...mesh.trustDomainAliases, ...scope.settings.trustDomains];
    for (const { node, principal } of principalsOf(located.root)) {
      // A wildcard inside is a fault of its own, told about beside the schema.
      if (principal === '*' || principal.slice(1, -1).includes('*') || matchesAccount(scope.world, principal, own))
        continue;
      const parsed = parsePrincipal(principal);
      // The accounts of other meshes are not in this workspace.
      if (parsed && !own.includes(parsed.trustDomain)) continue;
      // Every namespace has this one without anybody writing it.
      if (
        parsed?.serviceAccount === 'default' &&
        isKnownNamespace(scope.world, scope.meshConfig.rootNamespace, parsed.namespace)
      )
        continue;
      const names = parsed ? serviceAccountsIn(scope.world, parsed.namespace) : [];
      const { hint, fixes } = slipOf(
        node,
        parsed?.serviceAccount ?? '',
        names,
        (near) => `${parsed?.trustDomain}/ns/${parsed?.namespace}/sa/${near}`,
      );
      const what = parsed
        ? `Namespace \`${parsed.namespace}\` has no ServiceAccount \`${parsed.serviceAccount}\` in this workspace`
        : `No ServiceAccount of this workspace has an identity like \`${principal}\``;
      scope.report(node, `${what}, so nobody calls with this identity.${hint}`, {
        severity: scope.absence,
        fixes,
      });
    }
  },
});
