import { at, entriesOf, has, isPresent, items, text } from '../yaml/access.ts';
import { perNode } from '../yaml/perNode.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { isLostAtZtunnel, isReadable } from './authorization/fields.ts';

/**
 * What a ztunnel makes of an AuthorizationPolicy that reaches it (one without targetRefs). It knows addresses, ports and
 * identities; what needs HTTP is dropped, and what is left decides.
 */
export type ZtunnelOutcome =
  | 'as-written'
  /** An ALLOW lost rules, others are left: fewer requests pass than written. */
  | 'narrower'
  /** An ALLOW lost all its rules: everything is denied. */
  | 'denies-all'
  /** No rule of a DENY can match: what it was meant to stop passes. */
  | 'without-effect'
  /** A DENY lost HTTP parts, and something is left of it. */
  | 'altered'
  /** CUSTOM or AUDIT: the policy is not sent to ztunnel at all. */
  | 'unsupported-action';

export interface L7Use {
  /** The scalar or list that needs HTTP. */
  readonly node: YamlNode;
  readonly field: string;
}

export interface ZtunnelRule {
  readonly node: YamlNode;
  /** What in the rule needs HTTP. */
  readonly l7: readonly L7Use[];
  /** True when all items of some clause are emptied, so that the rule can never match. */
  readonly hollow: boolean;
  readonly outcome: 'as-written' | 'dropped' | 'never-matches' | 'altered';
  /** For a rule that is altered: HTTP fields beside others in one item, which then denies more. */
  readonly widened: readonly L7Use[];
  /** For a rule that is altered: items of nothing but HTTP fields, which then never match. */
  readonly lost: readonly L7Use[];
}

/** Everything in a policy that needs an HTTP-aware proxy. */
export function l7UsesOf(policy: YamlNode): readonly L7Use[] {
  return ztunnelRules(policy).flatMap(({ l7 }) => l7);
}

/** Fields that ztunnel skips although they need no HTTP. */
export function ignoredByZtunnel(policy: YamlNode): L7Use[] {
  return items(policy, 'spec', 'rules').flatMap((rule) =>
    items(rule, 'from').flatMap((from) => usesOf(at(from, 'source'), isLostAtZtunnel)),
  );
}

interface ClauseItem {
  readonly l7: readonly L7Use[];
  /** True when nothing is left of the item for ztunnel. */
  readonly emptied: boolean;
}

/** The clauses of a rule: all of them must match, each by one of its items. */
function clausesOf(rule: YamlNode): ClauseItem[][] {
  return [
    items(rule, 'from').map((from) => itemOf(at(from, 'source'))),
    items(rule, 'to').map((to) => itemOf(at(to, 'operation'))),
    ...items(rule, 'when').map((when) => [conditionOf(when)]),
  ].filter((clause) => clause.length > 0);
}

function itemOf(node: YamlNode | undefined): ClauseItem {
  const l7 = usesOf(node, needsHttp);
  const lost = l7.length + usesOf(node, isLostAtZtunnel).length;
  return { l7, emptied: lost > 0 && lost === fieldsIn(node) };
}

function conditionOf(when: YamlNode): ClauseItem {
  const node = at(when, 'key');
  const key = text(node);
  const isL7 = node !== undefined && key !== undefined && needsHttp(`when ${key}`);
  return { l7: isL7 ? [{ node, field: `when ${key}` }] : [], emptied: isL7 };
}

function needsHttp(field: string): boolean {
  return !isReadable(field, 'ztunnel') && !isLostAtZtunnel(field);
}

function usesOf(node: YamlNode | undefined, concerns: (field: string) => boolean): L7Use[] {
  return entriesOf(node).flatMap(({ key, value }) =>
    concerns(key.text) && isPresent(value) && !isEmptyList(value) ? [{ node: value, field: key.text }] : [],
  );
}

function fieldsIn(node: YamlNode | undefined): number {
  return node?.kind === 'map' ? node.entries.filter(({ value }) => !isEmptyList(value)).length : 0;
}

function isEmptyList(node: YamlNode): boolean {
  return node.kind === 'seq' && node.items.length === 0;
}

/** The rules of a policy with what ztunnel makes of each. */
export const ztunnelRules = perNode((policy): readonly ZtunnelRule[] => {
  const deny = text(policy, 'spec', 'action') === 'DENY';
  return items(policy, 'spec', 'rules').map((rule) => ztunnelRule(rule, deny));
});

function ztunnelRule(node: YamlNode, deny: boolean): ZtunnelRule {
  const clauses = clausesOf(node);
  const l7 = clauses.flatMap((clause) => clause.flatMap((item) => item.l7));
  // A clause of which nothing is left can never match, and takes the whole rule with it.
  const hollow = clauses.some((clause) => clause.every(({ emptied }) => emptied));
  const rule = { node, l7, hollow, widened: [], lost: [] };
  if (!deny) return { outcome: l7.length > 0 ? 'dropped' : 'as-written', ...rule };
  if (hollow) return { outcome: 'never-matches', ...rule };
  if (l7.length === 0) return { outcome: 'as-written', ...rule };
  const parts = clauses.flat();
  const used = (emptied: boolean) => parts.filter((item) => item.emptied === emptied).flatMap((item) => item.l7);
  return { ...rule, outcome: 'altered', widened: used(false), lost: used(true) };
}

/** The outcome of the policy as a whole. */
export function ztunnelOutcome(policy: YamlNode): ZtunnelOutcome {
  const action = text(policy, 'spec', 'action') ?? 'ALLOW';
  if (action === 'CUSTOM' || action === 'AUDIT') return 'unsupported-action';
  const outcomes = ztunnelRules(policy).map((rule) => rule.outcome);
  if (outcomes.length > 0 && outcomes.every((outcome) => outcome === 'never-matches')) return 'without-effect';
  if (outcomes.includes('never-matches') || outcomes.includes('altered')) return 'altered';
  if (!outcomes.includes('dropped')) return 'as-written';
  return outcomes.every((outcome) => outcome === 'dropped') ? 'denies-all' : 'narrower';
}

/** The action; undefined when it comes from a template, so that nothing can be said about the policy. */
export function actionOf(policy: YamlNode): string | undefined {
  return has(at(policy, 'spec'), 'action') ? text(policy, 'spec', 'action') : 'ALLOW';
}

/** True for policies that bind by reference: they never reach a ztunnel or a sidecar. */
export function hasTargetRefs(policy: YamlNode): boolean {
  return items(policy, 'spec', 'targetRefs').length > 0 || at(policy, 'spec', 'targetRef') !== undefined;
}
