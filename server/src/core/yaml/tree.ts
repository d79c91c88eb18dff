import type { Span } from './span.ts';

/**
 * The syntax tree of one YAML document, in our own terms, so that the parser behind it can be exchanged.
 * All offsets are relative to the document's text. Aliases are kept as they are written: `deref` in access.ts
 * follows them, with a guard against cycles.
 */
export type YamlNode = MapNode | SeqNode | ScalarNode | AliasNode;

interface NodeFacts extends Span {
  /** The key under which this node stands in its map; undefined for list items and the root. */
  key: ScalarNode | undefined;
  parent: MapNode | SeqNode | undefined;
  /** Present when the node carries an explicit tag such as `!!str`. */
  readonly tag?: string;
  readonly anchor?: string;
}

export interface MapNode extends NodeFacts {
  readonly kind: 'map';
  readonly flow: boolean;
  readonly entries: Entry[];
}

export interface Entry {
  readonly key: ScalarNode;
  /** A key without a value holds a null scalar of zero length. */
  readonly value: YamlNode;
}

export interface SeqNode extends NodeFacts {
  readonly kind: 'seq';
  readonly flow: boolean;
  readonly items: YamlNode[];
}

export type ScalarType = 'string' | 'int' | 'float' | 'bool' | 'null';
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

export interface ScalarNode extends NodeFacts {
  readonly kind: 'scalar';
  /** The cooked text: escapes resolved, folding done; for plain scalars what is written. */
  readonly text: string;
  /** The type that Kubernetes' YAML reader gives it (YAML 1.1 words and octals included). */
  readonly type: ScalarType;
  readonly style: ScalarStyle;
  /** True when part of the scalar is a template action such as `{{ .Values.x }}`, so that its value is unknown. */
  readonly templated: boolean;
}

export interface AliasNode extends NodeFacts {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: YamlNode | undefined;
}

// Nodes are made here alone, with all their fields at once: engines read objects of one shape several times as fast.

export function scalarNode(
  text: string,
  { type, style, templated }: Pick<ScalarNode, 'type' | 'style' | 'templated'>,
  { start, end }: Span,
): ScalarNode {
  return { kind: 'scalar', start, end, key: undefined, parent: undefined, text, type, style, templated };
}

export function mapNode(flow: boolean, { start, end }: Span): MapNode {
  return { kind: 'map', start, end, key: undefined, parent: undefined, flow, entries: [] };
}

export function seqNode(flow: boolean, { start, end }: Span): SeqNode {
  return { kind: 'seq', start, end, key: undefined, parent: undefined, flow, items: [] };
}

export function aliasNode(name: string, target: YamlNode | undefined, { start, end }: Span): AliasNode {
  return { kind: 'alias', start, end, key: undefined, parent: undefined, name, target };
}

/** A fault of YAML itself, by the parser's permanent code; wording is made in checks/. */
export interface SyntaxProblem extends Span {
  readonly code: SyntaxProblemCode;
}

export type SyntaxProblemCode =
  | 'bad-alias'
  | 'bad-directive'
  | 'bad-escape'
  | 'bad-indent'
  | 'bad-scalar-start'
  | 'block-in-flow'
  | 'bad-tag'
  | 'complex-key'
  | 'conflict-marker'
  | 'misplaced-property'
  | 'missing-character'
  | 'multiline-key'
  | 'second-colon'
  | 'tab-indent'
  | 'too-deep'
  | 'too-large'
  | 'too-many-aliases'
  | 'unexpected-token'
  | 'not-text';
