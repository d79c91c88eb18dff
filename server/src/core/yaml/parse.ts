import { Composer, type CST, Parser } from 'yaml';
import { readPlainBlocks } from './plainBlocks.ts';
import type { Span } from './span.ts';
import { conflictIn, problemOf, visibleSpan } from './syntaxProblems.ts';
import { maskTemplate } from './template.ts';
import type { SyntaxProblem, SyntaxProblemCode, YamlNode } from './tree.ts';
import { TreeBuilder } from './treeBuilder.ts';

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
  const root = text.length > MAX_LENGTH ? undefined : readPlainBlocks(text);
  return root ? { text, root, problems: [], actions: [] } : parseAnything(text);
}

/** Parses with the library, which knows all of YAML, and finds what is wrong with the rest. */
export function parseAnything(text: string): ParsedDocument {
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
  const bomb = build.tooManyAliases;
  if (bomb) return unreadable(text, 'too-many-aliases', bomb.start, bomb.end);
  const conflict = problems.length > 0 ? conflictIn(text) : undefined;
  return { text, root, problems: conflict ? [conflict] : problems, actions: masked.actions };
}

function unreadable(text: string, code: SyntaxProblemCode, start: number, end: number): ParsedDocument {
  return {
    text,
    root: null,
    problems: [{ code, ...(end > start ? visibleSpan(text, start, end) : { start, end }) }],
    actions: [],
  };
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
