import type { Span } from './span.ts';

export type Path = readonly (string | number)[];

/** Where the cursor stands in a document, from indentation and brackets alone, so that half-typed text is no obstacle. */
export type Cursor = KeyCursor | ValueCursor;

/** A key of the map at `path` is being typed. When that place holds a list, the key begins a new item. */
export interface KeyCursor {
  readonly kind: 'key';
  readonly path: Path;
  /** What is replaced: the word typed so far, up to the colon when there is one. */
  readonly replace: Span;
  readonly prefix: string;
  /** Keys that the map already has, the one being typed left out. */
  readonly siblings: ReadonlySet<string>;
  /** Column at which the key must start; `replace` covers wrong indentation before it. */
  readonly column: number;
  /** Blanks to write before the key so that it stands in its column. */
  readonly indentFix: string;
  /** A colon follows already. */
  readonly hasColon: boolean;
  readonly style: 'block' | 'flow' | 'json';
  /** The item's dash is written on this line. */
  readonly hasDash: boolean;
}

/** A value is being typed: of the key or list item at the end of `path`. */
export interface ValueCursor {
  readonly kind: 'value';
  readonly path: Path;
  /** The scalar as far as it is typed, without its quotes. */
  readonly replace: Span;
  readonly prefix: string;
  readonly quote: '' | '"' | "'";
  readonly style: 'block' | 'flow' | 'json';
  /** Column of the key or dash that the value belongs to. */
  readonly column: number;
  /** The values of the sibling items, when the value is a list item. */
  readonly siblings: ReadonlySet<string>;
  /** No blank stands between the colon and the cursor. */
  readonly needsBlank: boolean;
}
