import { at, entriesOf, has } from '../../yaml/access.ts';
import { field, fragment, map, object, typeFacts } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { labels } from './labels.ts';
import { selectorLabels } from './selector.ts';

/** Labels by which the networking kinds choose workloads (`workloadSelector.labels`), and labels that workloads carry. */

const MAX_LABELS = 256;

/** The same labels with the limit that the networking CRDs set; what a label may be stays said in one place. */
function limited(labelMap: ReturnType<typeof labels> | ReturnType<typeof selectorLabels>) {
  return map(labelMap._zod.def.valueType, { max: MAX_LABELS, rules: typeFacts.get(labelMap)?.rules });
}

export const workloadLabels = fragment(() => limited(labels()));

export const labelSelector = fragment(() =>
  object({
    labels: field(
      limited(selectorLabels()),
      'Labels that a pod or WorkloadEntry must carry, all of them, in the namespace of the resource (in the whole mesh from the root namespace).',
    ),
  }),
);

const NO_LABELS: CheckFacts = {
  code: 'selector-without-labels',
  severity: 'warning',
  what: 'A selector without labels.',
  why: 'It selects every workload of the namespace, as if there were no selector; usually that is not what its author meant.',
  todo: 'Add the labels, or remove the selector to say that all workloads are meant.',
  source: 'istio/istio pkg/config/validation/validation.go, ValidateAlphaWorkloadSelector and validateWorkloadSelector',
};

/** For the object that holds the selector: the selector names labels, or is not there. */
export function selectorHasLabels(selector: string, labelField: string): Rule {
  return {
    facts: NO_LABELS,
    needsWhole: true,
    run(node, report) {
      if (!has(node, selector) || at(node, selector)?.kind !== 'map') return;
      const chosen = at(node, selector, labelField);
      if (chosen?.kind === 'scalar' || entriesOf(chosen).length > 0) return;
      report(fieldNode(node, selector), `\`${selector}\` has no labels, so it selects every workload of the namespace.`);
    },
  };
}
