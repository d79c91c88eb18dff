// Layer 0: text, documents, the syntax tree, cursor context and edits. Knows YAML, knows nothing about meshes.

/** A half-open range of UTF-16 code units, relative to the text of the document it belongs to. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A replacement of one span by new text. The user's text is never re-serialized; this is the only kind of edit. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

export function spanOf(start: number, end: number): Span {
  return { start, end };
}

export function contains(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}
