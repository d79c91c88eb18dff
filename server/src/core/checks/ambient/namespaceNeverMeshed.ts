import { at, text } from '../../yaml/access.ts';
import { removeEntry } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

const MODE = 'istio.io/dataplane-mode';
/** What the CNI leaves alone by default. */
const EXCLUDED = new Set(['kube-system']);

/** A namespace that no mesh takes in, whatever its labels say. */
export const namespaceNeverMeshed = workspaceCheck({
  facts: {
    code: 'namespace-never-meshed',
    severity: 'warning',
    what: 'A namespace that the CNI plugin of Istio excludes is labelled for ambient mode.',
    why: 'By default `kube-system` is in its `excludeNamespaces`: the pods there are never captured.',
    todo: 'Remove the label, or move the pods to another namespace.',
    source: 'istio/istio@1.30.3:manifests/charts/istio-cni/values.yaml',
  },
  kinds: ['/Namespace'],
  run(located, scope) {
    const node = at(located.root, 'metadata', 'labels', MODE);
    if (!node?.key || text(node) !== 'ambient' || !EXCLUDED.has(located.name)) return;
    const edit = removeEntry(located.document.text, node);
    scope.report(
      node.key,
      `Istio's CNI plugin leaves namespace \`${located.name}\` alone: its pods do not join ambient mode.`,
      {
        fixes: edit ? [{ title: `Remove \`${MODE}\``, safe: true, edits: [edit] }] : [],
      },
    );
  },
});
