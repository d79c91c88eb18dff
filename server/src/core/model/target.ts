import { kindFor } from '../schema/catalog.ts';
import { type KindDefinition, splitApiVersion } from '../schema/kind.ts';
import { at, text } from '../yaml/access.ts';
import type { Path } from '../yaml/cursorPlace.ts';
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

/** Read from the lines where they say it, so that typing needs no parse; the tree knows Lists, JSON and flow style. */
export function targetAt(document: PlacedDocument['document'], path: Path): Target {
  const apiVersion = topLevelValue(document.text, 'apiVersion');
  const kind = topLevelValue(document.text, 'kind');
  const inList = path[0] === 'items' && typeof path[1] === 'number';
  if (apiVersion !== undefined && kind !== undefined && !inList) return target(apiVersion, kind, 0);
  const { root } = document.parsed;
  const depth = inList && (text(root, 'kind')?.endsWith('List') ?? false) ? 2 : 0;
  const node = depth === 2 ? at(root, ...path.slice(0, 2)) : root;
  const own = depth === 0 ? { apiVersion, kind } : { apiVersion: undefined, kind: undefined };
  return target(text(node, 'apiVersion') ?? own.apiVersion, text(node, 'kind') ?? own.kind, depth);
}

function target(apiVersion: string | undefined, kind: string | undefined, depth: number): Target {
  const definition = apiVersion !== undefined && kind !== undefined ? kindFor(apiVersion, kind) : undefined;
  return { apiVersion, kind, definition, version: splitApiVersion(apiVersion ?? '').version, depth };
}

/** A top-level value as its line says it; undefined for quotes that do not close, anchors, tags and templates. */
function topLevelValue(source: string, key: 'apiVersion' | 'kind'): string | undefined {
  const pattern = key === 'kind' ? KIND_LINE : API_VERSION_LINE;
  return pattern.exec(source)?.[1];
}

const KIND_LINE = /^kind:[ \t]+["']?([A-Za-z][\w.]*)["']?[ \t]*(?:#.*)?\r?$/m;
const API_VERSION_LINE = /^apiVersion:[ \t]+["']?([a-z][\w./-]*)["']?[ \t]*(?:#.*)?\r?$/m;
