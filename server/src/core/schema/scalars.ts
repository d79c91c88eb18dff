import { replaceScalar } from '../yaml/edits.ts';
import { isAmbiguousPlain, numberOf } from '../yaml/scalar.ts';
import type { MapNode, ScalarNode, SeqNode, YamlNode } from '../yaml/tree.ts';
import * as check from './checks.ts';
import { INVALID_DURATION } from './formats.ts';
import { isNewer, PROJECT_NAMES, targetOf } from './releases.ts';
import type { Fix } from './rule.ts';
import type { NumberShape, Shape, StringShape } from './shape.ts';
import { nearestName } from './unknownField.ts';
import { brief, nameOf, report, type Walk } from './walk.ts';

/**
 * Judging one value: its type, and for scalars what they may be. A value behind an alias is corrected where the alias
 * stands, so that the anchored value stays as it is.
 */

const TYPE_NAMES: Readonly<Record<Shape['type'], string>> = {
  object: 'a map of fields',
  map: 'a map',
  list: 'a list',
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  bool: '`true` or `false`',
  intOrString: 'a number or text',
  any: 'anything',
};

export function hasRightType(
  walk: Walk,
  node: YamlNode,
  target: MapNode | SeqNode | ScalarNode,
  shape: Shape,
): boolean {
  if (shape.type === 'any') return true;
  if (target.kind === 'scalar') return hasRightScalarType(walk, node, target, shape);
  const fits = target.kind === 'map' ? shape.type === 'object' || shape.type === 'map' : shape.type === 'list';
  if (!fits) {
    const found = target.kind === 'map' ? 'a map' : 'a list';
    report(walk, check.WRONG_TYPE, node, `${nameOf(node)} takes ${TYPE_NAMES[shape.type]}, and here is ${found}.`);
  }
  return fits;
}

function hasRightScalarType(walk: Walk, node: YamlNode, scalar: ScalarNode, shape: Shape): boolean {
  const { type } = scalar;
  switch (shape.type) {
    case 'string':
      if (type === 'string') return true;
      reportNotText(walk, node, scalar, shape);
      return false;
    case 'bool':
      if (type === 'bool') return true;
      break;
    case 'int':
      if (type === 'int' || (type === 'float' && Number.isInteger(numberOf(scalar)))) return true;
      break;
    case 'number':
      if (type === 'int' || type === 'float') return true;
      break;
    case 'intOrString':
      if (type === 'int' || type === 'string' || (type === 'float' && Number.isInteger(numberOf(scalar)))) return true;
      break;
    default:
  }
  const unquoted = (scalar.style === 'double' || scalar.style === 'single') && isPlainOf(shape, scalar.text);
  const fixes: Fix[] = unquoted
    ? [
        {
          title: 'Remove the quotes',
          safe: true,
          edits: [{ span: { start: node.start, end: node.end }, text: scalar.text }],
        },
      ]
    : [];
  report(
    walk,
    check.WRONG_TYPE,
    node,
    `${nameOf(node)} takes ${TYPE_NAMES[shape.type]}, and here is ${scalarName(scalar)}.`,
    { fixes },
  );
  return false;
}

function isPlainOf(shape: Shape, text: string): boolean {
  if (shape.type === 'bool') return text === 'true' || text === 'false';
  if (shape.type === 'int') return /^-?\d+$/.test(text);
  return shape.type === 'number' && /^-?\d+(\.\d+)?$/.test(text);
}

/** A number for a duration lacks its unit; Kubernetes would read it in quotes, and the field still refuse it. */
function reportNoUnit(walk: Walk, node: YamlNode, scalar: ScalarNode): void {
  const value = `${scalar.text}s`;
  report(
    walk,
    check.WRONG_TYPE,
    node,
    `${nameOf(node)} takes a duration, and here is ${scalarName(scalar)} without a unit. Write \`${value}\` if seconds are meant.`,
    {
      fixes: [
        {
          title: `Change to \`${value}\``,
          safe: false,
          edits: [{ span: { start: node.start, end: node.end }, text: value }],
        },
      ],
    },
  );
}

function reportNotText(walk: Walk, node: YamlNode, scalar: ScalarNode, shape: Shape): void {
  const isDuration = shape.rules.some(({ facts }) => facts === INVALID_DURATION);
  if (isDuration && /^[1-9]\d*$/.test(scalar.text)) {
    reportNoUnit(walk, node, scalar);
    return;
  }
  const fixes: Fix[] = [
    {
      title: `Put ${scalar.text} in quotes`,
      safe: true,
      edits: [{ span: { start: node.start, end: node.end }, text: JSON.stringify(scalar.text) }],
    },
  ];
  if (isAmbiguousPlain(scalar.text)) {
    const read = scalar.type === 'bool' ? 'a boolean' : `the number ${numberOf(scalar)}`;
    report(
      walk,
      check.AMBIGUOUS_SCALAR,
      node,
      `Kubernetes reads unquoted \`${scalar.text}\` as ${read}, and ${nameOf(node)} takes text. Put it in quotes.`,
      { fixes },
    );
  } else {
    report(
      walk,
      check.WRONG_TYPE,
      node,
      `${nameOf(node)} takes text, and here is ${scalarName(scalar)}. Put it in quotes.`,
      { fixes },
    );
  }
}

function scalarName(scalar: ScalarNode): string {
  if (scalar.type === 'null') return 'nothing';
  const types = { string: 'the text', int: 'the number', float: 'the number', bool: 'the boolean' } as const;
  return `${types[scalar.type]} \`${brief(scalar.text)}\``;
}

export function validateString(walk: Walk, node: ScalarNode, shape: StringShape): void {
  if (shape.values) {
    validateChoice(walk, node, shape.values);
    return;
  }
  const length = [...node.text].length;
  if (shape.min !== undefined && length < shape.min) {
    const message =
      shape.min === 1
        ? `${nameOf(node)} must not be empty.`
        : `${nameOf(node)} must have at least ${shape.min} characters.`;
    report(walk, check.OUT_OF_RANGE, node, message);
  } else if (shape.max !== undefined && length > shape.max) {
    report(
      walk,
      check.OUT_OF_RANGE,
      node,
      `${nameOf(node)} may have at most ${shape.max} characters, and this has ${length}.`,
    );
  } else {
    matchPattern(walk, node, shape);
  }
}

export function matchPattern(
  walk: Walk,
  node: ScalarNode,
  shape: { readonly pattern?: RegExp; readonly patternMeaning?: string },
): void {
  if (!shape.pattern || shape.pattern.test(node.text)) return;
  report(
    walk,
    check.PATTERN_MISMATCH,
    node,
    `${nameOf(node)} must be ${shape.patternMeaning ?? `of the form ${shape.pattern.source}`}, and \`${brief(node.text)}\` is not.`,
  );
}

function validateChoice(walk: Walk, node: ScalarNode, values: NonNullable<StringShape['values']>): void {
  const value = values.get(node.text);
  const { definition, context } = walk;
  if (!value) {
    const near = nearestName(node.text, [...values.keys()]);
    const listed = [...values.keys()].slice(0, 12).map((name) => (name === '' ? '""' : `\`${name}\``));
    const more = values.size > 12 ? `, … (${values.size} values)` : '';
    const hint = near === undefined ? '' : ` Did you mean \`${near}\`?`;
    const fixes: Fix[] =
      near === undefined ? [] : [{ title: `Change to \`${near}\``, safe: false, edits: [replaceScalar(node, near)] }];
    report(
      walk,
      check.INVALID_ENUM_VALUE,
      node,
      `\`${brief(node.text)}\` is not a value of ${nameOf(node)}; it takes ${listed.join(', ')}${more}.${hint}`,
      { fixes },
    );
  } else if (isNewer(value.since, definition.project, context.targets)) {
    report(
      walk,
      check.NEWER_FIELD,
      node,
      `\`${node.text}\` came with ${PROJECT_NAMES[definition.project]} ${value.since}, and the target is ${targetOf(definition.project, context.targets)}; that release refuses it.`,
    );
  } else if (
    value.channel === 'experimental' &&
    definition.channel !== 'experimental' &&
    context.targets.gatewayApi.channel === 'standard'
  ) {
    report(
      walk,
      check.EXPERIMENTAL_FIELD,
      node,
      `\`${node.text}\` is only in the experimental channel of the Gateway API; the standard channel refuses it.`,
    );
  } else if (value.deprecated) {
    report(walk, check.DEPRECATED_FIELD, node, `\`${node.text}\` is deprecated. ${value.deprecated}`, {
      tag: 'deprecated',
    });
  }
}

export function validateNumber(walk: Walk, node: ScalarNode, shape: NumberShape): void {
  const value = numberOf(node);
  if (value === undefined) return;
  const limits = limitsOf(walk, shape, value);
  if ((limits.min !== undefined && value < limits.min) || (limits.max !== undefined && value > limits.max)) {
    report(walk, check.OUT_OF_RANGE, node, `${nameOf(node)} must be ${rangeText(limits)}, and this is ${node.text}.`);
  }
}

interface Limits {
  readonly min?: number;
  readonly max?: number;
}

/** The CRDs of Istio keep whole numbers in 32 bits where they name no other limits; only the side in question is told. */
function limitsOf({ definition }: Walk, shape: NumberShape, value: number): Limits {
  const unlimited = shape.type === 'int' && shape.min === undefined && shape.max === undefined;
  if (!unlimited || definition.project !== 'istio' || definition.kind === 'IstioOperator') return shape;
  return value < 0 ? { min: -(2 ** 31) } : { max: 2 ** 31 - 1 };
}

function rangeText({ min, max }: Limits): string {
  if (min !== undefined && max !== undefined) return `from ${min} to ${max}`;
  return min !== undefined ? `at least ${min}` : `at most ${max}`;
}
