import { kindFor } from '../schema/catalog.ts';
import { type KindDefinition, splitApiVersion } from '../schema/kind.ts';
import { at, text } from '../yaml/access.ts';
import type { Path } from '../yaml/cursorPlace.ts';
import { linesOf } from '../yaml/lines.ts';
import type { PlacedDocument, SourceFile } from './file.ts';

/** Which resource a place in a file belongs to; for completion and hover, also while the text is half-typed. */
export interface Target {
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  readonly definition: KindDefinition | undefined;
  readonly version: string;
  /** How deep the resource is in its document: 2 in the items of a List, else 0. */
  readonly depth: number;
}

/** The document in which an offset of the file stands. At a border, the earlier document's last line counts. */
export function documentAt(file: SourceFile, offset: number): PlacedDocument | undefined {
  return file.documents.findLast(({ start }) => start <= offset);
}

export function targetAt(document: PlacedDocument['document'], path: Path): Target {
  const { root } = document.parsed;
  const depth =
    path[0] === 'items' && typeof path[1] === 'number' && (text(root, 'kind')?.endsWith('List') ?? false) ? 2 : 0;
  const node = depth === 2 ? at(root, ...path.slice(0, 2)) : root;
  const apiVersion = text(node, 'apiVersion') ?? (depth === 0 ? topLevelValue(document.text, 'apiVersion') : undefined);
  const kind = text(node, 'kind') ?? (depth === 0 ? topLevelValue(document.text, 'kind') : undefined);
  const definition = apiVersion !== undefined && kind !== undefined ? kindFor(apiVersion, kind) : undefined;
  return { apiVersion, kind, definition, version: splitApiVersion(apiVersion ?? '').version, depth };
}

/** A top-level value read from the lines, for documents that do not parse. */
function topLevelValue(source: string, key: string): string | undefined {
  for (const line of linesOf(source)) {
    const mark = line.marks[0];
    if (line.indent === 0 && mark?.kind === 'key' && mark.key === key && mark.value !== '')
      return mark.value.replace(/^["']|["']$/g, '');
  }
  return undefined;
}
