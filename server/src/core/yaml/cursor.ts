import { flowCursor } from './cursorFlow.ts';
import type { Cursor, Path, ValueCursor } from './cursorPlace.ts';
import { type Line, linesOf, type Mark } from './lines.ts';

/** The cursor's place, or undefined where nothing can be offered: comments, block scalars, document markers. */
export function cursorAt(text: string, offset: number): Cursor | undefined {
  const lines = linesOf(text);
  const row = lines.findLastIndex((line) => line.start <= offset);
  const line = lines[row];
  if (!line || line.role === 'comment' || line.role === 'scalar' || line.role === 'marker') return undefined;
  if (inComment(text, line, offset)) return undefined;
  const flow = flowStart(text, lines, row, offset);
  if (flow) {
    const opener = lines[flow.row];
    const outer = opener ? outerPath(lines, flow.row, opener, flow.offset) : [];
    return flowCursor(text, flow.offset, offset, outer);
  }
  if (line.role === 'flow') return undefined;
  return blockCursor(text, lines, row, line, offset);
}

function inComment(text: string, line: Line, offset: number): boolean {
  const before = text.slice(line.start, offset);
  const hash = /(?:^|\s)#/.exec(before.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, (quoted) => 'x'.repeat(quoted.length)));
  return hash !== null;
}

/** The outermost open bracket before the offset, when the cursor is inside a flow collection. */
function flowStart(
  text: string,
  lines: readonly Line[],
  row: number,
  offset: number,
): { row: number; offset: number } | undefined {
  let first = row;
  while (first > 0 && lines[first]?.role === 'flow') first--;
  const line = lines[first];
  if (!line) return undefined;
  const key = line.marks.at(-1);
  let at = key?.kind === 'key' ? key.valueStart : key ? line.start + key.column + 1 : line.start + line.indent;
  while (at < text.length && /[ \t]/.test(text[at] ?? '')) at++;
  if (at >= offset || (text[at] !== '{' && text[at] !== '[')) return undefined;
  return isOpenAt(text, at, offset) ? { row: first, offset: at } : undefined;
}

function isOpenAt(text: string, from: number, to: number): boolean {
  let depth = 0;
  let quote = '';
  for (let at = from; at < to; at++) {
    const char = text[at] ?? '';
    if (quote) {
      if (char === '\\' && quote === '"') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    if (depth === 0) return false;
  }
  return depth > 0;
}

function outerPath(lines: readonly Line[], row: number, line: Line, offset: number): Path {
  const marks = line.marks.filter((mark) => line.start + mark.column < offset);
  return marks.length === 0 ? [] : pathTo(lines, row, marks);
}

// --- block style ---------------------------------------------------------------------------------------------------

function blockCursor(
  text: string,
  lines: readonly Line[],
  row: number,
  line: Line,
  offset: number,
): Cursor | undefined {
  const last = line.marks.at(-1);
  if (last?.kind === 'key' && offset >= last.valueStart) return keyValueCursor(text, lines, row, line, last, offset);
  const items = line.marks.filter((mark) => mark.kind === 'item' && line.start + mark.column < offset);
  const lastItem = items.at(-1);
  const wordStart = wordStartOf(text, line, lastItem);
  if (offset < wordStart && line.role !== 'blank') return undefined;
  const start = line.role === 'blank' ? line.start : wordStart;
  const prefix = text.slice(start, offset).trimStart();
  const column = line.role === 'blank' ? offset - line.start : wordStart - line.start;
  const keyMark = last?.kind === 'key' ? last : undefined;
  const end = keyMark ? keyMark.valueStart - 1 : wordEnd(text, Math.max(offset, start), line.end);
  if (/\s/.test(prefix) && !keyMark) return lastItem ? itemValue(text, lines, row, line, items, offset) : undefined;
  const place = placeOf(lines, row, column, items);
  if (!place) return undefined;
  return {
    kind: 'key',
    path: place.path,
    replace: {
      start: place.column === column ? Math.min(offset, line.role === 'blank' ? offset : wordStart) : line.start,
      end,
    },
    prefix,
    siblings: siblingKeys(lines, row, place.column, items.length > 0),
    column: place.column,
    indentFix: place.column === column ? '' : ' '.repeat(place.column),
    hasColon: keyMark !== undefined,
    style: 'block',
    hasDash: items.length > 0,
  };
}

function keyValueCursor(
  text: string,
  lines: readonly Line[],
  row: number,
  line: Line,
  mark: Mark & { kind: 'key' },
  offset: number,
): Cursor {
  const path = pathTo(lines, row, line.marks);
  return {
    ...scalarCursor(text, mark.valueStart, line.end, offset),
    kind: 'value',
    path,
    style: 'block',
    column: mark.column,
    siblings: new Set(),
  };
}

function itemValue(
  text: string,
  lines: readonly Line[],
  row: number,
  line: Line,
  items: readonly Mark[],
  offset: number,
): Cursor | undefined {
  const dash = items.at(-1);
  if (!dash) return undefined;
  const path = pathTo(lines, row, items);
  return {
    ...scalarCursor(text, line.start + dash.column + 1, line.end, offset),
    kind: 'value',
    path,
    style: 'block',
    column: dash.column,
    siblings: new Set(),
  };
}

/** The scalar around the cursor: what is replaced, what is typed, in which quotes. */
export function scalarCursor(
  text: string,
  from: number,
  lineEnd: number,
  offset: number,
): Pick<ValueCursor, 'replace' | 'prefix' | 'quote' | 'needsBlank'> {
  let start = from;
  while (start < offset && /[ \t]/.test(text[start] ?? '')) start++;
  const needsBlank = start === from;
  const quote = text[start] === '"' ? '"' : text[start] === "'" ? "'" : '';
  if (quote) {
    start++;
    const close = text.indexOf(quote, start);
    const end = close === -1 || close > lineEnd ? lineEnd : close;
    return {
      replace: { start, end: Math.max(end, offset) },
      prefix: text.slice(start, offset),
      quote,
      needsBlank: false,
    };
  }
  const rest = text.slice(start, lineEnd);
  const comment = /(?:^|\s)#/.exec(rest);
  const end = start + (comment ? rest.slice(0, comment.index) : rest).trimEnd().length;
  return { replace: { start, end: Math.max(end, offset) }, prefix: text.slice(start, offset), quote: '', needsBlank };
}

function wordStartOf(text: string, line: Line, lastItem: Mark | undefined): number {
  let at = lastItem ? line.start + lastItem.column + 1 : line.start + line.indent;
  while (at < line.end && /[ \t]/.test(text[at] ?? '')) at++;
  return at;
}

function wordEnd(text: string, offset: number, lineEnd: number): number {
  let at = offset;
  while (at < lineEnd && !/[\s:#,]/.test(text[at] ?? '')) at++;
  return at;
}

/** The map that a key at `column` of line `row` belongs to, and the column its keys really stand in. */
function placeOf(
  lines: readonly Line[],
  row: number,
  column: number,
  items: readonly Mark[],
): { path: Path; column: number } | undefined {
  if (items.length > 0) return { path: pathTo(lines, row, items), column };
  const above = previousEntry(lines, row);
  const mark = above?.marks.at(-1);
  if (mark?.kind === 'key' && column > mark.column && takesNoChildren(mark.value)) {
    // Deeper than a key that already has a value: the column of that key was meant.
    return { path: pathAbove(lines, row, mark.column), column: mark.column };
  }
  const path = pathAbove(lines, row, column);
  const sibling = siblingColumn(lines, row, column);
  return { path, column: sibling ?? column };
}

/** True when something stands after the colon that cannot be continued on deeper lines. */
function takesNoChildren(value: string): boolean {
  return value !== '' && !/^[&!]\S*$/.test(value) && !/^[|>]/.test(value);
}

function previousEntry(lines: readonly Line[], row: number): Line | undefined {
  return lines.slice(0, row).findLast((line) => line.role === 'entry');
}

/** The column of entries that stand, above or below, in the same block as `column` would, when it differs slightly. */
function siblingColumn(lines: readonly Line[], row: number, column: number): number | undefined {
  const parent = parentColumn(lines, row, column);
  for (let at = row - 1; at >= 0; at--) {
    const line = lines[at];
    if (line?.role !== 'entry') continue;
    const key = line.marks.find((mark) => mark.kind === 'key');
    const first = line.marks[0]?.column ?? line.indent;
    if (key && key.column === column) return column;
    if (first <= parent) break;
  }
  return undefined;
}

function parentColumn(lines: readonly Line[], row: number, column: number): number {
  for (let at = row - 1; at >= 0; at--) {
    for (const mark of [...(lines[at]?.marks ?? [])].reverse()) if (mark.column < column) return mark.column;
  }
  return -1;
}

/** The path of the container in which an entry at `column` would stand. */
function pathAbove(lines: readonly Line[], row: number, column: number): Path {
  return climb(lines, row - 1, column, false);
}

/** The path to the last of some marks on one line. */
function pathTo(lines: readonly Line[], row: number, marks: readonly Mark[]): Path {
  const first = marks[0];
  if (!first) return [];
  const own: (string | number)[] = [];
  for (const mark of marks) own.push(mark.kind === 'key' ? mark.key : 0);
  const outer = [...climb(lines, row - 1, first.column, first.kind === 'item')];
  if (first.kind === 'item') own[0] = itemIndex(lines, row, first.column);
  return [...outer, ...own];
}

function itemIndex(lines: readonly Line[], row: number, column: number): number {
  let index = 0;
  for (let at = row - 1; at >= 0; at--) {
    const line = lines[at];
    if (line?.role !== 'entry') continue;
    const first = line.marks[0];
    if (!first || first.column > column) continue;
    if (first.kind === 'item' && first.column === column) index++;
    else break;
  }
  return index;
}

/**
 * Walks up from a line and collects the entries that enclose a column. An item's dash may stand in the same column as
 * the key of its list.
 */
function climb(lines: readonly Line[], from: number, column: number, isItem: boolean): Path {
  const path: (string | number)[] = [];
  let limit = column;
  let sameColumn = isItem;
  for (let at = from; at >= 0 && limit >= 0; at--) {
    const line = lines[at];
    if (line?.role !== 'entry') continue;
    for (const mark of [...line.marks].reverse()) {
      const encloses = mark.column < limit || (sameColumn && mark.kind === 'key' && mark.column === limit);
      if (!encloses) continue;
      path.unshift(mark.kind === 'key' ? mark.key : itemIndex(lines, at, mark.column));
      limit = mark.column;
      sameColumn = mark.kind === 'item';
    }
  }
  return path;
}

/** The keys in the same block as `column`, above and below the line. */
function siblingKeys(lines: readonly Line[], row: number, column: number, startsItem: boolean): Set<string> {
  const keys = new Set<string>();
  const collect = (from: number, step: 1 | -1): void => {
    for (let at = from; at >= 0 && at < lines.length; at += step) {
      const line = lines[at];
      if (line?.role !== 'entry') continue;
      const key = line.marks.find((mark) => mark.kind === 'key');
      const first = line.marks[0]?.column ?? line.indent;
      const opensItem = line.marks[0]?.kind === 'item' && key?.column === column;
      if (opensItem && step === 1) return;
      if (key?.kind === 'key' && key.column === column) keys.add(key.key);
      if (first < column) return;
    }
  };
  if (!startsItem) collect(row - 1, -1);
  collect(row + 1, 1);
  return keys;
}
