import { at, entriesOf, isTemplated } from '../../yaml/access.ts';
import { field, fragment, map, object, typeFacts } from '../define.ts';
import type { Rule } from '../rule.ts';
import { labels } from './labels.ts';
import { SELECTOR_WITHOUT_LABELS, selectorLabels } from './selector.ts';

/** Labels by which the networking kinds choose workloads (`workloadSelector.labels`), and labels that workloads carry. */

const MAX_LABELS = 256;

/** The same labels with the limit that the networking CRDs set; what a label may be stays said in one place. */
function limited(labelMap: ReturnType<typeof labels> | ReturnType<typeof selectorLabels>) {
  return map(labelMap._zod.def.valueType, { max: MAX_LABELS, rules: typeFacts.get(labelMap)?.rules });
}

export const workloadLabels = fragment(() => limited(labels()));

const hasLabels: Rule = {
  facts: SELECTOR_WITHOUT_LABELS,
  needsWhole: true,
  run(node, report) {
    const chosen = at(node, 'labels');
    if (isTemplated(chosen) || entriesOf(chosen).length > 0) return;
    // Labels under a wrong name are told about as such.
    if (entriesOf(node).some((entry) => entry.key.text !== 'labels')) return;
    report(node, 'This selector names no labels, so it selects every workload of the namespace.');
  },
};

export const labelSelector = fragment(() =>
  object(
    {
      labels: field(
        limited(selectorLabels()),
        'Labels that a pod or WorkloadEntry must carry, all of them, in the namespace of the resource (in the whole mesh from the root namespace).',
      ),
    },
    { rules: [hasLabels] },
  ),
);
