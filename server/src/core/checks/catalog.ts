// Layer 4: checks. Rules about one resource stand beside its schema; here are the checks that look further, and the list
// of all of them.
import { KINDS, rulesOfResource, specShape } from '../schema/catalog.ts';
import { STRUCTURAL_CHECKS } from '../schema/checks.ts';
import type { CheckFacts, Rule } from '../schema/rule.ts';
import type { Shape } from '../schema/shape.ts';
import { WORKSPACE_CHECKS } from './registry.ts';
import { SUPPRESSION_WITHOUT_REASON, UNUSED_SUPPRESSION } from './suppressions.ts';
import { UNREADABLE_FILE, YAML_SYNTAX } from './syntax.ts';

/** Every check that can be reported, by code. Built from the definitions themselves, so that none can be forgotten. */
export function allChecks(): CheckFacts[] {
  const found = new Map<string, CheckFacts>();
  const add = (facts: CheckFacts) => found.set(facts.code, facts);
  [
    YAML_SYNTAX,
    UNREADABLE_FILE,
    SUPPRESSION_WITHOUT_REASON,
    UNUSED_SUPPRESSION,
    ...STRUCTURAL_CHECKS,
    ...WORKSPACE_CHECKS.map((check) => check.facts),
  ].forEach(add);
  const seen = new Set<Shape>();
  for (const definition of KINDS) {
    for (const rule of rulesOfResource(definition)) add(rule.facts);
    for (const version of Object.keys(definition.versions))
      for (const rule of rulesOf(specShape(definition, version), seen)) add(rule.facts);
  }
  return [...found.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

function rulesOf(shape: Shape, seen: Set<Shape>): Rule[] {
  if (seen.has(shape)) return [];
  seen.add(shape);
  const inner =
    shape.type === 'object'
      ? [...shape.fields.values()].map((field) => field.shape)
      : shape.type === 'list'
        ? [shape.item]
        : shape.type === 'map'
          ? [shape.value]
          : [];
  return [...shape.rules, ...inner.flatMap((part) => rulesOf(part, seen))];
}
