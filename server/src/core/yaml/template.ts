import type { Span } from './span.ts';

/** A text with its template actions (`{{ … }}`) replaced by placeholders of the same length, and where they were. */
export interface MaskedText {
  readonly text: string;
  readonly actions: readonly Span[];
}

const PLACEHOLDER = 'x';

/**
 * Makes a Helm template readable as YAML without moving any offset. An action alone on its line (`{{- if }}`, `{{ end }}`)
 * becomes blanks; an action inside a value becomes a plain word. Actions inside comments are left alone.
 */
export function maskTemplate(text: string): MaskedText {
  if (!text.includes('{{')) return { text, actions: [] };
  const actions: Span[] = [];
  let masked = '';
  let copied = 0;
  let at = text.indexOf('{{');
  while (at !== -1) {
    const close = text.indexOf('}}', at + 2);
    const end = close === -1 ? text.length : close + 2;
    if (isInComment(text, at)) {
      at = text.indexOf('{{', end);
      continue;
    }
    actions.push({ start: at, end });
    masked += text.slice(copied, at) + placeholder(text, at, end);
    copied = end;
    at = text.indexOf('{{', end);
  }
  return { text: masked + text.slice(copied), actions };
}

function placeholder(text: string, start: number, end: number): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const before = text.slice(lineStart, start);
  const after = text.slice(end, newline === -1 ? text.length : newline);
  const alone = onlyActions(before) && onlyActions(after);
  return text.slice(start, end).replace(/[^\r\n]/g, alone ? ' ' : PLACEHOLDER);
}

function onlyActions(part: string): boolean {
  return part.replace(/\{\{[^}]*\}\}/g, '').trim() === '';
}

function isInComment(text: string, offset: number): boolean {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return text.slice(lineStart, offset).trimStart().startsWith('#');
}

/** Every test for a template in a scalar asks this; actions are sorted, so the search can stop early. */
export function overlapsAction(actions: readonly Span[], start: number, end: number): boolean {
  for (const action of actions) {
    if (action.start >= end) return false;
    if (action.end > start) return true;
  }
  return false;
}
