import { asSeq, at, entriesOf, has, items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import type { CheckFacts, Rule } from './rule.ts';

/**
 * Cross-field rules that recur in many kinds. Each maker takes the names of the fields it is about and gives a rule for
 * the object in which they stand. Rules about one kind alone live beside that kind's schema.
 */
export const AT_MOST_ONE_OF: CheckFacts = {
  code: 'at-most-one-of',
  severity: 'error',
  what: 'Fields that exclude each other are set together.',
  why: 'The API server refuses the resource.',
  todo: 'Keep one of the fields.',
  peers: ['CRD-CEL'],
};

export const EXACTLY_ONE_OF: CheckFacts = {
  code: 'exactly-one-of',
  severity: 'error',
  what: 'Exactly one field of a group must be set, and none is, or several are.',
  why: 'The API server refuses the resource.',
  todo: 'Set one of the fields and remove the others.',
  peers: ['CRD-CEL'],
};

export const AT_LEAST_ONE_OF: CheckFacts = {
  code: 'at-least-one-of',
  severity: 'error',
  what: 'None of several fields is set, and one of them must be.',
  why: 'The API server refuses the resource.',
  todo: 'Set at least one of the fields.',
  peers: ['CRD-CEL'],
};

export const REQUIRES_FIELD: CheckFacts = {
  code: 'requires-field',
  severity: 'error',
  what: 'A field is set that needs another field, which is absent.',
  why: 'The API server refuses the resource.',
  todo: 'Set the other field too, or remove this one.',
  peers: ['CRD-CEL'],
};

/** Options of a combinator: other facts (a code and texts of its own) than the general ones. */
interface Options {
  readonly facts?: CheckFacts;
}

/** At most one of the named fields of an object is present. Reported on every one after the first. */
export function atMostOneOf(names: readonly string[], options: Options = {}): Rule {
  return {
    facts: options.facts ?? AT_MOST_ONE_OF,
    run(node, report) {
      const [first, ...others] = presentOf(node, names);
      for (const name of others) {
        report(
          fieldNode(node, name),
          `\`${name}\` and \`${first}\` exclude each other; set only one of ${listOf(names)}.`,
        );
      }
    },
  };
}

/** Exactly one of the named fields of an object is present. */
export function exactlyOneOf(names: readonly string[], options: Options = {}): Rule {
  return {
    facts: options.facts ?? EXACTLY_ONE_OF,
    needsWhole: true,
    run(node, report, context) {
      const present = presentOf(node, names);
      if (present.length === 0) report(node, `Exactly one of ${listOf(names)} is required, and none is set.`);
      if (present.length > 1) atMostOneOf(names, options).run(node, report, context);
    },
  };
}

/** At least one of the named fields of an object is present. */
export function atLeastOneOf(names: readonly string[], options: Options = {}): Rule {
  return {
    facts: options.facts ?? AT_LEAST_ONE_OF,
    needsWhole: true,
    run(node, report) {
      if (presentOf(node, names).length === 0)
        report(node, `At least one of ${listOf(names)} is required, and none is set.`);
    },
  };
}

/** `name` may be set only together with `needed`. */
export function requiresField(name: string, needed: string, options: Options = {}): Rule {
  return {
    facts: options.facts ?? REQUIRES_FIELD,
    needsWhole: true,
    run(node, report) {
      if (has(node, name) && !has(node, needed))
        report(fieldNode(node, name), `\`${name}\` needs \`${needed}\`, which is not set.`);
    },
  };
}

/** `name` may be set only when the enum field `discriminator` has the value `value`. */
export function onlyWhen(name: string, discriminator: string, value: string, options: Options = {}): Rule {
  return {
    facts: options.facts ?? REQUIRES_FIELD,
    run(node, report) {
      const actual = text(node, discriminator);
      if (has(node, name) && actual !== undefined && actual !== value) {
        report(
          fieldNode(node, name),
          `\`${name}\` is only allowed when \`${discriminator}\` is \`${value}\`, and here it is \`${actual}\`.`,
        );
      }
    },
  };
}

/** `name` must be set when the enum field `discriminator` has the value `value`. */
export function neededWhen(name: string, discriminator: string, value: string, options: Options = {}): Rule {
  return {
    facts: options.facts ?? REQUIRES_FIELD,
    needsWhole: true,
    run(node, report) {
      if (text(node, discriminator) === value && !has(node, name)) {
        report(at(node, discriminator) ?? node, `\`${discriminator}: ${value}\` needs \`${name}\`, which is not set.`);
      }
    },
  };
}

/** The texts of the scalars of a list, with their nodes, template values left out. */
export function textsOf(node: YamlNode, ...path: (string | number)[]): { text: string; node: YamlNode }[] {
  return items(node, ...path).flatMap((item) => {
    const value = text(item);
    return value === undefined ? [] : [{ text: value, node: item }];
  });
}

export function presentOf(node: YamlNode, names: readonly string[]): string[] {
  return names.filter((name) => has(node, name));
}

/** The value node of a field that is known to be there; its anchor is the field's key or scalar. */
export function fieldNode(node: YamlNode, name: string): YamlNode {
  return at(node, name) ?? node;
}

/** `a`, `b` and `c`. */
export function listOf(names: readonly string[], word = 'and'): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} ${word} ${quoted.at(-1)}`;
}

/** The keys of a map with the nodes to report at, template keys left out. */
export function keysOf(node: YamlNode): { key: string; node: YamlNode }[] {
  const known = entriesOf(node).filter((entry) => !entry.key.templated);
  return known.map((entry) => ({ key: entry.key.text, node: entry.key }));
}

/** True when a list is absent or empty; false when it holds something, or cannot be read because a template makes it. */
export function lacksItems(node: YamlNode, name: string): boolean {
  const value = at(node, name);
  return value === undefined || asSeq(value)?.items.length === 0;
}

/** True when a field holds something: an empty text or list counts as absent, as it does in control planes written in Go. */
export function isFilled(node: YamlNode, name: string): boolean {
  const value = at(node, name);
  return value !== undefined && text(value) !== '' && asSeq(value)?.items.length !== 0;
}
