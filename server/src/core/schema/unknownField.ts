import { closest, distance } from 'fastest-levenshtein';
import { asScalar, entryOf, pathOf, pathText } from '../yaml/access.ts';
import { removeEntry, renameKey } from '../yaml/edits.ts';
import type { Entry, MapNode } from '../yaml/tree.ts';
import * as check from './checks.ts';
import { apiVersionOf } from './kind.ts';
import type { ObjectShape, Shape } from './shape.ts';
import { brief, nameOf, report, type Walk } from './walk.ts';

/** What to say about a field that does not exist: the name that was meant, or the place where it belongs. */

export function reportUnknownField(walk: Walk, node: MapNode, entry: Entry, shape: ObjectShape): void {
  const name = entry.key.text;
  const near = nearestName(
    name,
    [...shape.fields.keys()].filter((candidate) => !entryOf(node, candidate)),
  );
  const place = node.key || node.parent ? nameOf(node) : `${walk.definition.kind}`;
  const start = `${place} has no field \`${brief(name)}\``;
  if (near !== undefined) {
    report(walk, check.UNKNOWN_FIELD, entry.key, `${start}. Did you mean \`${near}\`?`, {
      fixes: [{ title: `Change to \`${near}\``, safe: false, edits: [renameKey(entry.key, near)] }],
    });
    return;
  }
  const versions = otherVersionsWith(walk, node, name);
  if (versions.length > 0) {
    const { group } = walk.definition;
    const others = versions.map((version) => apiVersionOf(group, version)).join(', ');
    report(
      walk,
      check.OTHER_VERSION_FIELD,
      entry.key,
      `\`${name}\` does not exist in ${apiVersionOf(group, walk.context.version)}, only in ${others}; the API server drops it.`,
    );
    return;
  }
  const home = homeOf(walk, node, entry, shape);
  const rest = home ? `; it belongs ${home}.` : '; the API server drops it without a word.';
  const edit = removeEntry(walk.text, entry.value);
  report(walk, check.UNKNOWN_FIELD, entry.key, start + rest, {
    fixes: edit ? [{ title: `Remove \`${brief(name)}\``, safe: false, edits: [edit] }] : [],
  });
}

/** The served versions of the kind that have the field at this place, when the version in use has not. */
function otherVersionsWith(walk: Walk, node: MapNode, name: string): string[] {
  const { definition, context } = walk;
  const root = walk.around[0]?.node;
  if (!root || !Object.hasOwn(definition.versions, context.version)) return [];
  const [body, ...path] = pathOf(node).slice(pathOf(root).length);
  if (body !== (definition.body ?? 'spec')) return [];
  const others = Object.entries(definition.versions).filter(
    ([version, facts]) => facts.served && version !== context.version,
  );
  return others.flatMap(([version]) => (fieldsAt(walk.specOf(version), path)?.has(name) ? [version] : []));
}

function fieldsAt(shape: Shape, path: readonly (string | number)[]): ObjectShape['fields'] | undefined {
  let current: Shape | undefined = shape;
  for (const step of path) {
    if (current?.type === 'object') current = current.fields.get(String(step))?.shape;
    else if (current?.type === 'list') current = current.item;
    else current = current?.type === 'map' ? current.value : undefined;
  }
  return current?.type === 'object' ? current.fields : undefined;
}

/** The nearest of some names, when it is near enough to be a slip of the finger or another case. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0 || name.length > 100) return undefined;
  const folded = name.toLowerCase().replaceAll(/[-_]/g, '');
  const same = candidates.find((candidate) => candidate.toLowerCase() === folded);
  if (same !== undefined) return same;
  // Letters in another order are a slip too, however short the name.
  const letters = lettersOf(folded);
  const shuffled = candidates.find((candidate) => lettersOf(candidate.toLowerCase()) === letters);
  if (shuffled !== undefined) return shuffled;
  const best = closest(name, [...candidates]);
  const allowed = name.length <= 4 ? 1 : name.length <= 8 ? 2 : 3;
  return distance(name.toLowerCase(), best.toLowerCase()) <= allowed ? best : undefined;
}

/** The same few names are compared with again and again; sorting them each time would cost more than all else. */
const sortedLetters = new Map<string, string>();
const MAX_SORTED = 10_000;

function lettersOf(name: string): string {
  let letters = sortedLetters.get(name);
  if (letters === undefined) {
    letters = [...name].sort().join('');
    if (sortedLetters.size >= MAX_SORTED) sortedLetters.clear();
    sortedLetters.set(name, letters);
  }
  return letters;
}

/** Where a misplaced field belongs: in a part below this object, in an object around it, or beside one. */
function homeOf(walk: Walk, node: MapNode, entry: Entry, shape: ObjectShape): string | undefined {
  const name = entry.key.text;
  const below = pathBelow(shape, name, 3);
  if (below) return `under \`${below}\``;
  const outer = walk.around.findLast((candidate) => candidate.node !== node && candidate.shape.fields.has(name));
  if (outer) {
    const path = pathText(pathOf(outer.node));
    return path === '' ? 'to the top level' : `directly under \`${path}\``;
  }
  const labels = labelsField(shape);
  if (labels !== undefined && asScalar(entry.value)) return `under \`${labels}\``;
  const root = walk.around[0];
  const beside = root && root.node !== node ? pathBelow(root.shape, name, 1) : undefined;
  return beside === undefined ? undefined : `under \`${beside}\``;
}

/** The one field of an object that takes free keys with texts, such as `matchLabels`: what a bare label was meant for. */
function labelsField(shape: ObjectShape): string | undefined {
  const maps = [...shape.fields.values()].filter(
    ({ shape: inner }) => inner.type === 'map' && inner.value.type === 'string',
  );
  return maps.length === 1 ? maps[0]?.name : undefined;
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
