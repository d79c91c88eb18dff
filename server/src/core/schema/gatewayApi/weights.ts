import { items } from '../../yaml/access.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { numberOr } from './defaults.ts';

const ALL_ZERO: CheckFacts = {
  code: 'all-weights-zero',
  severity: 'warning',
  what: 'Every backend of a rule has weight 0.',
  why: 'Nothing is sent anywhere: HTTP requests fail with status 500, connections are reset.',
  todo: 'Give the backend that should receive traffic a weight of 1 or more.',
  source: 'Gateway API, meaning of backendRefs[].weight',
};

/** For the list of backends of one rule. */
export const someWeight: Rule = {
  facts: ALL_ZERO,
  run(node, report) {
    const backends = items(node);
    const last = backends.at(-1);
    if (!last || !backends.every((backend) => numberOr(backend, 'weight', 1) === 0)) return;
    report(fieldNode(last, 'weight'), 'All backends of this rule have weight 0, so every request fails.');
  },
};
