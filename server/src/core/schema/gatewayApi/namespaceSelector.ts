import { at, isTemplated, items, text } from '../../yaml/access.ts';
import { field, fragment, list, map, object, required, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';

/** Choosing namespaces by their labels, where a Gateway says whose routes or listeners it takes. */

const OPERATOR: CheckFacts = {
  code: 'selector-expression-invalid',
  severity: 'error',
  what: 'An expression of a namespace selector with an unknown operator, or with values that do not fit its operator.',
  why: 'The API server takes it, but the controller cannot read the selector, so no namespace is admitted.',
  todo: 'Use `In` or `NotIn` with `values`, or `Exists` or `DoesNotExist` without.',
  source: 'Kubernetes label selectors, as Gateway controllers parse them',
};

const WITH_VALUES = new Set(['In', 'NotIn']);
const WITHOUT_VALUES = new Set(['Exists', 'DoesNotExist']);

const fitsOperator: Rule = {
  facts: OPERATOR,
  needsWhole: true,
  run(node, report) {
    const operator = text(node, 'operator');
    if (operator === undefined) return;
    const values = at(node, 'values');
    const count = items(values).length;
    if (WITH_VALUES.has(operator)) {
      if (count === 0 && !isTemplated(values))
        report(fieldNode(node, 'operator'), `\`${operator}\` needs \`values\` to compare with.`);
    } else if (WITHOUT_VALUES.has(operator)) {
      if (values && count > 0)
        report(values, `\`${operator}\` asks only whether the label is there; it takes no \`values\`.`);
    } else {
      report(
        fieldNode(node, 'operator'),
        `\`${operator}\` is not an operator of selectors; use \`In\`, \`NotIn\`, \`Exists\` or \`DoesNotExist\`.`,
      );
    }
  },
};

export const namespaceSelector = fragment(() =>
  object({
    matchLabels: field(
      map(string()),
      'Labels that the namespace must have, all of them. Kubernetes labels each namespace with its own name: `kubernetes.io/metadata.name`.',
    ),
    matchExpressions: field(
      list(
        object(
          {
            key: required(string(), 'Label of the namespace that is looked at.'),
            operator: required(string(), '`In` or `NotIn` one of `values`, or `Exists` or `DoesNotExist`.'),
            values: field(list(string()), 'Values that `In` and `NotIn` compare with; none for the other operators.'),
          },
          { rules: [fitsOperator] },
        ),
      ),
      'Further conditions on labels of the namespace; all of them must hold, and `matchLabels` too.',
    ),
  }),
);
