import { isKnownNamespace } from '../../mesh/systemNamespaces.ts';
import { at, items, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** A ReferenceGrant for a namespace that nobody defines. */
export const grantNamespaceNotFound = workspaceCheck({
  facts: {
    code: 'grant-namespace-not-found',
    severity: 'error',
    what: 'A ReferenceGrant lets a namespace refer here that the workspace does not have.',
    why: 'The grant helps nobody, and would help whoever later creates a namespace of that name.',
    todo: 'Correct the namespace, or remove the entry.',
    peers: ['KIA1601'],
    source: 'kiali/kiali business/checkers/k8sreferencegrants/namespace_checker.go',
  },
  kinds: ['gateway.networking.k8s.io/ReferenceGrant'],
  run({ root }, { world, meshConfig, absence, report }) {
    const { rootNamespace } = meshConfig;
    for (const entry of items(root, 'spec', 'from')) {
      const node = at(entry, 'namespace');
      const name = text(node);
      if (!node || name === undefined || isKnownNamespace(world, rootNamespace, name)) continue;
      const { hint, fixes } = slipOf(node, name, [...world.namespaces()]);
      report(node, `The workspace has no namespace \`${name}\`, so the grant helps nobody there.${hint}`, {
        severity: absence,
        fixes,
      });
    }
  },
});
