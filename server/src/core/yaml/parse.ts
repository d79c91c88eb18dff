import { Composer, type CST, isAlias, isMap, isPair, isScalar, isSeq, Parser, Scalar } from 'yaml';
import { plainType } from './scalar.ts';
import type { Span } from './span.ts';
import { isFilledByAction, maskTemplate, overlapsAction } from './template.ts';
import type {
  Entry,
  MapNode,
  ScalarNode,
  ScalarStyle,
  ScalarType,
  SeqNode,
  SyntaxProblem,
  SyntaxProblemCode,
  YamlNode,
} from './tree.ts';

/** What parsing one document gives. There is always a result; `root` is null for an empty or unreadable document. */
export interface ParsedDocument {
  readonly text: string;
  readonly root: YamlNode | null;
  readonly problems: readonly SyntaxProblem[];
  /** Where template actions stand; empty for plain YAML. */
  readonly actions: readonly Span[];
}

/** Deeper nesting than this is refused before composing, because the composer recurses over the tokens. */
export const MAX_DEPTH = 256;
/** A document of more than this many UTF-16 units is not parsed. */
export const MAX_LENGTH = 2 * 1024 * 1024;

/** Parses the text of one document (as `splitDocuments` cuts it). Never throws. */
export function parseDocument(text: string): ParsedDocument {
  if (text.length > MAX_LENGTH) return unreadable(text, 'too-large', 0, 0);
  const nul = text.indexOf('\0');
  if (nul !== -1) return unreadable(text, 'not-text', nul, nul + 1);
  const masked = maskTemplate(text);
  const tokens = [...new Parser().parse(masked.text)];
  const deep = firstTooDeep(tokens);
  if (deep !== undefined) return unreadable(text, 'too-deep', deep, deep + 1);
  const composer = new Composer({
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    keepSourceTokens: false,
    logLevel: 'silent',
  });
  const documents = [...composer.compose(tokens, true, masked.text.length)];
  const problems = documents.flatMap((document) => document.errors.map((error) => problemOf(error, text)));
  // A second document can only come from `...`; the first is what the resource is.
  const document = documents.find((candidate) => candidate.contents !== null) ?? documents[0];
  const build = new TreeBuilder(text, masked.actions, problems);
  const root = document?.contents ? build.node(document.contents) : null;
  const conflict = problems.length > 0 ? conflictIn(text) : undefined;
  return { text, root, problems: conflict ? [conflict] : problems, actions: masked.actions };
}

function unreadable(text: string, code: SyntaxProblemCode, start: number, end: number): ParsedDocument {
  return { text, root: null, problems: [{ code, ...(end > start ? visibleSpan(text, start, end) : { start, end }) }], actions: [] };
}

function firstTooDeep(tokens: readonly CST.Token[]): number | undefined {
  const stack: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return token.offset;
    if (token.type === 'document' && token.value) stack.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const item of token.items) {
      if (item.key) stack.push({ token: item.key, depth: depth + 1 });
      if (item.value) stack.push({ token: item.value, depth: depth + 1 });
    }
  }
  return undefined;
}

const CODES: Record<string, SyntaxProblemCode> = {
  ALIAS_PROPS: 'bad-alias',
  BAD_ALIAS: 'bad-alias',
  BAD_COLLECTION_TYPE: 'bad-tag',
  BAD_DIRECTIVE: 'bad-directive',
  BAD_DQ_ESCAPE: 'bad-escape',
  BAD_INDENT: 'bad-indent',
  BAD_PROP_ORDER: 'misplaced-property',
  BAD_SCALAR_START: 'bad-scalar-start',
  BLOCK_AS_IMPLICIT_KEY: 'second-colon',
  BLOCK_IN_FLOW: 'block-in-flow',
  KEY_OVER_1024_CHARS: 'multiline-key',
  MISSING_CHAR: 'missing-character',
  MULTILINE_IMPLICIT_KEY: 'multiline-key',
  MULTIPLE_ANCHORS: 'misplaced-property',
  MULTIPLE_TAGS: 'misplaced-property',
  NON_STRING_KEY: 'complex-key',
  RESOURCE_EXHAUSTION: 'too-deep',
  TAB_AS_INDENT: 'tab-indent',
  TAG_RESOLVE_FAILED: 'bad-tag',
};

function problemOf(error: { code: string; pos: [number, number] }, text: string): SyntaxProblem {
  const [start, end] = error.pos;
  const code = CODES[error.code] ?? 'unexpected-token';
  // At the end of the text it is not the indentation of something that is wrong, but that nothing follows.
  const atEnd = code === 'bad-indent' && text.slice(start).trim() === '';
  return { code: atEnd ? 'missing-character' : code, ...visibleSpan(text, code === 'bad-indent' ? skipSpaces(text, start) : start, end) };
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at++;
  return text[at] === '\n' || text[at] === '\r' ? from : at;
}

/** What an interrupted merge leaves. It breaks the document in many places, and only the first is worth telling. */
const CONFLICT = /^<{7} .*$/m;

function conflictIn(text: string): SyntaxProblem | undefined {
  const match = CONFLICT.exec(text);
  return match ? { code: 'conflict-marker', start: match.index, end: match.index + match[0].trimEnd().length } : undefined;
}

/**
 * At least one character where there is one, inside the text, and never half of a surrogate pair. What is missing at the
 * end of the text is shown at the last thing that is there.
 */
function visibleSpan(text: string, from: number, to: number): Span {
  const last = text.slice(from).trim() === '' ? Math.max(text.trimEnd().length - 1, 0) : from;
  const start = last - (isSecondHalf(text, last) ? 1 : 0);
  const end = Math.min(Math.max(to, start + 1), text.length);
  return { start, end: end + (isSecondHalf(text, end) ? 1 : 0) };
}

function isSecondHalf(text: string, at: number): boolean {
  const isLow = (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  return isLow && at > 0 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
}

const STYLES: Record<string, ScalarStyle> = {
  [Scalar.QUOTE_SINGLE]: 'single',
  [Scalar.QUOTE_DOUBLE]: 'double',
  [Scalar.BLOCK_LITERAL]: 'literal',
  [Scalar.BLOCK_FOLDED]: 'folded',
};

/** Turns the parser's nodes into ours. Recursion is bounded, because `firstTooDeep` has refused deeper input. */
class TreeBuilder {
  readonly #anchors = new Map<string, YamlNode>();
  readonly #text: string;
  readonly #actions: readonly Span[];
  readonly #problems: SyntaxProblem[];

  constructor(text: string, actions: readonly Span[], problems: SyntaxProblem[]) {
    this.#text = text;
    this.#actions = actions;
    this.#problems = problems;
  }

  node(source: unknown, fallback = 0): YamlNode {
    const node = this.#convert(source, fallback);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    return node;
  }

  #convert(source: unknown, fallback: number): YamlNode {
    if (isAlias(source)) {
      const [start, end] = source.range ?? [fallback, fallback];
      const target = this.#anchors.get(source.source);
      // The parser leaves this to whoever resolves aliases, which is us. It has complained of an empty name itself.
      if (!target && source.source !== '') this.#problems.push({ code: 'bad-alias', start, end });
      return { kind: 'alias', name: source.source, target, start, end };
    }
    if (isMap(source)) return this.#map(source);
    if (isSeq(source)) return this.#seq(source);
    return this.#scalar(source, fallback);
  }

  #map(source: { items: unknown[]; flow?: boolean; range?: readonly number[] | null; anchor?: string; tag?: string }): MapNode {
    const [start = 0, end = 0] = source.range ?? [];
    const entries: Entry[] = [];
    const node: MapNode = { kind: 'map', flow: source.flow === true, entries, start, end, ...properties(source) };
    // An alias inside its own anchor is a cycle; registering early lets it resolve, and every walk is guarded.
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    for (const pair of source.items) {
      if (!isPair(pair)) continue;
      const key = this.#key(pair.key);
      const value = this.node(pair.value, key.end);
      value.key = key;
      value.parent = node;
      entries.push({ key, value });
    }
    return node;
  }

  #seq(source: { items: unknown[]; flow?: boolean; range?: readonly number[] | null; anchor?: string; tag?: string }): SeqNode {
    const [start = 0, end = 0] = source.range ?? [];
    const items: YamlNode[] = [];
    const node: SeqNode = { kind: 'seq', flow: source.flow === true, items, start, end, ...properties(source) };
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    for (const entry of source.items) {
      const item = this.node(entry, start);
      item.parent = node;
      items.push(item);
    }
    return node;
  }

  #key(source: unknown): ScalarNode {
    if (isScalar(source) || source === null || source === undefined) return this.#scalar(source, 0);
    const node = this.node(source);
    const target = node.kind === 'alias' ? node.target : node;
    if (target?.kind === 'scalar') return { ...target, start: node.start, end: node.end };
    this.#problems.push({ code: 'complex-key', start: node.start, end: Math.max(node.start + 1, node.end) });
    return { kind: 'scalar', text: '', type: 'null', style: 'plain', templated: true, start: node.start, end: node.end };
  }

  #scalar(source: unknown, fallback: number): ScalarNode {
    const given = isScalar(source) ? source : undefined;
    const [start, end] = given?.range ?? [fallback, fallback];
    const text = typeof given?.value === 'string' ? given.value : '';
    const style = STYLES[given?.type ?? ''] ?? 'plain';
    const templated = this.#isTemplated(start, end);
    const type = templated ? 'string' : typeOf(text, style, given?.tag);
    return { kind: 'scalar', text, type, style, templated, start, end, ...(given ? properties(given) : {}) };
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

function properties(source: { anchor?: string; tag?: string }): { anchor?: string; tag?: string } {
  return {
    ...(source.anchor === undefined ? {} : { anchor: source.anchor }),
    ...(source.tag === undefined ? {} : { tag: source.tag }),
  };
}
