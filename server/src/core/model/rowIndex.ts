import type { KindKey, Located } from './located.ts';

/** What resources of some kinds contribute to an index, by key. Depends on the resource alone. */
export interface IndexDefinition<T> {
  /** All kinds when undefined. */
  readonly kinds: readonly KindKey[] | undefined;
  readonly rowsOf: (located: Located) => readonly (readonly [key: string, row: T])[];
}

/** The rows of each key in the order of kinds, files and documents. Immutable. */
export interface RowIndex<T> {
  /** As it was built, shared from one world to the next. */
  readonly built: ReadonlyMap<string, Rows<T>>;
  /** The keys that have changed since. */
  readonly changed: ReadonlyMap<string, Rows<T>>;
}

/** With more changed keys than this, passing them on costs more than putting them in with the others. */
const MANY = 1000;

export function rowsIn<T>({ built, changed }: RowIndex<T>, key: string): readonly T[] {
  return (changed.get(key) ?? built.get(key))?.rows ?? [];
}

interface Rows<T> {
  readonly rows: readonly T[];
  /** The resource that each row is of. */
  readonly from: readonly Located[];
}

/** How a world differs from the one before it. */
export interface Changes {
  readonly removed: readonly Located[];
  readonly added: readonly Located[];
  /** What stands where something else stood: from the old to the new. */
  readonly replaced: ReadonlyMap<Located, Located>;
  /** The place of a resource of the new world among all. */
  readonly placeOf: (located: Located) => number;
}

/**
 * What makes an index. `rowsOf` is asked anew whenever a resource comes or goes: it gives equal rows for it each time.
 * One that is `rare` is asked in few workspaces, and not made ahead.
 */
export function defineIndex<T>(
  kinds: readonly KindKey[] | undefined,
  rowsOf: IndexDefinition<T>['rowsOf'],
  { rare = false } = {},
): IndexDefinition<T> {
  const definition = { kinds, rowsOf };
  if (!rare) INDEXES.push(definition);
  return definition;
}

/** Those that nearly every workspace needs. */
export const INDEXES: IndexDefinition<unknown>[] = [];

/** After so many resources it is time to see whether there is something more urgent. */
const STEP = 256;

/** Builds an index in small steps. `resources` are those of the kinds, in the order of kinds, files and documents. */
export function* buildIndex<T>(
  { rowsOf }: IndexDefinition<T>,
  resources: readonly Located[],
): Generator<void, RowIndex<T>> {
  const index = new Map<string, GrowingRows<T>>();
  for (let at = 0; at < resources.length; at++) {
    if (at % STEP === STEP - 1) yield;
    const located = resources[at] as Located;
    addRows(index, located, rowsOf(located));
  }
  return { built: index, changed: new Map() };
}

interface GrowingRows<T> {
  readonly rows: T[];
  readonly from: Located[];
}

function addRows<T>(
  index: Map<string, GrowingRows<T>>,
  located: Located,
  rows: readonly (readonly [key: string, row: T])[],
): void {
  for (const [key, row] of rows) {
    const known = index.get(key);
    if (known) {
      known.rows.push(row);
      known.from.push(located);
    } else index.set(key, { rows: [row], from: [located] });
  }
}

export interface UpdatedIndex<T> {
  readonly index: RowIndex<T>;
  /** The keys that have other rows now. */
  readonly keys: readonly string[];
}

/** The index of the next world. Keys that no changed resource has keep their rows, and so do those with equal ones. */
export function updateIndex<T>(index: RowIndex<T>, definition: IndexDefinition<T>, changes: Changes): UpdatedIndex<T> {
  const { kinds } = definition;
  const isIndexed = (located: Located) => !located.partial && (kinds?.includes(located.kindKey) ?? true);
  const gone = rowsByKey(definition, changes.removed.filter(isIndexed));
  const come = rowsByKey(definition, changes.added.filter(isIndexed));
  if (gone.size === 0 && come.size === 0) return { index, keys: [] };
  const changed = new Map(index.changed);
  const keys: string[] = [];
  for (const key of new Set([...gone.keys(), ...come.keys()])) {
    const known = index.changed.get(key) ?? index.built.get(key) ?? NO_ROWS;
    const missing = new Map(come.get(key));
    const { rows, isSame } = replaceRows(known, gone.get(key) ?? new Map(), missing, changes);
    const now = missing.size > 0 ? insertRows(rows, missing, definition, changes) : rows;
    // A key that has no rows any more is remembered only where `built` would say otherwise.
    if (now.rows.length > 0 || index.built.has(key)) changed.set(key, now);
    else changed.delete(key);
    if (!isSame || missing.size > 0) keys.push(key);
  }
  if (changed.size <= MANY) return { index: { built: index.built, changed }, keys };
  const built = new Map([...index.built, ...changed].filter(([, { rows }]) => rows.length > 0));
  return { index: { built, changed: new Map() }, keys };
}

const NO_ROWS: Rows<never> = { rows: [], from: [] };

type ByResource<T> = ReadonlyMap<Located, readonly T[]>;

/** Takes out rows, and puts in their place those of what stands there now; these are then not `missing` any more. */
function replaceRows<T>(
  known: Rows<T>,
  gone: ByResource<T>,
  missing: Map<Located, readonly T[]>,
  { replaced }: Changes,
): { readonly rows: Rows<T>; readonly isSame: boolean } {
  const rows = known.rows.slice();
  const from = known.from.slice();
  let isSame = true;
  const places = [...gone.keys()].map((located) => ({ located, at: known.from.indexOf(located) }));
  // From behind, so that the places before stay where they are.
  for (const { located, at } of places.sort((a, b) => b.at - a.at)) {
    const count = gone.get(located)?.length ?? 0;
    const now = replaced.get(located);
    const fresh = (now && missing.get(now)) ?? [];
    if (now) missing.delete(now);
    isSame &&= fresh.length === count && fresh.every((row, offset) => row === known.rows[at + offset]);
    rows.splice(at, count, ...fresh);
    from.splice(at, count, ...fresh.map(() => now ?? located));
  }
  return { rows: { rows, from }, isSame };
}

/** Puts in rows that stand where there were none, in the order of kinds, files and documents. */
function insertRows<T>(
  { rows, from }: Rows<T>,
  missing: ByResource<T>,
  { kinds }: IndexDefinition<T>,
  { placeOf }: Changes,
): Rows<T> {
  const entries = [
    ...from.map((located, at) => ({ located, row: rows[at] as T })),
    ...[...missing].flatMap(([located, fresh]) => fresh.map((row) => ({ located, row }))),
  ];
  const rank = (located: Located) => (kinds ? kinds.indexOf(located.kindKey) : 0);
  entries.sort((a, b) => rank(a.located) - rank(b.located) || placeOf(a.located) - placeOf(b.located));
  return { rows: entries.map(({ row }) => row), from: entries.map(({ located }) => located) };
}

/** The rows of some resources for each key, by resource. */
function rowsByKey<T>({ rowsOf }: IndexDefinition<T>, resources: Iterable<Located>): Map<string, Map<Located, T[]>> {
  const byKey = new Map<string, Map<Located, T[]>>();
  for (const located of resources) {
    for (const [key, row] of rowsOf(located)) {
      const ofKey = byKey.get(key) ?? new Map<Located, T[]>();
      byKey.set(key, ofKey);
      ofKey.set(located, [...(ofKey.get(located) ?? []), row]);
    }
  }
  return byKey;
}
