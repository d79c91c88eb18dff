import type { Located } from '../../model/located.ts';
import { LINKERD_POLICY, referenceOf } from '../../model/routes.ts';
import type { Workload } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { at, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { AUTHORIZATION_POLICY, SERVER_AUTHORIZATION } from '../linkerdAuthorizations.ts';
import { accountFits, isListed, linkerdIdentity } from '../linkerdIdentity.ts';
import type { PathContext } from '../paths/context.ts';
import { parsePrincipal, sourcesOf } from '../principals.ts';

/** Whether a workload is one that a policy names as a caller; undefined for policies that name nobody. */
export function namedCallers(context: PathContext, policy: Located): ((workload: Workload) => boolean) | undefined {
  switch (policy.kindKey) {
    case 'security.istio.io/AuthorizationPolicy':
      return byPrincipals(policy);
    case SERVER_AUTHORIZATION:
      return byList(context, policy, at(policy.root, 'spec', 'client', 'meshTLS'), 'serviceAccounts');
    case `${LINKERD_POLICY}/MeshTLSAuthentication`:
      return byList(context, policy, at(policy.root, 'spec'), 'identityRefs');
    case AUTHORIZATION_POLICY:
      return byAuthentications(context, policy);
    default:
      return undefined;
  }
}

/** Wildcards name nobody in particular. */
function byPrincipals({ root, namespace }: Located): ((workload: Workload) => boolean) | undefined {
  const accounts = new Set<string>();
  const namespaces = new Set<string>();
  for (const source of sourcesOf(root)) {
    for (const node of items(source, 'principals')) {
      const principal = parsePrincipal(text(node) ?? '');
      if (principal) accounts.add(`${principal.namespace}/${principal.serviceAccount}`);
    }
    for (const node of items(source, 'serviceAccounts')) {
      const written = text(node) ?? '';
      accounts.add(written.includes('/') ? written : `${namespace}/${written}`);
    }
    for (const node of items(source, 'namespaces')) namespaces.add(text(node) ?? '');
  }
  if (accounts.size === 0 && namespaces.size === 0) return undefined;
  return (workload) =>
    accounts.has(`${workload.namespace}/${workload.serviceAccount}`) || namespaces.has(workload.namespace);
}

function byList(
  { settings }: PathContext,
  { namespace }: Located,
  holder: YamlNode | undefined,
  accounts: string,
): (workload: Workload) => boolean {
  return (workload) => {
    const identity = linkerdIdentity(workload, settings.linkerd);
    return isListed(holder, { names: 'identities', accounts }, namespace, identity, settings.linkerd) === 'yes';
  };
}

function byAuthentications(context: PathContext, policy: Located): (workload: Workload) => boolean {
  const { world, settings } = context;
  const named = items(policy.root, 'spec', 'requiredAuthenticationRefs').flatMap((reference) => {
    if (text(reference, 'kind')?.toLowerCase() === 'serviceaccount') {
      return (workload: Workload) =>
        accountFits(reference, policy.namespace, linkerdIdentity(workload, settings.linkerd), settings.linkerd) ===
        'yes';
    }
    return authenticationAt(world, reference, policy).flatMap((found) => namedCallers(context, found) ?? []);
  });
  return (workload) => named.some((names) => names(workload));
}

function authenticationAt(world: World, reference: YamlNode, { namespace }: Located): Located[] {
  const [named] = referenceOf(reference, { group: LINKERD_POLICY, kind: '', namespace });
  const found = named && world.find(`${LINKERD_POLICY}/MeshTLSAuthentication`, named.namespace, named.name);
  return found && named.kind.toLowerCase() === 'meshtlsauthentication' ? [found] : [];
}
