import { listedValues } from '../../schema/describe.ts';
import { isNewer } from '../../schema/releases.ts';
import type { Shape } from '../../schema/shape.ts';
import type { Cursor, ValueCursor } from '../../yaml/cursorPlace.ts';
import { plainType } from '../../yaml/scalar.ts';
import { type CompletionItem, docIdOf, fileSpan, type Request } from './item.ts';

/** The values that a scalar can have, as far as the schema lists them. */
export function valueItems(
  request: Request<ValueCursor>,
  shape: Shape,
  path: readonly (string | number)[],
  fallback?: string | number | boolean,
): CompletionItem[] {
  const { cursor } = request;
  const inList = shape.type === 'list';
  const scalar = inList ? shape.item : shape;
  const items = scalarValues(request, scalar, path, cursor.quote, fallback);
  return inList
    ? items.map((item) => ({ ...item, insertText: item.insertText.replace(/^( ?)(.*)$/, '$1[$2]') }))
    : items;
}

export function scalarValues(
  request: Request,
  shape: Shape,
  path: readonly (string | number)[],
  quote: string,
  fallback?: string | number | boolean,
): CompletionItem[] {
  const { target, settings } = request;
  const offered: { value: string; deprecated: boolean }[] = [];
  if (shape.type === 'bool') offered.push({ value: 'true', deprecated: false }, { value: 'false', deprecated: false });
  else if (listedValues(shape)) {
    for (const [value, doc] of listedValues(shape) ?? []) {
      const newer = target.definition !== undefined && isNewer(doc.since, target.definition.project, settings.targets);
      const experimental = doc.channel === 'experimental' && settings.targets.gatewayApi.channel === 'standard';
      if (!newer && !experimental) offered.push({ value, deprecated: doc.deprecated !== undefined });
    }
  } else if (fallback !== undefined && String(fallback).match(/^[\w./:-]+$/))
    offered.push({ value: String(fallback), deprecated: false });
  const siblings = 'siblings' in request.cursor ? request.cursor.siblings : new Set<string>();
  return offered
    .filter(({ value }) => !siblings.has(value))
    .map(({ value, deprecated }, at) => ({
      label: value === '' ? '""' : value,
      kind: 'value',
      insertText: blankBefore(request.cursor) + quoted(value, shape, quote, request.cursor.style),
      isSnippet: false,
      replace: fileSpan(request),
      filterText: value,
      sortText: `${deprecated ? '9' : '0'}${String(at).padStart(3, '0')}`,
      ...(value === String(fallback) ? { detail: 'default' } : {}),
      ...(deprecated ? { deprecated: true } : {}),
      docId: shape.type === 'bool' ? undefined : docIdOf(target, path, value),
    }));
}

export function blankBefore(cursor: Cursor): string {
  return cursor.kind === 'value' && cursor.needsBlank ? ' ' : '';
}

/** The value as it must be written at the cursor: quoted in JSON, and where plain text would be read as another type. */
function quoted(value: string, shape: Shape, quote: string, style: Cursor['style']): string {
  if (quote !== '' || shape.type !== 'string') return value;
  if (style === 'json') return JSON.stringify(value);
  return plainType(value) === 'string' && /^[\w./-][^:#]*$/.test(value) ? value : JSON.stringify(value);
}
