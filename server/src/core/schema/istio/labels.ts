import { text } from '../../yaml/access.ts';
import { fragment, map, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { keysOf } from '../rules.ts';

/** Labels that must be equal to those of pods: subsets, sources of routes, workload entries. */

const INVALID_LABEL: CheckFacts = {
  code: 'invalid-label',
  severity: 'error',
  what: 'A label with a key or value that no Kubernetes object can carry.',
  why: 'It could never match a pod; the webhook of istiod refuses the resource.',
  todo: 'Use at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends; a key may have a DNS prefix with a slash.',
  source: 'istio/istio pkg/config/labels, Instance.Validate',
};

const MAX_NAME = 63;
const MAX_PREFIX = 253;
const NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

function isName(name: string): boolean {
  return name.length <= MAX_NAME && NAME.test(name);
}

/** Why a text cannot be the key of a label, as the end of a sentence. */
export function labelKeyProblem(key: string): string | undefined {
  const slash = key.indexOf('/');
  const prefix = slash === -1 ? undefined : key.slice(0, slash);
  if (prefix !== undefined && (prefix.length > MAX_PREFIX || !PREFIX.test(prefix))) {
    return 'what stands before the slash must be a DNS name';
  }
  const name = key.slice(slash + 1);
  if (name === '') return 'a name is missing';
  return isName(name)
    ? undefined
    : `the name must be at most ${MAX_NAME} letters, digits, \`-\`, \`_\` and \`.\`, with a letter or digit at both ends`;
}

const labelKeys: Rule = {
  facts: INVALID_LABEL,
  run(node, report) {
    for (const { key, node: where } of keysOf(node)) {
      const problem = labelKeyProblem(key);
      if (problem && !key.includes('{{')) report(where, `\`${key}\` cannot be the key of a label: ${problem}.`);
    }
  },
};

const labelValue: Rule = {
  facts: INVALID_LABEL,
  run(node, report) {
    const value = text(node);
    if (value === undefined || value === '' || isName(value)) return;
    const hint = value.includes('*') ? ' Labels are compared literally, without wildcards.' : '';
    report(
      node,
      `\`${value}\` cannot be the value of a label: it must be at most ${MAX_NAME} letters, digits, \`-\`, \`_\` and \`.\`.${hint}`,
    );
  },
};

export const labels = fragment(() => map(string({ rules: [labelValue] }), { rules: [labelKeys] }));
