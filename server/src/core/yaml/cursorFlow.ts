import type { Cursor, Path } from './cursorPlace.ts';
import { unquote } from './lines.ts';

/** An open bracket: what is known of the collection it began. */
interface Frame {
  readonly map: boolean;
  readonly keys: Set<string>;
  /** The key whose value comes, in a map. */
  key: string | undefined;
  index: number;
}

/** Reads a flow collection (or JSON) from its outermost bracket up to the cursor. */
export function flowCursor(text: string, from: number, offset: number, outer: Path): Cursor | undefined {
  const frames: Frame[] = [];
  let tokenStart = -1;
  let quote: '' | '"' | "'" = '';
  for (let at = from; at < offset; at++) {
    const char = text[at] ?? '';
    if (quote) {
      if (char === '\\' && quote === '"') at++;
      else if (char === quote) quote = '';
      continue;
    }
    const frame = frames.at(-1);
    if (char === '"' || char === "'") {
      if (tokenStart === -1) {
        quote = char;
        tokenStart = at;
      }
    } else if (char === '{' || char === '[') {
      frames.push({ map: char === '{', keys: new Set(), key: undefined, index: 0 });
      tokenStart = -1;
    } else if (char === '}' || char === ']') {
      frames.pop();
      tokenStart = -1;
    } else if (char === ',' && frame) {
      if (frame.map && frame.key === undefined && tokenStart !== -1)
        frame.keys.add(unquote(text.slice(tokenStart, at).trim()));
      frame.key = undefined;
      frame.index++;
      tokenStart = -1;
    } else if (char === ':' && frame?.map && frame.key === undefined && tokenStart !== -1) {
      frame.key = unquote(text.slice(tokenStart, at).trim());
      frame.keys.add(frame.key);
      tokenStart = -1;
    } else if (char === '#' && /\s/.test(text[at - 1] ?? '')) {
      const newline = text.indexOf('\n', at);
      if (newline === -1 || newline >= offset) return undefined;
      at = newline;
    } else if (tokenStart === -1 && !/\s/.test(char)) tokenStart = at;
  }
  return cursorIn(text, frames, tokenStart, quote, offset, outer);
}

function cursorIn(
  text: string,
  frames: readonly Frame[],
  tokenStart: number,
  quote: '' | '"' | "'",
  offset: number,
  outer: Path,
): Cursor | undefined {
  const frame = frames.at(-1);
  if (!frame) return undefined;
  const path: (string | number)[] = [...outer];
  for (const around of frames.slice(0, -1)) path.push(around.map ? (around.key ?? '') : around.index);
  const start = tokenStart === -1 ? offset : quote ? tokenStart + 1 : tokenStart;
  const end = tokenEnd(text, offset, quote);
  const prefix = text.slice(start, offset);
  const style = quote === '"' || isJson(text) ? 'json' : 'flow';
  if (frame.map && frame.key === undefined) {
    const after = text.slice(quote ? end + 1 : end, end + 40).match(/^\s*:/);
    for (const key of keysAfter(text, end, frames.length)) frame.keys.add(key);
    // Without a colon the quotes are written anew together with the colon and the value.
    const closed = text[end] === quote ? 1 : 0;
    const replace = quote && after === null ? { start: start - 1, end: end + closed } : { start, end };
    return {
      kind: 'key',
      path,
      replace,
      prefix,
      siblings: frame.keys,
      column: 0,
      indentFix: '',
      hasColon: after !== null,
      style,
      hasDash: true,
    };
  }
  path.push(frame.map ? (frame.key ?? '') : frame.index);
  const needsBlank = text[start - 1] === ':';
  return {
    kind: 'value',
    path,
    replace: { start, end },
    prefix,
    quote,
    style,
    column: 0,
    siblings: new Set(),
    needsBlank,
  };
}

/** Whether the document is JSON, where every key and text value is quoted. */
function isJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

function tokenEnd(text: string, offset: number, quote: string): number {
  let at = offset;
  while (at < text.length && text[at] !== '\n' && (quote ? text[at] !== quote : !/[,\]}:\s]/.test(text[at] ?? '')))
    at++;
  return at;
}

/** Keys of the same map that stand after the cursor, so that they are not offered again. */
function keysAfter(text: string, from: number, depth: number): string[] {
  const keys: string[] = [];
  let level = depth;
  const token = /"((?:[^"\\]|\\.)*)"\s*:|([\w./-]+)\s*:(?=\s|$)|"(?:[^"\\]|\\.)*"|'[^']*'|[{}[\]]/g;
  token.lastIndex = from;
  for (let match = token.exec(text); match && level >= depth; match = token.exec(text)) {
    if (match[0] === '{' || match[0] === '[') level++;
    else if (match[0] === '}' || match[0] === ']') level--;
    else if (level === depth && (match[1] ?? match[2]) !== undefined) keys.push(match[1] ?? match[2] ?? '');
  }
  return keys;
}
