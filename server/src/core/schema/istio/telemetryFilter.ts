import { text } from '../../yaml/access.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { celProblem } from './telemetryExpression.ts';

/** The condition under which a request is logged, an expression in CEL. */

const INVALID_FILTER: CheckFacts = {
  code: 'invalid-log-filter',
  severity: 'error',
  what: 'A filter of access logs that is not a CEL expression.',
  why: 'The webhook of istiod refuses the resource. Without the webhook, Envoy would reject the listeners that contain the filter.',
  todo: 'Correct the expression: comparison is `==`, conditions are joined by `&&` and `||`, text is in quotes.',
  source: 'istio/istio pkg/config/validation/validation.go, validateTelemetryFilter',
};

export const logFilter: Rule = {
  facts: INVALID_FILTER,
  run(node, report) {
    const expression = text(node);
    if (expression === undefined) return;
    const problem = celProblem(expression);
    if (problem) report(node, `This is not a CEL expression: ${problem}.`);
  },
};
