import { booleanOf, numberOf } from './scalar.ts';
import type { Span } from './span.ts';
import type { Entry, MapNode, ScalarNode, SeqNode, YamlNode } from './tree.ts';

/**
 * Reading a tree the way Kubernetes reads it: aliases followed, merge keys applied, nulls taken as absent.
 * Every function takes `undefined` and gives `undefined` or an empty list, so that paths can be walked without checks.
 */
type Maybe = YamlNode | null | undefined;

const MAX_ALIAS_HOPS = 32;

export function deref(node: Maybe): Exclude<YamlNode, { kind: 'alias' }> | undefined {
  let current: Maybe = node;
  for (let hops = 0; current?.kind === 'alias'; hops++) {
    if (hops > MAX_ALIAS_HOPS) return undefined;
    current = current.target;
  }
  return current ?? undefined;
}

export function asMap(node: Maybe): MapNode | undefined {
  const target = deref(node);
  return target?.kind === 'map' ? target : undefined;
}

export function asSeq(node: Maybe): SeqNode | undefined {
  const target = deref(node);
  return target?.kind === 'seq' ? target : undefined;
}

export function asScalar(node: Maybe): ScalarNode | undefined {
  const target = deref(node);
  return target?.kind === 'scalar' ? target : undefined;
}

/** True when a value is there: neither absent nor null. */
export function isPresent(node: Maybe): node is YamlNode {
  const target = deref(node);
  return target !== undefined && !(target.kind === 'scalar' && target.type === 'null');
}

/** A map as it is read: merge keys applied, and the last of equal keys found at once. */
interface Reading {
  readonly entries: readonly Entry[];
  readonly byKey: ReadonlyMap<string, Entry>;
}

/** Trees do not change after parsing, so what was read stays right. */
const readings = new WeakMap<MapNode, Reading>();
/** Maps of no more entries, without merges, are cheaper to scan than to look up. */
const SMALL = 16;

function isSimple({ entries }: MapNode): boolean {
  if (entries.length > SMALL) return false;
  for (const entry of entries) if (isMerge(entry)) return false;
  return true;
}

function readingOf(map: MapNode): Reading {
  let reading = readings.get(map);
  if (!reading) {
    const entries = map.entries.some(isMerge) ? [...merged(map, new Set()).values()] : map.entries;
    reading = { entries, byKey: new Map(entries.map((entry) => [entry.key.text, entry])) };
    readings.set(map, reading);
  }
  return reading;
}

/** The entries of a map, merge keys (`<<`) applied: own keys win over merged ones, and the first merged one wins. */
export function entriesOf(node: Maybe): readonly Entry[] {
  const map = asMap(node);
  if (!map) return [];
  return isSimple(map) ? map.entries : readingOf(map).entries;
}

function isMerge(entry: Entry): boolean {
  return entry.key.text === '<<' && entry.key.style === 'plain';
}

/** Merges may merge themselves, so each map is read once; the parser has bounded what all of them together can bring. */
function merged(map: MapNode, seen: Set<MapNode>): Map<string, Entry> {
  const result = new Map<string, Entry>();
  if (seen.has(map)) return result;
  seen.add(map);
  for (const entry of map.entries) if (!isMerge(entry)) result.set(entry.key.text, entry);
  for (const entry of map.entries) {
    if (!isMerge(entry)) continue;
    const value = deref(entry.value);
    const sources = value?.kind === 'seq' ? value.items.map(asMap) : [asMap(value)];
    for (const source of sources) {
      if (!source) continue;
      for (const [key, from] of merged(source, seen)) if (!result.has(key)) result.set(key, from);
    }
  }
  return result;
}

/** The entry of a key. The last of two equal keys wins, as in Kubernetes' reader; the duplicate is reported elsewhere. */
export function entryOf(node: Maybe, key: string): Entry | undefined {
  const map = asMap(node);
  if (!map) return undefined;
  const { entries } = map;
  if (entries.length > SMALL) return readingOf(map).byKey.get(key);
  let merges = false;
  for (let at = entries.length - 1; at >= 0; at--) {
    const entry = entries[at] as Entry;
    if (isMerge(entry)) merges = true;
    // Own keys win over merged ones.
    else if (entry.key.text === key) return entry;
  }
  return merges ? readingOf(map).byKey.get(key) : undefined;
}

type Path = readonly (string | number)[];

function reach(node: Maybe, path: Path): Maybe {
  let current = node;
  // Counted, because nothing is called more often than this.
  for (let depth = 0; depth < path.length; depth++) {
    const step = path[depth] as string | number;
    current = typeof step === 'number' ? asSeq(current)?.items[step] : entryOf(current, step)?.value;
  }
  return current;
}

/** The scalar at a path, when its value is known: not a template action, not null. */
function knownScalar(node: Maybe, path: Path): ScalarNode | undefined {
  const scalar = asScalar(reach(node, path));
  return scalar && scalar.type !== 'null' && !scalar.templated ? scalar : undefined;
}

/** The value at a path of keys and indexes, or undefined when any step is absent or null. */
export function at(node: Maybe, ...path: Path): YamlNode | undefined {
  const found = reach(node, path);
  return isPresent(found) ? found : undefined;
}

export function has(node: Maybe, key: string): boolean {
  return isPresent(entryOf(node, key)?.value);
}

/** The items of the list at a path; empty when there is none. */
export function items(node: Maybe, ...path: Path): readonly YamlNode[] {
  return asSeq(reach(node, path))?.items ?? [];
}

/** The text of the scalar at a path, when its value is known (not a template action, not null). */
export function text(node: Maybe, ...path: Path): string | undefined {
  return knownScalar(node, path)?.text;
}

export function num(node: Maybe, ...path: Path): number | undefined {
  const scalar = knownScalar(node, path);
  return scalar && numberOf(scalar);
}

export function bool(node: Maybe, ...path: Path): boolean | undefined {
  const scalar = knownScalar(node, path);
  return scalar && booleanOf(scalar);
}

/** True when the value comes from a template: nothing certain can be said about it. */
export function isTemplated(node: Maybe): boolean {
  const target = deref(node);
  return target?.kind === 'scalar' && target.templated;
}

/**
 * Where a diagnostic about a node is shown: a scalar itself; else the key it stands under; else, for a list item, its
 * first key. One key or one scalar, never a whole block.
 */
export function anchorOf(node: YamlNode): Span {
  if (node.kind === 'alias') return node;
  if (node.kind === 'scalar') {
    if (node.start < node.end) return node;
    // An empty list item has nothing of its own; its dash stands right before it.
    return node.key ?? { start: Math.max(0, node.start - 1), end: node.start };
  }
  if (node.key) return node.key;
  if (node.kind === 'map') {
    const first = node.entries[0];
    return first ? first.key : { start: node.start, end: Math.min(node.end, node.start + 1) };
  }
  const first = node.items[0];
  return first ? anchorOf(first) : { start: node.start, end: Math.min(node.end, node.start + 1) };
}

/** The path from the root to a node, as keys and list indexes. */
export function pathOf(node: YamlNode): (string | number)[] {
  const path: (string | number)[] = [];
  let current: YamlNode = node;
  while (current.parent) {
    const parent: MapNode | SeqNode = current.parent;
    path.unshift(current.key ? current.key.text : parent.kind === 'seq' ? parent.items.indexOf(current) : '');
    current = parent;
  }
  return path;
}

/** A path as people write it: `spec.http[0].route[1].weight`. */
export function pathText(path: readonly (string | number)[]): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('');
}
