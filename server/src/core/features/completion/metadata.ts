import { metadataKey, metadataKeysFor } from '../../schema/kubernetes/meshMetadata.ts';
import { metadataKeyMarkdown, metadataPosition, metadataValueMarkdown } from '../../schema/kubernetes/metadataDocs.ts';
import type { MetadataKey, MetadataPlace } from '../../schema/kubernetes/metadataKey.ts';
import { compareReleases } from '../../schema/releases.ts';
import type { Targets } from '../../schema/rule.ts';
import type { KeyCursor, ValueCursor } from '../../yaml/cursorPlace.ts';
import { type CompletionItem, fileSpan, type Request } from './item.ts';
import { simpleKey } from './keys.ts';
import { blankBefore } from './values.ts';

type Path = readonly (string | number)[];

/** Mesh labels and annotations. Undefined where the cursor is in no label or annotation map. */
export function metadataKeyItems(request: Request<KeyCursor>, path: Path): CompletionItem[] | undefined {
  const kind = request.target.kind;
  const position = kind === undefined ? undefined : metadataPosition(kind, path);
  if (!position || position.key !== undefined) return undefined;
  return metadataKeysFor(position.place, position.ownerKind)
    .filter(
      (known) =>
        !known.deprecated && isInTarget(known, request.settings.targets) && !request.cursor.siblings.has(known.key),
    )
    .map((known, at) => ({
      ...simpleKey(
        request,
        known.key,
        `${known.mesh} ${known.place}`,
        valueStop(known, request.cursor.style === 'json'),
        docIdOf(known),
      ),
      sortText: `1${String(at).padStart(3, '0')}`,
    }));
}

function isInTarget(known: MetadataKey, targets: Targets): boolean {
  if (known.since === undefined || known.mesh === 'gateway-api') return true;
  return compareReleases(known.since, targets[known.mesh]) <= 0;
}

/** All values are text, so that those which YAML would read as something else are written in quotes. */
function valueStop({ value }: MetadataKey, json: boolean): string {
  const names = [...(value.values?.keys() ?? [])];
  if (names.length === 0 || names.length > 12) return json ? '"$1"' : '$1';
  return `\${1|${names.map((name) => written(name, json).replace(/[\\,|$}]/g, '\\$&')).join(',')}|}`;
}

function written(value: string, json: boolean): string {
  return json || /^(?:true|false|yes|no|on|off|y|n|null|~|)$|^[-+.\d]/i.test(value) ? JSON.stringify(value) : value;
}

/** The values of the label or annotation that the cursor is at; undefined where there is none. */
export function metadataValueItems(request: Request<ValueCursor>, path: Path): CompletionItem[] | undefined {
  const { target, cursor } = request;
  const position = target.kind === undefined ? undefined : metadataPosition(target.kind, path);
  if (position?.key === undefined) return undefined;
  const known = metadataKey(position.key, position.place);
  if (!known?.value.values) return [];
  return [...known.value.values.keys()].map((value, at) => ({
    label: value,
    kind: 'value',
    insertText: blankBefore(cursor) + (cursor.quote === '' ? written(value, cursor.style === 'json') : value),
    isSnippet: false,
    replace: fileSpan(request),
    filterText: value,
    sortText: `0${String(at).padStart(3, '0')}`,
    ...(known.default === value ? { detail: 'default' } : {}),
    docId: docIdOf(known, value),
  }));
}

/** Told apart from the ids of fields by their first part. */
const ID = 'metadata';

function docIdOf(known: MetadataKey, value?: string): string {
  return JSON.stringify([ID, known.place, known.key, ...(value === undefined ? [] : [value])]);
}

export function metadataDoc(parts: readonly unknown[]): string | undefined {
  const [id, place, key, value] = parts as [string, MetadataPlace, string, string | undefined];
  if (id !== ID) return undefined;
  const known = metadataKey(key, place);
  if (!known) return undefined;
  return value === undefined ? metadataKeyMarkdown(known) : metadataValueMarkdown(known, value);
}
