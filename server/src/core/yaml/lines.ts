/**
 * A document as lines with what indentation says about them. Works on any text, broken or half-typed, because it looks
 * at one line at a time; the tree knows more but needs text that can be parsed.
 */
export interface Line {
  readonly start: number;
  /** Offset of the line break, or the end of the text. */
  readonly end: number;
  /** Column of the first character that is not a blank; the length of the line when it is blank. */
  readonly indent: number;
  readonly role: 'blank' | 'comment' | 'scalar' | 'flow' | 'marker' | 'entry';
  /** Dashes and the key on this line, left to right. Empty unless the role is `entry`. */
  readonly marks: readonly Mark[];
}

export type Mark =
  | { readonly kind: 'item'; readonly column: number }
  | {
      readonly kind: 'key';
      readonly column: number;
      readonly key: string;
      /** Offset after the colon. */
      readonly valueStart: number;
      /** What stands after the colon, without blanks and comments. */
      readonly value: string;
    };

/** What the scan carries from line to line. */
interface ScanState {
  /** Lines deeper than this belong to a block scalar; -1 when there is none. */
  scalarIndent: number;
  flowDepth: number;
  quote: '' | '"' | "'";
}

export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  const state: ScanState = { scalarIndent: -1, flowDepth: 0, quote: '' };
  let start = 0;
  while (start <= text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    lines.push(readLine(text, start, end > start && text[end - 1] === '\r' ? end - 1 : end, state));
    if (newline === -1) break;
    start = newline + 1;
  }
  return lines;
}

function readLine(text: string, start: number, end: number, state: ScanState): Line {
  let at = start;
  while (at < end && (text[at] === ' ' || text[at] === '\t' || text[at] === '\uFEFF')) at++;
  const indent = at - start;
  const line = (role: Line['role'], marks: readonly Mark[] = []): Line => ({ start, end, indent, role, marks });
  if (at === end) return line('blank');
  if (state.quote !== '' || state.flowDepth > 0) {
    scanFlow(text, at, end, state);
    return line('flow');
  }
  if (state.scalarIndent >= 0) {
    if (indent > state.scalarIndent) return line('scalar');
    state.scalarIndent = -1;
  }
  if (text[at] === '#') return line('comment');
  if (indent === 0 && /^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(at, at + 4))) return line('marker');
  const marks = readMarks(text, start, at, end);
  const last = marks.at(-1);
  if (last?.kind === 'key') {
    if (/^(?:[&!]\S*\s+)*[|>][-+0-9]*$/.test(last.value)) state.scalarIndent = last.column;
    else scanFlow(text, last.valueStart, end, state, /^["'{[]/.test(last.value));
  } else {
    const rest = last ? start + last.column + 1 : at;
    const body = text.slice(rest, end).trim();
    if (/^[|>][-+0-9]*$/.test(body)) state.scalarIndent = last?.column ?? 0;
    else scanFlow(text, rest, end, state, /^["'{[]/.test(body));
  }
  return line('entry', marks);
}

const KEY =
  /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#"'{}[\],&*!|>%@`-][^#:]*?|-[^\s:#][^#:]*?|[^\s"'{[#&*!|>%@`][^\s]*?)\s*:(?=\s|$)/;

function readMarks(text: string, start: number, from: number, end: number): Mark[] {
  const marks: Mark[] = [];
  let at = from;
  while (text[at] === '-' && (at + 1 >= end || text[at + 1] === ' ' || text[at + 1] === '\t')) {
    marks.push({ kind: 'item', column: at - start });
    at++;
    while (at < end && (text[at] === ' ' || text[at] === '\t')) at++;
  }
  const key = KEY.exec(text.slice(at, end));
  if (key) {
    const valueStart = at + key[0].length;
    marks.push({
      kind: 'key',
      column: at - start,
      key: unquote(key[0].slice(0, -1).trim()),
      valueStart,
      value: withoutComment(text.slice(valueStart, end)),
    });
  }
  return marks;
}

export function unquote(text: string): string {
  if (text.startsWith('"') && text.endsWith('"') && text.length > 1) return text.slice(1, -1).replace(/\\(.)/g, '$1');
  if (text.startsWith("'") && text.endsWith("'") && text.length > 1) return text.slice(1, -1).replaceAll("''", "'");
  return text;
}

function withoutComment(text: string): string {
  const comment = /(?:^|\s)#/.exec(text);
  const bare = comment && !/^\s*["']/.test(text) ? text.slice(0, comment.index) : text;
  return bare.trim();
}

/** Follows brackets and quotes over a stretch of text. Plain text outside brackets may hold quotes that mean nothing. */
function scanFlow(text: string, from: number, end: number, state: ScanState, opens = true): void {
  if (!opens && state.flowDepth === 0 && state.quote === '') return;
  for (let at = from; at < end; at++) {
    const char = text[at];
    if (state.quote === '"') {
      if (char === '\\') at++;
      else if (char === '"') state.quote = '';
    } else if (state.quote === "'") {
      if (char === "'") state.quote = '';
    } else if (char === '#' && (at === from || /\s/.test(text[at - 1] ?? ''))) return;
    else if ((char === '"' || char === "'") && /[\s[{,:]/.test(text[at - 1] ?? ' ')) state.quote = char;
    else if (char === '{' || char === '[') state.flowDepth++;
    else if ((char === '}' || char === ']') && state.flowDepth > 0) state.flowDepth--;
  }
}
