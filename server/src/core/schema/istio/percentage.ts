import { num } from '../../yaml/access.ts';
import { field, fragment, number, object } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';

/** Shares of traffic, written as `percentage: {value: 0.5}`, and counts of hosts in percent. */

export const INVALID_PERCENTAGE: CheckFacts = {
  code: 'invalid-percentage',
  severity: 'error',
  what: 'A percentage outside 0 to 100, or so small that it cannot be counted.',
  why: 'The webhook of istiod refuses the resource.',
  todo: 'Write a number from 0 to 100. The smallest share of requests beside none is 0.0001.',
  source: 'istio/istio pkg/config/validation/validation.go, ValidatePercent and validatePercentage',
};

const SMALLEST = 0.0001;

/** A number from 0 to 100. */
export const wholePercent: Rule = {
  facts: INVALID_PERCENTAGE,
  run(node, report) {
    const value = num(node);
    if (value !== undefined && (value < 0 || value > 100)) {
      report(node, `${value} is not a percentage: write a number from 0 to 100.`);
    }
  },
};

const countablePercent: Rule = {
  facts: INVALID_PERCENTAGE,
  run(node, report) {
    const value = num(node);
    if (value === undefined) return;
    if (value < 0 || value > 100) report(node, `${value} is not a percentage: write a number from 0 to 100.`);
    else if (value > 0 && value < SMALLEST) {
      report(node, `${value} is too small a share: the smallest one beside 0 is ${SMALLEST}.`);
    }
  },
};

const VALUE_DOC = 'The share in percent, with decimals where needed: `0.5` means one request of two hundred.';

/** A share of requests that faults hit. */
export const faultPercentage = fragment(() =>
  object({ value: field(number({ rules: [countablePercent] }), VALUE_DOC, { default: 0 }) }),
);

/** A share of requests that is mirrored. */
export const percentage = fragment(() =>
  object({ value: field(number({ rules: [wholePercent] }), VALUE_DOC, { default: 0 }) }),
);
