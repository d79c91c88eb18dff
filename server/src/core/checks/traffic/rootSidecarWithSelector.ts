import { at } from '../../yaml/access.ts';
import { removeEntry } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

/** A Sidecar in the root namespace that is not for the whole mesh. */
export const rootSidecarWithSelector = workspaceCheck({
  facts: {
    code: 'root-sidecar-with-selector',
    severity: 'warning',
    what: 'A Sidecar in the root namespace has a `workloadSelector`.',
    why: 'Only without a selector is it the default of the whole mesh; with one it is for workloads of the root namespace alone.',
    todo: 'Remove the selector for a default of the mesh, or move the Sidecar to the namespace of the workloads.',
    peers: ['KIA1006'],
    source: 'kiali/kiali business/checkers/sidecars/global_checker.go',
  },
  kinds: ['networking.istio.io/Sidecar'],
  run(located, scope) {
    const selector = at(located.root, 'spec', 'workloadSelector');
    if (!selector || located.namespace !== scope.meshConfig.rootNamespace) return;
    const edit = removeEntry(located.document.text, selector);
    scope.report(
      selector,
      `In the root namespace \`${located.namespace}\` a Sidecar with a selector is no default for the mesh: it is for workloads of this namespace alone.`,
      {
        fixes: edit ? [{ title: 'Remove `workloadSelector`', safe: false, edits: [edit] }] : [],
      },
    );
  },
});
