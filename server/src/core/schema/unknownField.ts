import { closest, distance } from 'fastest-levenshtein';
import { entryOf, pathOf, pathText } from '../yaml/access.ts';
import { removeEntry, renameKey } from '../yaml/edits.ts';
import type { Entry, MapNode } from '../yaml/tree.ts';
import * as check from './checks.ts';
import type { ObjectShape, Shape } from './shape.ts';
import { brief, nameOf, report, type Walk } from './walk.ts';

/** What to say about a field that does not exist: the name that was meant, or the place where it belongs. */

export function reportUnknownField(walk: Walk, node: MapNode, entry: Entry, shape: ObjectShape): void {
  const name = entry.key.text;
  const near = nearestName(name, [...shape.fields.keys()].filter((candidate) => !entryOf(node, candidate)));
  const place = node.key || node.parent ? nameOf(node) : `${walk.definition.kind}`;
  const start = `${place} has no field \`${brief(name)}\``;
  if (near !== undefined) {
    report(walk, check.UNKNOWN_FIELD, entry.key, `${start}. Did you mean \`${near}\`?`, {
      fixes: [{ title: `Change to \`${near}\``, safe: false, edits: [renameKey(entry.key, near)] }],
    });
    return;
  }
  const home = homeOf(walk, node, name, shape);
  const rest = home ? `; it belongs ${home}.` : '; the API server drops it without a word.';
  const edit = removeEntry(walk.text, entry.value);
  report(walk, check.UNKNOWN_FIELD, entry.key, start + rest, {
    fixes: edit ? [{ title: `Remove \`${brief(name)}\``, safe: false, edits: [edit] }] : [],
  });
}

/** The nearest of some names, when it is near enough to be a slip of the finger or another case. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0 || name.length > 100) return undefined;
  const folded = name.toLowerCase().replaceAll(/[-_]/g, '');
  const same = candidates.find((candidate) => candidate.toLowerCase() === folded);
  if (same !== undefined) return same;
  const best = closest(name, [...candidates]);
  const allowed = name.length <= 4 ? 1 : name.length <= 8 ? 2 : 3;
  return distance(name.toLowerCase(), best.toLowerCase()) <= allowed ? best : undefined;
}

/** Where a misplaced field belongs: in a part below this object, or in an object around it. */
function homeOf(walk: Walk, node: MapNode, name: string, shape: ObjectShape): string | undefined {
  const below = pathBelow(shape, name, 3);
  if (below) return `under \`${below}\``;
  const outer = walk.around.findLast((candidate) => candidate.node !== node && candidate.shape.fields.has(name));
  if (!outer) return undefined;
  const path = pathText(pathOf(outer.node));
  return path === '' ? 'to the top level' : `directly under \`${path}\``;
}

function pathBelow(shape: Shape, name: string, depth: number): string | undefined {
  const objects: { shape: ObjectShape; path: string }[] = shape.type === 'object' ? [{ shape, path: '' }] : [];
  for (let level = 0; level < depth; level++) {
    const next: typeof objects = [];
    for (const { shape: object, path } of objects) {
      for (const field of object.fields.values()) {
        const inner = field.shape.type === 'list' ? field.shape.item : field.shape;
        if (inner.type !== 'object') continue;
        const innerPath = `${path}${path ? '.' : ''}${field.name}${field.shape.type === 'list' ? '[]' : ''}`;
        if (inner.fields.has(name)) return innerPath;
        next.push({ shape: inner, path: innerPath });
      }
    }
    objects.splice(0, objects.length, ...next);
  }
  return undefined;
}
