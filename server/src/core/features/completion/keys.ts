import { typeName } from '../../schema/documentation.ts';
import { isNewer } from '../../schema/releases.ts';
import type { Field, ListShape, ObjectShape, Shape } from '../../schema/shape.ts';
import type { KeyCursor } from '../../yaml/cursorPlace.ts';
import { type CompletionItem, docIdOf, fileSpan, type Request } from './item.ts';
import { blanks, blockKeySnippet, escapeSnippet, flowKeySnippet } from './snippet.ts';
import { scalarValues } from './values.ts';

/** The keys of an object that are not there yet, required ones first. */
export function keyItems(
  request: Request<KeyCursor>,
  shape: ObjectShape,
  path: readonly (string | number)[],
): CompletionItem[] {
  const { cursor } = request;
  return [...shape.fields.values()]
    .filter((field) => !cursor.siblings.has(field.name) && isOffered(request, field))
    .map((field) => keyItem(request, field, [...path, field.name]));
}

/** What begins a new item of a list: its keys or values, with the dash where it is not written yet. */
export function itemKeyItems(
  request: Request<KeyCursor>,
  shape: ListShape,
  path: readonly (string | number)[],
): CompletionItem[] {
  const { cursor } = request;
  const dash = cursor.hasDash ? '' : '- ';
  const shifted: Request<KeyCursor> = {
    ...request,
    cursor: { ...cursor, column: cursor.column + dash.length, siblings: new Set() },
  };
  const items =
    shape.item.type === 'object'
      ? keyItems(shifted, shape.item, [...path, 0])
      : scalarItemValues(request, shape.item, [...path, 0]);
  if (dash === '') return items;
  return items.map((item) => ({
    ...item,
    insertText: cursor.indentFix + dash + item.insertText.trimStart(),
    filterText: item.label,
  }));
}

function scalarItemValues(
  request: Request<KeyCursor>,
  shape: Shape,
  path: readonly (string | number)[],
): CompletionItem[] {
  return scalarValues(request, shape, path, '');
}

function keyItem(request: Request<KeyCursor>, field: Field, path: readonly (string | number)[]): CompletionItem {
  const { cursor, target } = request;
  const { doc } = field;
  const rank = doc.deprecated ? '9' : field.required ? '0' : '1';
  const insertText = cursor.indentFix + insertTextOf(cursor, field);
  return {
    label: field.name,
    kind: 'key',
    insertText,
    isSnippet: !cursor.hasColon,
    replace: fileSpan(request),
    filterText: filterText(cursor, field.name),
    sortText: `${rank}${field.name}`,
    detail: `${typeName(field.shape)}${field.required ? ', required' : ''}`,
    ...(doc.deprecated ? { deprecated: true } : {}),
    docId: docIdOf(target, path),
  };
}

function insertTextOf(cursor: KeyCursor, field: Field): string {
  // With a colon there already, only the name is replaced; JSON keys are completed inside their quotes.
  if (cursor.hasColon) return quoteOf(cursor) === '' ? field.name : JSON.stringify(field.name);
  if (cursor.style === 'block') return blockKeySnippet(field, cursor.column);
  return flowKeySnippet(field, cursor.style === 'json');
}

/** The quote that the replaced text itself begins with; clients compare the typed text with it. */
function quoteOf(cursor: KeyCursor): string {
  return /^["']/.exec(cursor.prefix)?.[0] ?? '';
}

function filterText(cursor: KeyCursor, name: string): string {
  const inside = cursor.style === 'json' && !cursor.hasColon;
  return inside ? JSON.stringify(name) : quoteOf(cursor) + name;
}

/** Fields that the user's version, releases and channel do not have are reported, and not offered. */
function isOffered(request: Request, field: Field): boolean {
  const { target, settings } = request;
  const { since, channel, versions } = field.doc;
  if (!target.definition) return true;
  if (versions && !versions.includes(target.version)) return false;
  if (channel === 'experimental' && settings.targets.gatewayApi.channel === 'standard') return false;
  return !isNewer(since, target.definition.project, settings.targets);
}

/** A plain key with text of its own below it; used for labels and for the frame of a resource. */
export function simpleKey(
  request: Request<KeyCursor>,
  name: string,
  detail: string,
  rest: string,
  docId?: string,
): CompletionItem {
  const { cursor } = request;
  const quoted = cursor.style === 'json' ? JSON.stringify(name) : name;
  const body = cursor.hasColon ? '' : `: ${rest}`;
  return {
    label: name,
    kind: 'key',
    insertText: cursor.indentFix + (cursor.hasColon ? name : escapeSnippet(quoted) + body),
    isSnippet: !cursor.hasColon,
    replace: fileSpan(request),
    sortText: `1${name}`,
    detail,
    ...(docId === undefined ? {} : { docId }),
  };
}

export function nestedKey(request: Request<KeyCursor>, name: string, detail: string): CompletionItem {
  return simpleKey(request, name, detail, `\n${blanks(request.cursor.column + 2)}$1`.replace(/^ /, ''));
}
