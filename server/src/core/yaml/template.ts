import type { Span } from './span.ts';

/** A text with its template actions (`{{ … }}`) replaced by placeholders of the same length, and where they were. */
export interface MaskedText {
  readonly text: string;
  readonly actions: readonly Span[];
}

const PLACEHOLDER = 'x';

/**
 * Makes a Helm template readable as YAML without moving any offset. Actions alone on their lines (`{{- if }}`, `{{ end }}`)
 * become blanks; an action inside a value becomes a plain word. Actions inside comments are left alone.
 * Takes time in proportion to the text, however many actions stand on one line.
 */
export function maskTemplate(text: string): MaskedText {
  if (!text.includes('{{')) return { text, actions: [] };
  const actions = findActions(text);
  const alone = findAlone(text, actions);
  const parts: string[] = [];
  let copied = 0;
  for (const [index, { start, end }] of actions.entries()) {
    parts.push(text.slice(copied, start));
    // A placeholder is one word even where the action spans lines; blanks keep the lines as they are.
    parts.push(alone[index] ? text.slice(start, end).replace(/[^\r\n]/g, ' ') : PLACEHOLDER.repeat(end - start));
    copied = end;
  }
  parts.push(text.slice(copied));
  return { text: parts.join(''), actions };
}

function findActions(text: string): Span[] {
  const actions: Span[] = [];
  let lineEnd = -1;
  let inComment = false;
  let at = text.indexOf('{{');
  while (at !== -1) {
    if (at > lineEnd) {
      const lineStart = text.lastIndexOf('\n', at) + 1;
      inComment = text[skipBlanks(text, lineStart)] === '#';
      lineEnd = text.indexOf('\n', at);
      if (lineEnd === -1) lineEnd = text.length;
    }
    const end = actionEnd(text, at, lineEnd);
    if (!inComment) actions.push({ start: at, end });
    at = text.indexOf('{{', inComment ? lineEnd : end);
  }
  return actions;
}

const COMMENT_ACTION = /\{\{-?\s*\/\*/y;

/** Where an action ends: after its `}}`, or with its line when it is still being typed and the next `}}` is another's. */
function actionEnd(text: string, start: number, lineEnd: number): number {
  COMMENT_ACTION.lastIndex = start;
  const from = COMMENT_ACTION.test(text) ? Math.max(text.indexOf('*/', start), start + 2) : start + 2;
  const close = text.indexOf('}}', from);
  if (close === -1) return Math.max(lineEnd, start + 2);
  if (close > lineEnd && from === start + 2 && text.slice(from, close).includes('{{')) return lineEnd;
  return close + 2;
}

/** For each action, whether its line holds nothing but actions. */
function findAlone(text: string, actions: readonly Span[]): boolean[] {
  const alone: boolean[] = [];
  for (const [index, { start }] of actions.entries()) {
    let at = start - 1;
    while (isBlank(text.charCodeAt(at))) at--;
    const previous = actions[index - 1];
    alone.push(at < 0 || text[at] === '\n' || (previous?.end === at + 1 && alone[index - 1] === true));
  }
  for (let index = actions.length - 1; index >= 0; index--) {
    const end = skipBlanks(text, actions[index]?.end ?? 0);
    const next = actions[index + 1];
    const open = end >= text.length || text[end] === '\n' || (next?.start === end && alone[index + 1] === true);
    alone[index] &&= open;
  }
  return alone;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0xfeff;
}

/** Every test for a template in a scalar asks this; actions are sorted, so halving finds the first that could touch. */
export function overlapsAction(actions: readonly Span[], start: number, end: number): boolean {
  let low = 0;
  let high = actions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((actions[middle]?.end ?? 0) > start) high = middle;
    else low = middle + 1;
  }
  const action = actions[low];
  return action !== undefined && action.start < end;
}

/** True when the next thing after an offset, blanks and comments aside, is a template action: it writes what is missing. */
export function isFilledByAction(text: string, offset: number): boolean {
  let at = offset;
  for (;;) {
    while (isBlank(text.charCodeAt(at)) || text[at] === '\n') at++;
    if (text[at] !== '#') return text.startsWith('{{', at);
    const newline = text.indexOf('\n', at);
    if (newline === -1) return false;
    at = newline;
  }
}
