import { asMap, at, entryOf } from '../../yaml/access.ts';
import { addEntry, columnOf, newlineOf, removeEntry, renameKey } from '../../yaml/edits.ts';
import type { Edit } from '../../yaml/span.ts';
import type { Entry, MapNode } from '../../yaml/tree.ts';
import type { Fix } from '../rule.ts';
import type { MetadataMap } from './meshMetadata.ts';
import type { MetadataPlace } from './metadataKey.ts';

/** Quick fixes that move a label or annotation to the map in which a mesh reads it. */

/** Moves an entry into the labels or annotations of some `metadata`; no fix where that is no plain edit of text. */
export function moveFixes(
  title: string,
  text: string,
  entry: Entry,
  from: MetadataMap,
  to: MetadataMap['metadata'],
  place: MetadataPlace,
): Fix[] {
  const edits = moveEdits(text, entry, from, to, `${place}s`);
  return edits ? [{ title, safe: false, edits }] : [];
}

function moveEdits(text: string, entry: Entry, from: MetadataMap, to: MapNode, name: string): Edit[] | undefined {
  const target = at(to, name);
  if (entry.value.kind !== 'scalar' || entryOf(target, entry.key.text)) return undefined;
  // With nothing else in the map and no map of the other name, the map itself can be renamed.
  if (!target && to === from.metadata && from.map.key && from.map.entries.length === 1)
    return [renameKey(from.map.key, name)];
  const removal = removeEntry(text, entry.value);
  const insertion = insert(text, entry, to, name);
  if (!removal || !insertion) return undefined;
  const overlap = removal.span.start < insertion.span.end && insertion.span.start < removal.span.end;
  return overlap ? undefined : [removal, insertion];
}

function insert(text: string, { key, value }: Entry, to: MapNode, name: string): Edit | undefined {
  const keyText = text.slice(key.start, key.end);
  const valueText = text.slice(value.start, value.end);
  if (valueText.includes('\n')) return undefined;
  const target = at(to, name);
  if (target) {
    const map = asMap(target);
    return map && !(map.flow && /[,[\]{}]/.test(valueText)) ? addEntry(text, map, keyText, valueText) : undefined;
  }
  const first = to.entries[0];
  if (to.flow || !first) return undefined;
  const head = addEntry(text, to, name, '');
  const line = `${newlineOf(text)}${' '.repeat(columnOf(text, first.key.start) + 2)}${keyText}: ${valueText}`;
  const end = head.text.trimEnd().length;
  return { span: head.span, text: head.text.slice(0, end) + line + head.text.slice(end) };
}
