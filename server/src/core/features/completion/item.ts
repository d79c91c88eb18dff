// Completion: complete.ts decides what can stand at the cursor; keys.ts, values.ts and kinds.ts make the items.
import type { Target } from '../../model/target.ts';
import type { CoreSettings } from '../../settings.ts';
import type { Cursor } from '../../yaml/cursorPlace.ts';
import type { Edit, Span } from '../../yaml/span.ts';

export interface CompletionItem {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'kind' | 'name' | 'snippet' | 'pattern';
  /** Snippet syntax (`$1`, `${1|a,b|}`) when `isSnippet`; indentation is written out, so it must be inserted as it is. */
  readonly insertText: string;
  readonly isSnippet: boolean;
  /** What is replaced, in offsets of the file. */
  readonly replace: Span;
  /** What the client compares the typed word with; the label when absent. */
  readonly filterText?: string;
  readonly sortText: string;
  readonly detail?: string;
  readonly deprecated?: boolean;
  /** Further edits elsewhere in the document, in offsets of the file. */
  readonly extraEdits?: readonly Edit[];
  /** Gives the documentation, through `completionDoc`. */
  readonly docId?: string;
}

/** What the makers of items need to know; offsets in `cursor` are of the document, `start` is where it begins. */
export interface Request<C extends Cursor = Cursor> {
  readonly cursor: C;
  readonly target: Target;
  readonly settings: CoreSettings;
  readonly start: number;
  /** The document's text. */
  readonly text: string;
}

export function fileSpan(request: Request): Span {
  const { replace } = request.cursor;
  return { start: request.start + replace.start, end: request.start + replace.end };
}

/** `group|kind|version|path`: enough to find the documentation again, without keeping anything between requests. */
export function docIdOf(target: Target, path: readonly (string | number)[], value?: string): string | undefined {
  const { definition, version } = target;
  if (!definition) return undefined;
  return JSON.stringify([definition.group, definition.kind, version, path, ...(value === undefined ? [] : [value])]);
}
