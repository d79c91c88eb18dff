import { plainType } from './scalar.ts';
import type { Edit } from './span.ts';
import type { MapNode, ScalarNode, YamlNode } from './tree.ts';

/** Makers of text edits. All offsets are of the document's text; nothing outside the returned spans changes. */

export function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** The line break that the text uses; what we insert must not mix two kinds. */
export function newlineOf(text: string): '\n' | '\r\n' {
  const at = text.indexOf('\n');
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}

/** Writes a value so that it is read back as the given text: plain where that is safe, else in double quotes. */
export function scalarText(value: string): string {
  const plain =
    plainType(value) === 'string' &&
    /^[A-Za-z0-9_./~^$(+-][^\n\r\t]*$/.test(value) &&
    !/: |:$| #|^[-?] |^---|^\.\.\.|\s$/.test(value) &&
    !/[[\]{},]/.test(value);
  return plain ? value : JSON.stringify(value);
}

/** Replaces a scalar's value, keeping its place. A null scalar (`key:`) gets a blank before the value. */
export function replaceScalar(node: ScalarNode, value: string): Edit {
  const gap = node.start === node.end && node.key ? ' ' : '';
  return { span: { start: node.start, end: node.end }, text: gap + value };
}

export function renameKey(key: ScalarNode, name: string): Edit {
  return { span: { start: key.start, end: key.end }, text: scalarText(name) };
}

/**
 * Removes a map entry with its value and its lines. When it is the only entry of its map, the map's own entry goes too,
 * because `spec:` with nothing under it means null.
 */
export function removeEntry(text: string, node: YamlNode): Edit | undefined {
  const map = node.parent;
  if (!node.key || map?.kind !== 'map') return undefined;
  const at = map.entries.findIndex((entry) => entry.value === node);
  if (at === -1) return undefined;
  if (map.entries.length === 1) {
    if (map.key && map.parent?.kind === 'map') return removeEntry(text, map);
    return { span: { start: map.start, end: map.end }, text: '{}' };
  }
  if (map.flow) return removeFlowEntry(map, at, node);
  const key = node.key;
  const lineStart = key.start - columnOf(text, key.start);
  const next = map.entries[at + 1];
  if (text.slice(lineStart, key.start).trim() !== '') {
    // The first key of a list item shares its line with the dash, which must stay.
    return next ? { span: { start: key.start, end: next.key.start }, text: '' } : undefined;
  }
  return { span: { start: lineStart, end: endOfLines(text, Math.max(node.end, key.end)) }, text: '' };
}

function removeFlowEntry(map: MapNode, at: number, node: YamlNode): Edit {
  const next = map.entries[at + 1];
  const previous = map.entries[at - 1];
  const key = node.key ?? map;
  if (next) return { span: { start: key.start, end: next.key.start }, text: '' };
  return { span: { start: Math.max(previous?.value.end ?? 0, previous?.key.end ?? 0), end: node.end }, text: '' };
}

/** Removes a list item with its dash and lines, or with its comma in flow style. */
export function removeItem(text: string, node: YamlNode): Edit | undefined {
  const seq = node.parent;
  if (seq?.kind !== 'seq') return undefined;
  const at = seq.items.indexOf(node);
  const next = seq.items[at + 1];
  const previous = seq.items[at - 1];
  if (seq.items.length === 1) return { span: { start: seq.start, end: seq.end }, text: '[]' };
  if (seq.flow) {
    return { span: next ? { start: node.start, end: next.start } : { start: previous?.end ?? node.start, end: node.end }, text: '' };
  }
  const dash = text.lastIndexOf('-', node.start);
  const lineStart = dash - columnOf(text, dash);
  if (text.slice(lineStart, dash).trim() !== '') return undefined;
  return { span: { start: lineStart, end: endOfLines(text, node.end) }, text: '' };
}

/** The offset after the line in which `offset` stands, at most the end of the text. */
function endOfLines(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline + 1;
}

/**
 * Adds an entry at the end of a map, in the map's own style and indentation. `value` may span lines: each line after the
 * first is indented below the key by the maker.
 */
export function addEntry(text: string, map: MapNode, key: string, value: string): Edit {
  const newline = newlineOf(text);
  const last = map.entries.at(-1);
  if (map.flow || !last) {
    const entry = `${key}: ${value}`;
    if (last) return { span: { start: last.value.end, end: last.value.end }, text: `, ${entry}` };
    return { span: { start: map.start, end: map.end }, text: `{${entry}}` };
  }
  const indent = ' '.repeat(columnOf(text, last.key.start));
  const lines = value.split('\n');
  const body = lines.length === 1 && value !== '' ? ` ${value}` : lines.filter((line) => line !== '').map((line) => `${newline}${indent}  ${line}`).join('');
  const end = Math.max(last.value.end, last.key.end + 1);
  const at = text[end - 1] === '\n' ? end : lineEnd(text, end);
  const lead = text[at - 1] === '\n' ? '' : newline;
  const tail = lead === '' ? newline : '';
  return { span: { start: at, end: at }, text: `${lead}${indent}${key}:${body}${tail}` };
}

function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline === -1) return text.length;
  return text[newline - 1] === '\r' ? newline - 1 : newline;
}

/** Applies edits to a text; spans must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const edit of [...edits].sort((a, b) => b.span.start - a.span.start)) {
    result = result.slice(0, edit.span.start) + edit.text + result.slice(edit.span.end);
  }
  return result;
}
