import type { YamlNode } from '../../yaml/tree.ts';
import type { Path } from './reference.ts';

/**
 * Paths with gaps, as in `spec.http[].route[].destination.host`: `[]` is any item of a list, `*` any key of a map, and
 * `["a.b/c"]` a key with dots in it.
 */
export function pattern(source: string): string[] {
  return [...source.matchAll(/\[\]|\["([^"]+)"\]|[^.[\]]+/g)].map(([whole, quoted]) => quoted ?? whole);
}

export function matchesPattern(wanted: readonly string[], path: Path): boolean {
  return wanted.length === path.length && wanted.every((step, at) => stepFits(step, path[at]));
}

function stepFits(wanted: string, step: string | number | undefined): boolean {
  if (typeof step === 'number') return wanted === '[]';
  return wanted === '*' ? step !== undefined : wanted === step;
}

/**
 * Calls back for every value under a pattern, with the path to it. What is written elsewhere and only repeated by an
 * alias is left out: it is met where it stands, and following aliases can cost without bound.
 */
export function eachMatch(
  node: YamlNode,
  wanted: readonly string[],
  found: (node: YamlNode, path: Path) => void,
  path: Path = [],
): void {
  const step = wanted[path.length];
  if (step === undefined) {
    found(node, path);
    return;
  }
  if (step === '[]') {
    if (node.kind !== 'seq') return;
    for (const [index, item] of node.items.entries()) eachMatch(item, wanted, found, [...path, index]);
    return;
  }
  if (node.kind !== 'map') return;
  for (const { key, value } of node.entries) {
    if (step === '*' || key.text === step) eachMatch(value, wanted, found, [...path, key.text]);
  }
}
