import { anchorOf } from '../yaml/access.ts';
import type { MapNode, YamlNode } from '../yaml/tree.ts';
import type { KindDefinition } from './kind.ts';
import type { CheckFacts, Problem, Report, ReportExtras, Rule, RuleContext } from './rule.ts';
import type { ObjectShape, Shape } from './shape.ts';

/** A resource that is wrong everywhere helps nobody with its thousandth message. */
const MAX_PROBLEMS = 200;
/** More values than any resource has; aliases and merges of aliases can stand for more than the universe holds. */
export const NODE_BUDGET = 300_000;

/** What a walk carries: what is validated against what, and where problems go. */
export interface Walk {
  readonly definition: KindDefinition;
  readonly context: RuleContext;
  /** The shape of the body in another API version of the kind. */
  readonly specOf: (version: string) => Shape;
  /** The document's text, for edits. */
  readonly text: string;
  readonly problems: Problem[];
  /** The objects around the one being read, outermost first. */
  readonly around: { readonly node: MapNode; readonly shape: ObjectShape }[];
  /** How many more values may be looked at. */
  readonly budget: { nodes: number };
  /** The release that the field being read came with, once that has been told: what is in it came no earlier. */
  readonly told: { since?: string | undefined };
}

/** True when nothing more will be reported, so that the search for more can end. */
export function isFull(walk: Walk): boolean {
  return walk.problems.length >= MAX_PROBLEMS || walk.budget.nodes <= 0;
}

export function report(
  walk: Walk,
  facts: CheckFacts,
  where: YamlNode | { start: number; end: number },
  message: string,
  extras: ReportExtras = {},
): void {
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
    related: (extras.related ?? []).map(({ span: { start, end }, message }) => ({ span: { start, end }, message })),
    ...(extras.tag ? { tag: extras.tag } : {}),
    ...(facts.optIn ? { optIn: facts.optIn } : {}),
  });
}

/** Istio's own tools show what their webhook says as IST0106 (refused) or IST0133 (warned). */
function peersOf(definition: KindDefinition, severity: string, facts: CheckFacts): string[] {
  const peers = new Set(facts.peers ?? []);
  if (definition.project !== 'istio' || facts.webhook === false) return [...peers];
  if (severity === 'error') peers.add('IST0106');
  if (severity === 'warning') peers.add('IST0133');
  return [...peers];
}

/** How a message calls a node: by the name of its field, or by the list that it is an item of. */
export function nameOf(node: YamlNode): string {
  if (node.key) return `\`${brief(node.key.text)}\``;
  const parentKey = node.parent?.key?.text;
  return parentKey ? `an item of \`${brief(parentKey)}\`` : 'the resource';
}

const MAX_QUOTED = 80;

/** A user's text as a message can show it: one line, not too long, no half of a character at its end. */
export function brief(text: string): string {
  if (text === '') return '""';
  const line = text
    .slice(0, 4 * MAX_QUOTED)
    .replaceAll(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length > MAX_QUOTED || text.length > 4 * MAX_QUOTED
    ? `${characters.slice(0, MAX_QUOTED).join('')}…`
    : line;
}

/** Branches of a template (`{{ else }}`) stand side by side in the text, and only one of them will be there. */
const BRANCH = /\{\{-?\s*else\b/;

function hasBranches(walk: Walk, node: YamlNode): boolean {
  return node.kind !== 'scalar' && walk.context.partial && BRANCH.test(walk.text.slice(node.start, node.end));
}

export function runRules(walk: Walk, node: YamlNode, rules: readonly Rule[]): void {
  if (rules.length === 0 || hasBranches(walk, node)) return;
  // The rules run one after the other, so that one function does for all of them.
  let facts: CheckFacts | undefined;
  const tell: Report = (where, message, extras) => facts && report(walk, facts, where, message, extras);
  for (const rule of rules) {
    if (rule.needsWhole && walk.context.partial) continue;
    facts = rule.facts;
    rule.run(node, tell, walk.context);
  }
}
