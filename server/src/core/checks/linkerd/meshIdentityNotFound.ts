import { serviceAccountsIn } from '../../mesh/principals.ts';
import type { Located } from '../../model/located.ts';
import type { World } from '../../model/world.ts';
import { asScalar, at, items, text } from '../../yaml/access.ts';
import type { ScalarNode, YamlNode } from '../../yaml/tree.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** An identity of a ServiceAccount that nobody defines. */
export const meshIdentityNotFound = workspaceCheck({
  facts: {
    code: 'mesh-identity-not-found',
    severity: 'error',
    what: 'A Linkerd authentication names a ServiceAccount that the workspace does not have.',
    why: 'No client can show that identity, so the entry lets nobody in.',
    todo: 'Correct the name or the namespace. Workloads without `serviceAccountName` run as `default`.',
    source: 'linkerd/website: reference/authorization-policy, MeshTLSAuthentication',
  },
  kinds: ['policy.linkerd.io/MeshTLSAuthentication', 'policy.linkerd.io/ServerAuthorization'],
  run(located, { world, settings, absence, report }) {
    for (const { node, account, namespace } of accountsOf(located)) {
      if (!settings.closedWorld && !world.hasNamespace(namespace)) continue;
      const known = accountsIn(world, namespace);
      if (known.includes(account)) continue;
      // An identity begins with the account, too.
      const { hint, fixes } = slipOf(node, account, known, (near) => near + node.text.slice(account.length));
      report(
        node,
        `Namespace \`${namespace}\` has no ServiceAccount \`${account}\`, so nobody shows this identity.${hint}`,
        {
          severity: absence,
          fixes,
        },
      );
    }
  },
});

interface AccountUse {
  readonly node: ScalarNode;
  readonly account: string;
  readonly namespace: string;
}

function accountsOf(located: Located): AccountUse[] {
  const spec = at(located.root, 'spec');
  const client = at(spec, 'client', 'meshTLS');
  const references = [
    ...items(spec, 'identityRefs').filter((reference) => text(reference, 'kind') === 'ServiceAccount'),
    ...items(client, 'serviceAccounts'),
  ];
  const identities = [...items(spec, 'identities'), ...items(client, 'identities')];
  return [...references.flatMap((reference) => byReference(reference, located)), ...identities.flatMap(byIdentity)];
}

function byReference(reference: YamlNode, located: Located): AccountUse[] {
  const node = asScalar(at(reference, 'name'));
  const account = text(node);
  const written = at(reference, 'namespace');
  const namespace = written ? text(written) : located.namespace;
  return node && account !== undefined && namespace !== undefined ? [{ node, account, namespace }] : [];
}

/** `<account>.<namespace>.serviceaccount.identity.<control plane>.<trust domain>`; wildcards name no single account. */
const IDENTITY = /^([a-z0-9-]+)\.([a-z0-9-]+)\.serviceaccount\.identity\./;

function byIdentity(item: YamlNode): AccountUse[] {
  const node = asScalar(item);
  const [, account, namespace] = IDENTITY.exec(text(item) ?? '') ?? [];
  return node && account !== undefined && namespace !== undefined ? [{ node, account, namespace }] : [];
}

function accountsIn(world: World, namespace: string): string[] {
  return [
    'default',
    // The multicluster extension makes this account, with its gateway.
    ...(namespace === 'linkerd-multicluster' ? ['linkerd-gateway'] : []),
    ...serviceAccountsIn(world, namespace),
  ];
}
