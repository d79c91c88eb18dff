import { isKnownNamespace } from '../../mesh/systemNamespaces.ts';
import { items, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** A namespace in `exportTo` that does not exist. */
export const exportNamespaceNotFound = workspaceCheck({
  facts: {
    code: 'export-namespace-not-found',
    severity: 'error',
    what: '`exportTo` names a namespace that the workspace does not have.',
    why: 'Nobody is in that namespace; those who were meant do not see the resource.',
    todo: 'Correct the name, or write `.` for the own namespace or `*` for all.',
    peers: ['KIA0005'],
    source: 'kiali/kiali business/checkers/common/export_to_namespace_checker.go',
  },
  kinds: [
    'networking.istio.io/VirtualService',
    'networking.istio.io/DestinationRule',
    'networking.istio.io/ServiceEntry',
  ],
  run(located, scope) {
    const { world, meshConfig } = scope;
    for (const node of items(located.root, 'spec', 'exportTo')) {
      const name = text(node);
      if (name === undefined || ['', '.', '*', '~'].includes(name)) continue;
      if (isKnownNamespace(world, meshConfig.rootNamespace, name)) continue;
      const { near, hint, fixes } = slipOf(node, name, [...world.namespaces()]);
      // Namespaces of others are usual here; without the whole cluster only a likely slip is worth a word.
      if (near === undefined && !scope.settings.closedWorld) continue;
      scope.report(node, `The workspace has no namespace \`${name}\`, so this shows it to nobody.${hint}`, {
        severity: scope.absence,
        fixes,
      });
    }
  },
});
