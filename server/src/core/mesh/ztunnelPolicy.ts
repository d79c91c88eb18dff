import { at, entriesOf, has, items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';

/**
 * What a ztunnel makes of an AuthorizationPolicy that reaches it (one without targetRefs). It knows addresses, ports and
 * identities; what needs HTTP is dropped, and what is left decides between five outcomes.
 */
export type ZtunnelOutcome =
  | 'as-written'
  /** An ALLOW lost rules, others are left: fewer requests pass than written. */
  | 'narrower'
  /** An ALLOW lost all its rules: everything is denied. */
  | 'denies-all'
  /** A DENY rule can never match: what it was meant to stop passes. */
  | 'without-effect'
  /** A DENY lost its HTTP parts: more is denied than written. */
  | 'widened'
  /** CUSTOM or AUDIT: the policy is not sent to ztunnel at all. */
  | 'unsupported-action';

export interface L7Use {
  /** The scalar or key that needs HTTP. */
  readonly node: YamlNode;
  readonly field: string;
}

export interface ZtunnelRule {
  readonly node: YamlNode;
  /** What in the rule needs HTTP. */
  readonly l7: readonly L7Use[];
  readonly outcome: 'as-written' | 'dropped' | 'never-matches' | 'widened';
}

const L7_OPERATION = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'];
const L7_SOURCE = ['remoteIpBlocks', 'notRemoteIpBlocks', 'requestPrincipals', 'notRequestPrincipals'];
/** Not converted at all: neither an L4 nor an L7 match is left of them. */
const LOST_SOURCE = ['trustDomains', 'notTrustDomains'];
const L4_OPERATION = ['ports', 'notPorts'];
const L4_SOURCE = ['principals', 'notPrincipals', 'namespaces', 'notNamespaces', 'serviceAccounts', 'notServiceAccounts', 'ipBlocks', 'notIpBlocks'];
const L4_CONDITIONS = new Set(['source.ip', 'source.namespace', 'source.principal', 'destination.ip', 'destination.port']);

/** Everything in a policy that needs an HTTP-aware proxy. */
export function l7UsesOf(policy: YamlNode): L7Use[] {
  return items(policy, 'spec', 'rules').flatMap(l7InRule);
}

function l7InRule(rule: YamlNode): L7Use[] {
  const operations = items(rule, 'to').flatMap((to) => usesOf(at(to, 'operation'), L7_OPERATION));
  const sources = items(rule, 'from').flatMap((from) => usesOf(at(from, 'source'), L7_SOURCE));
  const conditions = items(rule, 'when').flatMap((when) => {
    const key = at(when, 'key');
    const name = text(key);
    return key && name !== undefined && !L4_CONDITIONS.has(name) ? [{ node: key, field: `when ${name}` }] : [];
  });
  return [...sources, ...operations, ...conditions];
}

function usesOf(node: YamlNode | undefined, names: readonly string[]): L7Use[] {
  return names.flatMap((field) => {
    const value = at(node, field);
    return value ? [{ node: value, field }] : [];
  });
}

/** The rules of a policy with what ztunnel makes of each. */
export function ztunnelRules(policy: YamlNode): ZtunnelRule[] {
  const deny = text(policy, 'spec', 'action') === 'DENY';
  return items(policy, 'spec', 'rules').map((node) => {
    const l7 = l7InRule(node);
    if (!deny) return { node, l7, outcome: l7.length > 0 ? 'dropped' : 'as-written' };
    return { node, l7, outcome: denyOutcome(node, l7) };
  });
}

/** A clause whose every item is empty once HTTP is gone can never match, and takes the whole rule with it. */
function denyOutcome(rule: YamlNode, l7: readonly L7Use[]): ZtunnelRule['outcome'] {
  const clauses = [
    items(rule, 'to').map((to) => isEmptied(at(to, 'operation'), L4_OPERATION, L7_OPERATION)),
    items(rule, 'from').map((from) => isEmptied(at(from, 'source'), L4_SOURCE, [...L7_SOURCE, ...LOST_SOURCE])),
    ...items(rule, 'when').map((when) => [!L4_CONDITIONS.has(text(when, 'key') ?? 'source.ip')]),
  ].filter((clause) => clause.length > 0);
  if (clauses.some((clause) => clause.every(Boolean))) return 'never-matches';
  return l7.length > 0 ? 'widened' : 'as-written';
}

function isEmptied(node: YamlNode | undefined, kept: readonly string[], lost: readonly string[]): boolean {
  return lost.some((name) => has(node, name)) && !kept.some((name) => has(node, name));
}

/** The outcome of the policy as a whole. */
export function ztunnelOutcome(policy: YamlNode): ZtunnelOutcome {
  const action = text(policy, 'spec', 'action') ?? 'ALLOW';
  if (action === 'CUSTOM' || action === 'AUDIT') return 'unsupported-action';
  const outcomes = ztunnelRules(policy).map((rule) => rule.outcome);
  if (outcomes.includes('never-matches')) return 'without-effect';
  if (outcomes.includes('widened')) return 'widened';
  if (!outcomes.includes('dropped')) return 'as-written';
  return outcomes.every((outcome) => outcome === 'dropped') ? 'denies-all' : 'narrower';
}

/** True for policies that bind by reference: they never reach a ztunnel or a sidecar. */
export function hasTargetRefs(policy: YamlNode): boolean {
  return items(policy, 'spec', 'targetRefs').length > 0 || entriesOf(at(policy, 'spec', 'targetRef')).length > 0;
}
