import { nameScope } from '../../mesh/nameScope.ts';
import type { SourceFile } from '../../model/file.ts';
import { documentAt, targetAt } from '../../model/target.ts';
import type { Snapshot } from '../../model/workspace.ts';
import { kindOf } from '../../schema/catalog.ts';
import { listedValues, placeAt } from '../../schema/describe.ts';
import { fieldMarkdown, kindMarkdown, valueMarkdown } from '../../schema/documentation.ts';
import { rootShape } from '../../schema/validateResource.ts';
import type { CoreSettings } from '../../settings.ts';
import { cursorAt } from '../../yaml/cursor.ts';
import type { KeyCursor, ValueCursor } from '../../yaml/cursorPlace.ts';
import type { CompletionItem, Request } from './item.ts';
import { itemKeyItems, keyItems, nestedKey, simpleKey } from './keys.ts';
import { apiVersionItems, kindItems, skeletonItems } from './kinds.ts';
import { metadataDoc, metadataKeyItems, metadataValueItems } from './metadata.ts';
import { labelKeyItems, type NameSource, nameItems, nameItemsOfList, withNames } from './names.ts';
import { fragmentItems, patternDoc, resourcePatternItems } from './patterns.ts';
import { scalarValues, valueItems } from './values.ts';

/** What can stand at an offset of a file, best first; empty where we have nothing to say. Names come from `snapshot`. */
export function complete(
  snapshot: Snapshot,
  file: SourceFile,
  offset: number,
  settings: CoreSettings,
): CompletionItem[] {
  const placed = documentAt(file, offset);
  if (!placed) return [];
  const { document, start } = placed;
  const inner = offset - start;
  if (isInAction(document.text, inner)) return [];
  const cursor = cursorAt(document.text, inner);
  if (!cursor) return [];
  const target = targetAt(document, cursor.path);
  const request = { cursor, target, settings, start, text: document.text };
  const names = { snapshot, file, offset, scope: nameScope(snapshot, settings) };
  const path = cursor.path.slice(target.depth);
  if (cursor.kind === 'key') {
    const keyed = { ...request, cursor };
    return [...completeKey(keyed, names), ...fragmentItems(keyed, path, names)];
  }
  return withNames(nameItems({ ...request, cursor }, path, names), completeValue({ ...request, cursor }));
}

/** Inside a template action stands another language. */
function isInAction(text: string, offset: number): boolean {
  const open = text.lastIndexOf('{{', offset - 1);
  return open !== -1 && text.slice(open, offset).indexOf('}}') === -1;
}

function completeKey(request: Request<KeyCursor>, names: NameSource): CompletionItem[] {
  const { target, cursor } = request;
  const path = cursor.path.slice(target.depth);
  const { definition, version } = target;
  if (!definition) return path.length === 0 ? frameItems(request, names) : [];
  const labels = labelKeyItems(request, path, names);
  if (labels) return labels;
  const metadata = metadataKeyItems(request, path);
  if (metadata) return metadata;
  if (definition.project === 'kubernetes') return [];
  const place = placeAt(rootShape(definition, version), path);
  if (!place) return [];
  if (place.shape.type === 'object') return keyItems(request, place.shape, path);
  if (place.shape.type === 'list') {
    return withNames(nameItemsOfList(request, path, names), itemKeyItems(request, place.shape, path));
  }
  if (place.shape.type === 'map') return [];
  // A word after a dash: an item of a list of values.
  if (typeof path.at(-1) !== 'number') return [];
  return withNames(nameItems(request, path, names), scalarValues(request, place.shape, path, ''));
}

const FRAME = ['apiVersion', 'kind', 'metadata'];

/** The top of a document that is not a known resource yet. Other people's YAML has other keys; it is left alone. */
function frameItems(request: Request<KeyCursor>, names: NameSource): CompletionItem[] {
  const { cursor, target } = request;
  const { file } = names;
  if (cursor.style !== 'block' || [...cursor.siblings].some((key) => !FRAME.includes(key))) return [];
  if (target.apiVersion !== undefined && target.kind !== undefined) return [];
  const blank = cursor.siblings.size === 0;
  const meshFile = file.documents.some(({ document }) =>
    document.resources.some((resource) => resource.definition !== undefined),
  );
  const keys = [
    simpleKey(request, 'apiVersion', 'string, required', '$0'),
    simpleKey(request, 'kind', 'string, required', '$0'),
    nestedKey(request, 'metadata', 'object, required'),
  ].filter((item) => !cursor.siblings.has(item.label));
  const skeletons =
    blank && (meshFile || isOnlyMarkers(file.text, cursor.prefix))
      ? [...resourcePatternItems(request, names), ...skeletonItems(request)]
      : [];
  return [...keys, ...skeletons];
}

function isOnlyMarkers(text: string, prefix: string): boolean {
  return text.replace(/^(?:---.*|#.*)$/gm, '').trim() === prefix.trim();
}

function completeValue(request: Request<ValueCursor>): CompletionItem[] {
  const { target, cursor } = request;
  const path = cursor.path.slice(target.depth);
  if (path.length === 1 && path[0] === 'apiVersion') return apiVersionItems(request);
  if (path.length === 1 && path[0] === 'kind') return kindItems(request);
  const { definition, version } = target;
  if (!definition) return [];
  const metadata = metadataValueItems(request, path);
  if (metadata || definition.project === 'kubernetes') return metadata ?? [];
  const place = placeAt(rootShape(definition, version), path);
  return place ? valueItems(request, place.shape, path, place.field?.doc.default) : [];
}

/** The documentation of an item, by its `docId`. Asked for one item at a time, when the user looks at it. */
export function completionDoc(docId: string): string | undefined {
  const parsed: unknown = JSON.parse(docId);
  if (!Array.isArray(parsed)) return undefined;
  const told = metadataDoc(parsed) ?? patternDoc(parsed);
  if (told !== undefined) return told;
  const [group, kind, version, path, value] = parsed as [
    string,
    string,
    string,
    (string | number)[],
    string | undefined,
  ];
  const definition = kindOf(group, kind);
  if (!definition) return undefined;
  if (path.length === 1 && path[0] === 'kind') return kindMarkdown(definition);
  const place = placeAt(rootShape(definition, version), path);
  if (!place?.field) return undefined;
  const { field, readBy, l7, shape } = place;
  if (value !== undefined) {
    const doc = listedValues(shape)?.get(value);
    if (doc) return valueMarkdown(value, doc, definition);
  }
  return fieldMarkdown(
    field.name,
    field.shape,
    field.doc,
    { readBy: readBy ?? [], l7, required: field.required },
    definition,
  );
}
