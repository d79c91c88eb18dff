import { plainType } from './scalar.ts';
import type { Edit } from './span.ts';
import type { MapNode, ScalarNode, SeqNode, YamlNode } from './tree.ts';

/**
 * Makers of text edits. All offsets are of the document's text; nothing outside the returned spans changes. A maker gives
 * undefined where no edit of one span is right, for instance where an anchor would go that aliases may need.
 */

/** The column of an offset; a byte order mark takes none. */
export function columnOf(text: string, offset: number): number {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return offset - lineStart - (text[lineStart] === '\uFEFF' && offset > lineStart ? 1 : 0);
}

/** The line break that the text uses; what we insert must not mix two kinds. */
export function newlineOf(text: string): '\n' | '\r\n' {
  const at = text.indexOf('\n');
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}

/** Writes a value so that it is read back as the given text: plain where that is safe, else in double quotes. */
export function scalarText(value: string, inFlow = true): string {
  const plain =
    plainType(value) === 'string' &&
    /^[A-Za-z0-9_./~^$(+-][^\n\r\t]*$/.test(value) &&
    !/: |:$| #|^[-?] |^-$|^---|^\.\.\.|\s$/.test(value) &&
    !(inFlow && /[[\]{},]/.test(value));
  return plain ? value : JSON.stringify(value);
}

/**
 * Replaces a scalar's value, keeping its place and its quotes (JSON knows no other form). A text is written so that it
 * stays text; a number is written as a number. A null scalar (`key:`) gets a blank before the value.
 */
export function replaceScalar(node: ScalarNode, value: string | number): Edit {
  return replaceWithSource(node, typeof value === 'number' ? String(value) : inStyleOf(node, value));
}

/** Puts source text, such as `{}`, in the place of a scalar. */
export function replaceWithSource(node: ScalarNode, source: string): Edit {
  const gap = node.start !== node.end ? '' : node.key?.end === node.start ? ': ' : ' ';
  return { span: { start: node.start, end: node.end }, text: gap + source };
}

export function renameKey(key: ScalarNode, name: string): Edit {
  return { span: { start: key.start, end: key.end }, text: inStyleOf(key, name) };
}

function inStyleOf(node: ScalarNode, value: string): string {
  if (node.style === 'double') return JSON.stringify(value);
  if (node.style === 'single' && !/[\n\r]/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return scalarText(value, node.parent?.flow !== false);
}

/**
 * Removes a map entry with its value and its lines. When it is the only entry of its map, the map's own entry goes too,
 * because `spec:` with nothing under it means null; where that cannot be, `{}` stays.
 */
export function removeEntry(text: string, node: YamlNode): Edit | undefined {
  const map = node.parent;
  if (!node.key || map?.kind !== 'map' || holdsAnchor(node)) return undefined;
  const at = map.entries.findIndex((entry) => entry.value === node);
  if (at === -1) return undefined;
  if (map.entries.length === 1) return removeOnlyEntry(text, map);
  if (map.flow)
    return removeFromFlow(node.key.start, map.entries[at - 1]?.value.end, map.entries[at + 1]?.key.start, node.end);
  const { start } = node.key;
  const lineStart = start - columnOf(text, start);
  const lead = text.slice(lineStart, start);
  if (lead.trim() === '')
    return { span: { start: lineStart, end: endOfLines(text, Math.max(node.end, node.key.end)) }, text: '' };
  // The first key of a list item shares its line with the dash, which must stay.
  const next = map.entries[at + 1]?.key.start;
  if (next === undefined || !/^\s*(?:-\s+)+$/.test(lead) || text.slice(next - columnOf(text, next), next).trim() !== '')
    return undefined;
  return { span: { start, end: next }, text: '' };
}

function removeOnlyEntry(text: string, map: MapNode): Edit {
  const whole = !map.flow && map.parent?.kind === 'map' ? removeEntry(text, map) : undefined;
  return whole ?? { span: { start: map.start, end: contentEnd(text, map) }, text: '{}' };
}

function removeFromFlow(
  start: number,
  previousEnd: number | undefined,
  nextStart: number | undefined,
  end: number,
): Edit {
  if (nextStart !== undefined) return { span: { start, end: nextStart }, text: '' };
  return { span: { start: previousEnd ?? start, end }, text: '' };
}

/** Removes a list item with its dash and lines, or with its comma in flow style. */
export function removeItem(text: string, node: YamlNode): Edit | undefined {
  const seq = node.parent;
  if (seq?.kind !== 'seq' || holdsAnchor(node)) return undefined;
  if (seq.items.length === 1) return removeOnlyItem(text, seq);
  const at = seq.items.indexOf(node);
  if (seq.flow) return removeFromFlow(node.start, seq.items[at - 1]?.end, seq.items[at + 1]?.start, node.end);
  const dash = text.lastIndexOf('-', node.start - 1);
  const lineStart = dash - columnOf(text, dash);
  if (text.slice(lineStart, dash).trim() !== '') return undefined;
  return { span: { start: lineStart, end: endOfLines(text, node.end) }, text: '' };
}

/** What is left is `[]`, on the line of the key: below it, in the column of the dashes, it could not be read. */
function removeOnlyItem(text: string, seq: SeqNode): Edit | undefined {
  const end = contentEnd(text, seq);
  if (seq.flow || !seq.key) return { span: { start: seq.start, end }, text: '[]' };
  const colon = /^\s*:\s*$/.exec(text.slice(seq.key.end, seq.start));
  return colon ? { span: { start: seq.key.end, end }, text: ': []' } : undefined;
}

/** True when other nodes may refer to something in this one. Depth is bounded by the parser. */
function holdsAnchor(node: YamlNode): boolean {
  if (node.anchor !== undefined || node.key?.anchor !== undefined) return true;
  if (node.kind === 'map')
    return node.entries.some((entry) => holdsAnchor(entry.value) || entry.key.anchor !== undefined);
  return node.kind === 'seq' && node.items.some(holdsAnchor);
}

/** Where the last thing written in a node ends; block collections themselves reach to the start of the next line. */
function contentEnd(text: string, node: YamlNode): number {
  if (node.kind === 'scalar' || node.kind === 'alias' || node.flow) return text.slice(0, node.end).trimEnd().length;
  const last = node.kind === 'map' ? node.entries.at(-1)?.value : node.items.at(-1);
  return last ? contentEnd(text, last) : node.end;
}

/** The offset after the line in which `offset` stands, at most the end of the text. */
function endOfLines(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline + 1;
}

/**
 * Adds an entry at the end of a map, in the map's own style and indentation. `value` is source text and may span lines:
 * each line is then indented below the key by the maker.
 */
export function addEntry(text: string, map: MapNode, key: string, value: string): Edit {
  const newline = newlineOf(text);
  const last = map.entries.at(-1);
  if (map.flow || !last) return addToFlow(map, key, value);
  const indent = ' '.repeat(columnOf(text, last.key.start));
  const lines = value.split('\n').filter((line) => line !== '');
  const body =
    lines.length > 1 ? lines.map((line) => `${newline}${indent}  ${line}`).join('') : value === '' ? '' : ` ${value}`;
  const end = Math.max(last.value.end, last.key.end + 1);
  const at = text[end - 1] === '\n' ? end : lineEnd(text, end);
  const lead = text[at - 1] === '\n' ? '' : newline;
  const tail = lead === '' ? newline : '';
  return { span: { start: at, end: at }, text: `${lead}${indent}${key}:${body}${tail}` };
}

function addToFlow(map: MapNode, key: string, value: string): Edit {
  const last = map.entries.at(-1);
  const json = (last?.key ?? map.key)?.style === 'double';
  const entry = json ? `${JSON.stringify(key)}: ${jsonText(value)}` : `${key}: ${value}`;
  if (last) return { span: { start: last.value.end, end: last.value.end }, text: `, ${entry}` };
  return { span: { start: map.start, end: map.end }, text: `{${entry}}` };
}

/** Source text that JSON takes as it is, or the same in quotes. */
function jsonText(value: string): string {
  return /^(?:true|false|null|-?\d+(?:\.\d+)?|".*"|\[.*\]|\{.*\})$/.test(value) ? value : JSON.stringify(value);
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
