import { certainLabels, fitsNoPod } from '../../mesh/unmatchedSelectors.ts';
import { describeLabels, matchesLabels } from '../../model/labels.ts';
import { serviceOf } from '../../model/workloads.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A Service of the mesh that no workload is behind. */
export const serviceSelectsNothing = workspaceCheck({
  facts: {
    code: 'service-selects-nothing',
    severity: 'warning',
    what: 'The selector of a Service matches no workload of its namespace, which is in a mesh.',
    why: 'The Service has no endpoints: requests to it are answered with 503, and routes and policies for it reach nothing.',
    todo: 'Write labels that the pods have. They stand in the template of the Deployment, not in its own metadata.',
    source: 'stackrox/kube-linter@35de568d:pkg/templates/danglingservice',
  },
  kinds: ['/Service'],
  run(located, { world, absence, report }) {
    const node = at(located.root, 'spec', 'selector');
    const wanted = certainLabels(node);
    if (!node || !wanted || serviceOf(located)?.externalName !== undefined) return;
    if (!fitsNoPod(world, located.namespace, (labels) => matchesLabels(wanted, labels))) return;
    report(
      node,
      `No workload of namespace \`${located.namespace}\` has pods with ${describeLabels(wanted)}, so this Service has no endpoints.`,
      { severity: absence === 'error' ? 'warning' : absence },
    );
  },
});
