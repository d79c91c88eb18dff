import { anchorOf } from '../yaml/access.ts';
import type { MapNode, YamlNode } from '../yaml/tree.ts';
import type { KindDefinition } from './kind.ts';
import type { CheckFacts, Problem, ReportExtras, Rule, RuleContext } from './rule.ts';
import type { ObjectShape } from './shape.ts';

/** A resource that is wrong everywhere helps nobody with its thousandth message. */
const MAX_PROBLEMS = 200;

/** What a walk carries: what is validated against what, and where problems go. */
export interface Walk {
  readonly definition: KindDefinition;
  readonly context: RuleContext;
  /** The document's text, for edits. */
  readonly text: string;
  readonly problems: Problem[];
  /** The objects around the one being read, outermost first. */
  readonly around: { readonly node: MapNode; readonly shape: ObjectShape }[];
}

export function report(walk: Walk, facts: CheckFacts, where: YamlNode | { start: number; end: number }, message: string, extras: ReportExtras = {}): void {
  if (walk.problems.length >= MAX_PROBLEMS) return;
  const span = 'kind' in where ? anchorOf(where) : where;
  const severity = extras.severity ?? facts.severity;
    if (walk.problems.some((p) => p.code === facts.code && p.span.start === span.start && p.message === message)) return;
  const peers = peersOf(walk.definition, severity, facts);
  walk.problems.push({
    code: facts.code,
    severity,
    message,
    span: { start: span.start, end: span.end },
    peers,
    fixes: extras.fixes ?? [],
    related: extras.related ?? [],
    ...(extras.tag ? { tag: extras.tag } : {}),
  });
}

/** Istio's own tools show what their webhook says as IST0106 (refused) or IST0133 (warned). */
function peersOf(definition: KindDefinition, severity: string, facts: CheckFacts): string[] {
  const peers = new Set(facts.peers ?? []);
  if (definition.project === 'istio' && severity === 'error') peers.add('IST0106');
  if (definition.project === 'istio' && severity === 'warning') peers.add('IST0133');
  return [...peers];
}

/** How a message calls a node: by the name of its field, or by the list that it is an item of. */
export function nameOf(node: YamlNode): string {
  if (node.key) return `\`${node.key.text}\``;
  const parentKey = node.parent?.key?.text;
  return parentKey ? `an item of \`${parentKey}\`` : 'the resource';
}

export function runRules(walk: Walk, node: YamlNode, rules: readonly Rule[]): void {
  for (const rule of rules) {
    if (rule.needsWhole && walk.context.partial) continue;
    rule.run(node, (where, message, extras) => report(walk, rule.facts, where, message, extras), walk.context);
  }
}
