import { isAlias, isMap, isPair, isScalar, isSeq, Scalar } from 'yaml';
import { plainType } from './scalar.ts';
import type { Span } from './span.ts';
import { isFilledByAction, overlapsAction } from './template.ts';
import {
  aliasNode,
  type MapNode,
  mapNode,
  type ScalarNode,
  type ScalarStyle,
  type ScalarType,
  type SeqNode,
  type SyntaxProblem,
  scalarNode,
  seqNode,
  type YamlNode,
} from './tree.ts';

/**
 * A document that is larger than this, in nodes, once its aliases are written out, is refused; Kubernetes' own reader
 * becomes strict at about the same size. What is smaller can be walked without thinking of aliases.
 */
export const MAX_EXPANDED = 400_000;

const STYLES: Record<string, ScalarStyle> = {
  [Scalar.QUOTE_SINGLE]: 'single',
  [Scalar.QUOTE_DOUBLE]: 'double',
  [Scalar.BLOCK_LITERAL]: 'literal',
  [Scalar.BLOCK_FOLDED]: 'folded',
};

/** Turns the parser's nodes into ours. Recursion is bounded, because `firstTooDeep` has refused deeper input. */
export class TreeBuilder {
  readonly #anchors = new Map<string, YamlNode>();
  readonly #text: string;
  readonly #actions: readonly Span[];
  readonly #problems: SyntaxProblem[];
  /** How many nodes there are with every alias written out, and how many of them each anchor stands for. */
  #expanded = 0;
  readonly #sizes = new Map<string, number>();
  /** The alias with which the document became too large. */
  tooManyAliases: Span | undefined;

  constructor(text: string, actions: readonly Span[], problems: SyntaxProblem[]) {
    this.#text = text;
    this.#actions = actions;
    this.#problems = problems;
  }

  node(source: unknown, fallback = 0): YamlNode {
    const before = this.#expanded;
    const node = this.#convert(source, fallback);
    this.#expanded += 1 + (node.kind === 'alias' ? (this.#sizes.get(node.name) ?? 0) : 0);
    if (node.kind === 'alias' && this.#expanded > MAX_EXPANDED) this.tooManyAliases ??= node;
    if (node.anchor !== undefined) {
      this.#anchors.set(node.anchor, node);
      this.#sizes.set(node.anchor, this.#expanded - before);
    }
    return node;
  }

  #convert(source: unknown, fallback: number): YamlNode {
    if (isAlias(source)) {
      const [start, end] = source.range ?? [fallback, fallback];
      const target = this.#anchors.get(source.source);
      // The parser leaves this to whoever resolves aliases, which is us. It has complained of an empty name itself.
      if (!target && source.source !== '') this.#problems.push({ code: 'bad-alias', start, end });
      return aliasNode(source.source, target, { start, end });
    }
    if (isMap(source)) return this.#map(source);
    if (isSeq(source)) return this.#seq(source);
    return this.#scalar(source, fallback);
  }

  #map(source: {
    items: unknown[];
    flow?: boolean;
    range?: readonly number[] | null;
    anchor?: string;
    tag?: string;
  }): MapNode {
    const [start = 0, end = 0] = source.range ?? [];
    const node = withProperties(mapNode(source.flow === true, { start, end }), source);
    // An alias inside its own anchor is a cycle; registering early lets it resolve, and every walk is guarded.
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    for (const pair of source.items) {
      if (!isPair(pair)) continue;
      const key = this.#key(pair.key);
      const value = this.node(pair.value, key.end);
      value.key = key;
      value.parent = node;
      node.entries.push({ key, value });
    }
    return node;
  }

  #seq(source: {
    items: unknown[];
    flow?: boolean;
    range?: readonly number[] | null;
    anchor?: string;
    tag?: string;
  }): SeqNode {
    const [start = 0, end = 0] = source.range ?? [];
    const node = withProperties(seqNode(source.flow === true, { start, end }), source);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    for (const entry of source.items) {
      const item = this.node(entry, start);
      item.parent = node;
      node.items.push(item);
    }
    return node;
  }

  #key(source: unknown): ScalarNode {
    if (isScalar(source) || source === null || source === undefined) return this.#scalar(source, 0);
    const node = this.node(source);
    const target = node.kind === 'alias' ? node.target : node;
    if (target?.kind === 'scalar') return { ...target, start: node.start, end: node.end };
    this.#problems.push({ code: 'complex-key', start: node.start, end: Math.max(node.start + 1, node.end) });
    return scalarNode('', { type: 'null', style: 'plain', templated: true }, node);
  }

  #scalar(source: unknown, fallback: number): ScalarNode {
    const given = isScalar(source) ? source : undefined;
    const [start, end] = given?.range ?? [fallback, fallback];
    const text = typeof given?.value === 'string' ? given.value : '';
    const style = STYLES[given?.type ?? ''] ?? 'plain';
    const templated = this.#isTemplated(start, end);
    const type = templated ? 'string' : typeOf(text, style, given?.tag);
    return withProperties(scalarNode(text, { type, style, templated }, { start, end }), given);
  }

  /** Also true for a value that is absent only because the action below the key, which writes it, has been masked. */
  #isTemplated(start: number, end: number): boolean {
    if (this.#actions.length === 0) return false;
    return overlapsAction(this.#actions, start, end) || (start === end && isFilledByAction(this.#text, start));
  }
}

const RESOLVED_TAGS = new Set(['int', 'float', 'bool', 'null'].map((name) => `tag:yaml.org,2002:${name}`));

function typeOf(text: string, style: ScalarStyle, tag: string | undefined): ScalarType {
  if (tag !== undefined) return RESOLVED_TAGS.has(tag) ? plainType(text) : 'string';
  return style === 'plain' ? plainType(text) : 'string';
}

function withProperties<T extends YamlNode>(node: T, source: { anchor?: string; tag?: string } | undefined): T {
  if (source?.anchor === undefined && source?.tag === undefined) return node;
  const { anchor, tag } = source;
  return { ...node, ...(anchor === undefined ? {} : { anchor }), ...(tag === undefined ? {} : { tag }) };
}
