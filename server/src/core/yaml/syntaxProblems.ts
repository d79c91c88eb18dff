import type { Span } from './span.ts';
import type { SyntaxProblem, SyntaxProblemCode } from './tree.ts';

/** What is wrong with a text as YAML: which fault, and the place that shows it best. */

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

/** The parser's complaint in our words. */
export function problemOf(error: { code: string; pos: [number, number] }, text: string): SyntaxProblem {
  const [start, end] = error.pos;
  const code = CODES[error.code] ?? 'unexpected-token';
  // At the end of the text it is not the indentation of something that is wrong, but that nothing follows.
  const atEnd = code === 'bad-indent' && text.slice(start).trim() === '';
  return {
    code: atEnd ? 'missing-character' : code,
    ...visibleSpan(text, code === 'bad-indent' ? skipSpaces(text, start) : start, end),
  };
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at++;
  return text[at] === '\n' || text[at] === '\r' ? from : at;
}

/** What an interrupted merge leaves. It breaks the document in many places, and only the first is worth telling. */
const CONFLICT = /^<{7} .*$/m;

export function conflictIn(text: string): SyntaxProblem | undefined {
  const match = CONFLICT.exec(text);
  return match
    ? { code: 'conflict-marker', start: match.index, end: match.index + match[0].trimEnd().length }
    : undefined;
}

/**
 * At least one character where there is one, inside the text, and never half of a surrogate pair. What is missing at the
 * end of the text is shown at the last thing that is there.
 */
export function visibleSpan(text: string, from: number, to: number): Span {
  const last = text.slice(from).trim() === '' ? Math.max(text.trimEnd().length - 1, 0) : from;
  const start = last - (isSecondHalf(text, last) ? 1 : 0);
  const end = Math.min(Math.max(to, start + 1), text.length);
  return { start, end: end + (isSecondHalf(text, end) ? 1 : 0) };
}

function isSecondHalf(text: string, at: number): boolean {
  const isLow = (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  return isLow && at > 0 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
}
