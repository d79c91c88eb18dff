import type { SourceFile } from '../model/file.ts';
import { documentAt } from '../model/target.ts';
import type { Span } from '../yaml/span.ts';
import type { YamlNode } from '../yaml/tree.ts';

/** What "expand selection" selects step by step, from the scalar under the cursor to the document; offsets of the file. */
export function selectionSpans(file: SourceFile, offset: number): Span[] {
  const placed = documentAt(file, offset);
  if (!placed) return [];
  const { start, document } = placed;
  const spans: Span[] = [{ start, end: start + document.text.length }];
  const push = (from: number, end: number) => {
    const span = { start: start + from, end: start + from + document.text.slice(from, end).trimEnd().length };
    const outer = spans.at(-1);
    if (!outer || span.end <= span.start || offset < span.start || span.end < offset) return;
    if (outer.start <= span.start && span.end <= outer.end && !isSame(outer, span)) spans.push(span);
  };
  let node: YamlNode | undefined = document.parsed.root ?? undefined;
  while (node) {
    push(node.start, node.end);
    node = innerNode(node, offset - start, push);
  }
  return spans.reverse();
}

function innerNode(node: YamlNode, offset: number, push: (from: number, end: number) => void): YamlNode | undefined {
  if (node.kind === 'seq') return node.items.find((item) => item.start <= offset && offset <= item.end);
  if (node.kind !== 'map') return undefined;
  const entry = node.entries.findLast(({ key }) => key.start <= offset);
  if (!entry) return undefined;
  push(entry.key.start, Math.max(entry.value.end, entry.key.end));
  if (offset <= entry.key.end) {
    push(entry.key.start, entry.key.end);
    return undefined;
  }
  return entry.value;
}

function isSame(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}
