import { has, items, text } from '../../yaml/access.ts';
import { choice, field, fragment, list, map, object, required, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';

/** The label selector of Kubernetes, as Linkerd's kinds use it. */

const SELECTOR_VALUES: CheckFacts = {
  code: 'selector-values-mismatch',
  severity: 'warning',
  what: 'The `values` of a selector expression do not fit its operator.',
  why: '`In` without values matches nothing and `NotIn` without values matches everything; `Exists` and `DoesNotExist` do not look at values.',
  todo: 'Give values to `In` and `NotIn`, and none to `Exists` and `DoesNotExist`.',
  source: 'linkerd/linkerd2@edge-26.8.3:policy-controller/k8s/api/src/labels.rs',
};

const valuesFitOperator: Rule = {
  facts: SELECTOR_VALUES,
  needsWhole: true,
  run(node, report) {
    const operator = text(node, 'operator');
    if (operator === 'In' || operator === 'NotIn') {
      if (items(node, 'values').length === 0) {
        const effect = operator === 'In' ? 'nothing' : 'everything';
        report(
          fieldNode(node, 'operator'),
          `\`${operator}\` without \`values\` matches ${effect}; list the values to compare with.`,
        );
      }
    } else if ((operator === 'Exists' || operator === 'DoesNotExist') && has(node, 'values')) {
      report(fieldNode(node, 'values'), `\`${operator}\` looks at the key alone and does not read \`values\`.`);
    }
  },
};

const selectorExpression = fragment(() =>
  object(
    {
      key: required(string(), 'The label to look at.'),
      operator: required(
        choice({
          In: 'The label is there and its value is in the list.',
          NotIn: 'The label is absent or its value is not in the list.',
          Exists: 'The label is there, whatever its value.',
          DoesNotExist: 'The object does not carry the label at all.',
        }),
        'How the label is compared.',
      ),
      values: field(list(string()), 'What `In` and `NotIn` compare the label with; the other operators take none.'),
    },
    { rules: [valuesFitOperator] },
  ),
);

const selectorFields = fragment(() => ({
  matchLabels: field(
    map(string()),
    'Labels that must be there with exactly these values, all of them. An empty map selects everything.',
  ),
  matchExpressions: field(
    list(selectorExpression()),
    'Further conditions on labels; all of them must hold, together with `matchLabels`.',
  ),
}));

export const labelSelector = fragment(() => object(selectorFields()));

/** The same with rules of its own, for the first version of Server. */
export function labelSelectorWith(rules: readonly Rule[]) {
  return object(selectorFields(), { rules });
}
