import { labelsOf } from '../../model/labels.ts';
import type { Located } from '../../model/located.ts';
import { asMap, asSeq, at, entriesOf } from '../../yaml/access.ts';
import { selectorOf } from '../selection.ts';
import { some, type Truth } from '../truth.ts';
import { actionOf } from '../ztunnelPolicy.ts';
import type { Attributes } from './attributes.ts';
import type { Reader } from './fields.ts';
import { type Action, ruleMatches } from './rules.ts';

/** What a set of policies at one proxy makes of a request, in the order in which proxies evaluate them. */
export interface Decision {
  readonly result: 'allow' | 'deny' | 'unknown';
  /** The policy that decides; undefined where none of those that allow matches, and where nothing is refused. */
  readonly by: Located | undefined;
}

const ALLOWED: Decision = { result: 'allow', by: undefined };

/**
 * CUSTOM, then DENY, then ALLOW: any DENY that matches refuses; else it is allowed when there is no ALLOW or one matches.
 * ztunnel knows DENY and ALLOW alone. What an external authorizer answers is in no file.
 */
export function decide(policies: readonly Located[], attributes: Attributes, reader: Reader): Decision {
  const readable = policies.filter((policy) => isLegible(policy));
  const of = (action: Action) => readable.filter((policy) => actionOf(policy.root) === action);
  const templated = policies.find((policy) => actionOf(policy.root) === undefined || !isLegible(policy));
  for (const policy of of('DENY')) {
    if (policyMatches(policy, attributes, 'DENY', reader) === 'yes') return { result: 'deny', by: policy };
  }
  const doubtful = of('DENY').find((policy) => policyMatches(policy, attributes, 'DENY', reader) === 'unknown');
  const asked =
    reader === 'ztunnel'
      ? undefined
      : of('CUSTOM').find((policy) => policyMatches(policy, attributes, 'CUSTOM', reader) !== 'no');
  const allows = of('ALLOW');
  const allowed = some(allows, (policy) => policyMatches(policy, attributes, 'ALLOW', reader));
  if (allows.length > 0 && allowed === 'no' && !templated) return { result: 'deny', by: undefined };
  const undecided = templated ?? doubtful ?? asked ?? (allowed === 'unknown' ? allows[0] : undefined);
  return undecided ? { result: 'unknown', by: undecided } : ALLOWED;
}

/** Whether some rule of a policy matches; a policy without rules matches nothing. */
export function policyMatches(policy: Located, attributes: Attributes, action: Action, reader: Reader): Truth {
  const rules = at(policy.root, 'spec', 'rules');
  const list = asSeq(rules)?.items;
  if (rules && !list) return 'unknown';
  return some(list ?? [], (rule) =>
    asMap(rule) ? ruleMatches(rule, policy.namespace, attributes, action, reader) : 'unknown',
  );
}

/** False where a template or a fault hides what a policy is about: whom it selects, or everything in it. */
export function isLegible({ root, document }: Located): boolean {
  const { problems, actions } = document.parsed;
  if (problems.length > 0) return false;
  const spec = at(root, 'spec');
  if (!asMap(spec)) return spec === undefined && actions.length === 0;
  const selector = selectorOf({ root });
  return labelsOf(selector).size === entriesOf(selector).length;
}
