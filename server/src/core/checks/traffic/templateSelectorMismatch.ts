import { isMeshed } from '../../mesh/meshNamespaces.ts';
import type { Located } from '../../model/located.ts';
import { mayHaveAnyLabel, type Workload, workloadOf } from '../../model/workloads.ts';
import { changeTo } from '../../schema/fixes.ts';
import type { Fix } from '../../schema/rule.ts';
import { asMap, at, entriesOf, text } from '../../yaml/access.ts';
import { addEntry, scalarText } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

/** A workload of the mesh that does not select its own pods. */
export const templateSelectorMismatch = workspaceCheck({
  facts: {
    code: 'template-selector-mismatch',
    severity: 'error',
    what: 'The selector of a workload of a mesh does not match the labels of its own pod template.',
    why: 'The API server refuses the workload, so that what Services and policies of the mesh select is not there.',
    todo: 'Write the labels of `selector.matchLabels` into the metadata of the template.',
    source: 'stackrox/kube-linter@35de568d:pkg/templates/mismatchingselector; kubernetes apps/v1 validation',
  },
  kinds: ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'apps/ReplicaSet'],
  run(located, { world, report }) {
    const workload = workloadOf(located);
    const wanted = entriesOf(at(located.root, 'spec', 'selector', 'matchLabels'));
    // A template without labels may get them from a file that is laid over it.
    if (!workload || workload.labels.size === 0 || mayHaveAnyLabel(workload) || !isMeshed(world, workload)) return;
    for (const { key, value } of wanted) {
      const label = text(value);
      const found = workload.labels.get(key.text);
      if (label === undefined || found === label) continue;
      report(
        value,
        found === undefined
          ? `The pods of the template do not have the label \`${key.text}: ${label}\`, so this workload does not select them.`
          : `The pods of the template have \`${key.text}: ${found}\`, so this workload does not select them with \`${label}\`.`,
        { fixes: [labelThePods(located, workload, key.text, label)].flatMap((fix) => fix ?? []) },
      );
    }
  },
});

/** The selector of what is in a cluster cannot be changed, the labels of its template can. */
function labelThePods(located: Located, workload: Workload, key: string, label: string): Fix | undefined {
  const title = `Give the pods the label \`${key}: ${label}\``;
  const labels = asMap(at(workload.metadata, 'labels'));
  const own = at(labels, key);
  if (own) return own.kind === 'scalar' ? changeTo(own, label, title) : undefined;
  return labels && { title, safe: false, edits: [addEntry(located.document.text, labels, key, scalarText(label))] };
}
