import type { SourceFile } from '../model/file.ts';
import { linesOf } from '../yaml/lines.ts';
import type { Span } from '../yaml/span.ts';
import type { YamlNode } from '../yaml/tree.ts';

export interface Fold {
  /** From a character of the line that stays visible to one of the last line that is hidden; offsets of the file. */
  readonly span: Span;
  readonly kind: 'region' | 'comment';
}

/** What can be folded: documents, maps, lists, long texts, and comments of several lines. */
export function foldsOf(file: SourceFile): Fold[] {
  const several = file.documents.length > 1;
  return file.documents.flatMap(({ start, document }) => {
    const folds: Fold[] = [];
    const add = (from: number, end: number, kind: Fold['kind']) => {
      const last = from + document.text.slice(from, end).trimEnd().length;
      if (document.text.slice(from, last).includes('\n'))
        folds.push({ span: { start: start + from, end: start + last }, kind });
    };
    if (several && document.text.startsWith('---')) add(0, document.text.length, 'region');
    for (const { from, end } of commentBlocks(document.text)) add(from, end, 'comment');
    if (document.parsed.root) foldsUnder(document.parsed.root, add);
    return folds;
  });
}

/** Depth is bounded by the parser. */
function foldsUnder(node: YamlNode, add: (from: number, end: number, kind: Fold['kind']) => void): void {
  if (node.kind === 'map') {
    for (const { key, value } of node.entries) {
      add(key.start, value.end, 'region');
      foldsUnder(value, add);
    }
  } else if (node.kind === 'seq') {
    for (const item of node.items) {
      if (item.kind !== 'scalar') add(item.start, item.end, 'region');
      foldsUnder(item, add);
    }
  }
}

function commentBlocks(text: string): { from: number; end: number }[] {
  const blocks: { from: number; end: number }[] = [];
  let open: { from: number; end: number } | undefined;
  for (const line of linesOf(text)) {
    if (line.role !== 'comment') open = undefined;
    else if (open) open.end = line.end;
    else {
      open = { from: line.start + line.indent, end: line.end };
      blocks.push(open);
    }
  }
  return blocks;
}
