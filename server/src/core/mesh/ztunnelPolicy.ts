import { at, has, items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';

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
  readonly outcome: 'as-written' | 'dropped' | 'never-matches' | 'altered';
  /** For a rule that is altered: HTTP fields beside others in one item, which then denies more. */
  readonly widened: readonly L7Use[];
  /** For a rule that is altered: items of nothing but HTTP fields, which then never match. */
  readonly lost: readonly L7Use[];
}

const L7_OPERATION = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'];
const L7_SOURCE = ['remoteIpBlocks', 'notRemoteIpBlocks', 'requestPrincipals', 'notRequestPrincipals'];
/** Not converted at all: nothing is left of them, at L4 either. */
const LOST_SOURCE = ['trustDomains', 'notTrustDomains'];
const L4_CONDITIONS = new Set([
  'source.ip',
  'source.namespace',
  'source.principal',
  'destination.ip',
  'destination.port',
]);

/** Everything in a policy that needs an HTTP-aware proxy. */
export function l7UsesOf(policy: YamlNode): L7Use[] {
  return items(policy, 'spec', 'rules').flatMap((rule) =>
    clausesOf(rule).flatMap((clause) => clause.flatMap((item) => item.l7)),
  );
}

/** Fields that ztunnel skips although they need no HTTP. */
export function ignoredByZtunnel(policy: YamlNode): L7Use[] {
  return items(policy, 'spec', 'rules').flatMap((rule) =>
    items(rule, 'from').flatMap((from) => usesOf(at(from, 'source'), LOST_SOURCE)),
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
    items(rule, 'from').map((from) => itemOf(at(from, 'source'), L7_SOURCE, LOST_SOURCE)),
    items(rule, 'to').map((to) => itemOf(at(to, 'operation'), L7_OPERATION, [])),
    ...items(rule, 'when').map((when) => [conditionOf(when)]),
  ].filter((clause) => clause.length > 0);
}

function itemOf(node: YamlNode | undefined, l7Fields: readonly string[], lostFields: readonly string[]): ClauseItem {
  const l7 = usesOf(node, l7Fields);
  const lost = l7.length + usesOf(node, lostFields).length;
  return { l7, emptied: lost > 0 && lost === fieldsIn(node) };
}

function conditionOf(when: YamlNode): ClauseItem {
  const node = at(when, 'key');
  const key = text(node);
  const needsHttp = node !== undefined && key !== undefined && !L4_CONDITIONS.has(key);
  return { l7: needsHttp ? [{ node, field: `when ${key}` }] : [], emptied: needsHttp };
}

function usesOf(node: YamlNode | undefined, names: readonly string[]): L7Use[] {
  return names.flatMap((field) => {
    const value = at(node, field);
    return value && !isEmptyList(value) ? [{ node: value, field }] : [];
  });
}

function fieldsIn(node: YamlNode | undefined): number {
  return node?.kind === 'map' ? node.entries.filter(({ value }) => !isEmptyList(value)).length : 0;
}

function isEmptyList(node: YamlNode): boolean {
  return node.kind === 'seq' && node.items.length === 0;
}

/** The rules of a policy with what ztunnel makes of each. */
export function ztunnelRules(policy: YamlNode): ZtunnelRule[] {
  const deny = text(policy, 'spec', 'action') === 'DENY';
  return items(policy, 'spec', 'rules').map((node) => {
    const clauses = clausesOf(node);
    const l7 = clauses.flatMap((clause) => clause.flatMap((item) => item.l7));
    const rule = { node, l7, widened: [], lost: [] };
    if (!deny) return { ...rule, outcome: l7.length > 0 ? 'dropped' : 'as-written' };
    // A clause of which nothing is left can never match, and takes the whole rule with it.
    if (clauses.some((clause) => clause.every(({ emptied }) => emptied))) return { ...rule, outcome: 'never-matches' };
    if (l7.length === 0) return { ...rule, outcome: 'as-written' };
    const parts = clauses.flat();
    const used = (emptied: boolean) => parts.filter((item) => item.emptied === emptied).flatMap((item) => item.l7);
    return { ...rule, outcome: 'altered', widened: used(false), lost: used(true) };
  });
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
