import type { Span } from './span.ts';

/**
 * Cuts a file at its document markers. A line that starts with `---` always begins a document, whatever surrounds it, so
 * that the text can be cut without parsing: an edit then costs one document, not the file.
 * Each span begins with its own `---` line; the first begins at 0. Spans cover the whole text without gaps.
 */
export function splitDocuments(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  let at = text.startsWith('---') ? 0 : text.indexOf('\n---');
  while (at !== -1) {
    const marker = at === 0 && text.startsWith('---') ? 0 : at + 1;
    if (isMarkerEnd(text.charCodeAt(marker + 3)) && marker > start && !isBlankHead(text, start, marker)) {
      spans.push({ start, end: marker });
      start = marker;
    }
    at = text.indexOf('\n---', marker + 3);
  }
  spans.push({ start, end: text.length });
  return spans;
}

function isMarkerEnd(code: number): boolean {
  return Number.isNaN(code) || code === 0x0a || code === 0x0d || code === 0x20 || code === 0x09;
}

/** Comments and directives before the first marker belong to the document that follows them. */
function isBlankHead(text: string, start: number, end: number): boolean {
  if (start !== 0) return false;
  let lineStart = start;
  while (lineStart < end) {
    let newline = text.indexOf('\n', lineStart);
    if (newline === -1 || newline >= end) newline = end;
    const line = text.slice(lineStart, newline).replace('\uFEFF', '').trim();
    if (line !== '' && !line.startsWith('#') && !line.startsWith('%')) return false;
    lineStart = newline + 1;
  }
  return true;
}
