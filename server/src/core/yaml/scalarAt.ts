import type { Span } from './span.ts';
import type { ScalarNode, YamlNode } from './tree.ts';

/** A key or a scalar value with the path of its entry or item. */
export interface FoundScalar {
  readonly scalar: ScalarNode;
  readonly isKey: boolean;
  readonly path: (string | number)[];
}

/** The key or scalar value under an offset; both ends of it count. Undefined between them. */
export function scalarAt(root: YamlNode, offset: number): FoundScalar | undefined {
  const path: (string | number)[] = [];
  let node: YamlNode | undefined = root;
  while (node) {
    if (node.kind === 'scalar') return within(node, offset) ? { scalar: node, isKey: false, path } : undefined;
    if (node.kind === 'alias') return undefined;
    if (node.kind === 'seq') {
      const index: number = node.items.findIndex((item) => item.start <= offset && offset <= item.end);
      if (index === -1) return undefined;
      path.push(index);
      node = node.items[index];
      continue;
    }
    const entry = node.entries.findLast(({ key }) => key.start <= offset);
    if (!entry) return undefined;
    path.push(entry.key.text);
    if (within(entry.key, offset)) return { scalar: entry.key, isKey: true, path };
    node = entry.value;
  }
  return undefined;
}

function within(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end && span.end > span.start;
}
