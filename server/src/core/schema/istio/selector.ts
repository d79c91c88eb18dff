import { at, entriesOf, isTemplated, text } from '../../yaml/access.ts';
import { field, fragment, map, object, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { keysOf } from '../rules.ts';

/** How Istio's policies choose what they are about: by labels of workloads. */

const LABEL_WILDCARD: CheckFacts = {
  code: 'selector-wildcard',
  severity: 'error',
  what: 'A `*` or an empty key in the labels of a selector.',
  why: 'Labels are compared literally, so a wildcard could never match; the API server refuses it.',
  todo: 'Write the labels out. To select all workloads, leave the selector out.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRDs, CEL rules on .spec.selector.matchLabels',
};

const noWildcardKeys: Rule = {
  facts: LABEL_WILDCARD,
  run(node, report) {
    for (const { key, node: at } of keysOf(node)) {
      if (key === '') report(at, 'A label key must not be empty.');
      else if (key.includes('*'))
        report(at, `\`${key}\`: labels are compared literally, a wildcard is not allowed in a key.`);
    }
  },
};

const noWildcardValue: Rule = {
  facts: LABEL_WILDCARD,
  run(node, report) {
    const value = text(node);
    if (value?.includes('*'))
      report(node, `\`${value}\`: labels are compared literally, a wildcard is not allowed in a value.`);
  },
};

export const selectorLabels = fragment(() =>
  map(string({ max: 63, rules: [noWildcardValue] }), { max: 4096, rules: [noWildcardKeys] }),
);

export const SELECTOR_WITHOUT_LABELS: CheckFacts = {
  code: 'selector-without-labels',
  severity: 'warning',
  what: 'A selector that names no labels.',
  why: 'It selects every workload of the namespace, which is rarely what somebody means who writes a selector.',
  todo: 'Name the labels in `matchLabels`, or leave the selector out when all workloads are meant.',
  source: 'istio/istio pkg/config/validation/validation.go, validateWorkloadSelector',
};

const hasLabels: Rule = {
  facts: SELECTOR_WITHOUT_LABELS,
  needsWhole: true,
  run(node, report) {
    const labels = at(node, 'matchLabels');
    // Labels that come from a template are not known, but they are there.
    if (
      labels
        ? isTemplated(labels) || entriesOf(labels).length > 0
        : node.kind === 'map' && node.entries.some((entry) => entry.key.text !== 'matchLabels')
    )
      return;
    report(node, 'This selector names no labels, so it selects every workload of the namespace.');
  },
};

export const workloadSelector = fragment(() =>
  object(
    {
      matchLabels: field(
        selectorLabels(),
        'Labels that the pods carry, all of them. An empty map selects every workload of the namespace.',
      ),
    },
    { rules: [hasLabels] },
  ),
);
