import { type KindKey, kindKey, type Located } from './located.ts';
import { areSame } from './same.ts';

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

/** What makes an index. `rowsOf` is asked anew whenever a resource comes or goes: it gives equal rows for it each time. */
export function defineIndex<T>(
  kinds: readonly KindKey[] | undefined,
  rowsOf: IndexDefinition<T>['rowsOf'],
): IndexDefinition<T> {
  return { kinds, rowsOf };
}

/** `resources` are those of the kinds, in the order of kinds, files and documents. */
export function buildIndex<T>({ rowsOf }: IndexDefinition<T>, resources: readonly Located[]): RowIndex<T> {
  const index = new Map<string, { rows: T[]; from: Located[] }>();
  for (const located of resources) {
    for (const [key, row] of rowsOf(located)) {
      const known = index.get(key);
      if (known) {
        known.rows.push(row);
        known.from.push(located);
      } else index.set(key, { rows: [row], from: [located] });
    }
  }
  return { built: index, changed: new Map() };
}

export interface UpdatedIndex<T> {
  readonly index: RowIndex<T>;
  /** The keys that have other rows now. */
  readonly keys: readonly string[];
}

/** The index of the next world. Keys that no changed resource has keep their rows, and so do those with equal ones. */
export function updateIndex<T>(
  index: RowIndex<T>,
  definition: IndexDefinition<T>,
  { removed, added, replaced, placeOf }: Changes,
): UpdatedIndex<T> {
  const { kinds } = definition;
  const isIndexed = (located: Located) => !located.partial && (kinds?.includes(kindKey(located)) ?? true);
  const gone = new Set(removed.filter(isIndexed));
  const come = rowsByKey(definition, added.filter(isIndexed));
  if (gone.size === 0 && come.size === 0) return { index, keys: [] };
  const changed = new Map(index.changed);
  const keys: string[] = [];
  for (const key of new Set([...rowsByKey(definition, gone).keys(), ...come.keys()])) {
    const known = index.changed.get(key) ?? index.built.get(key) ?? NO_ROWS;
    const missing = new Map(come.get(key));
    const entries = entriesOf(known).flatMap(({ located, row }, at): Entry<T>[] => {
      if (!gone.has(located)) return [{ located, row: row as T }];
      const now = replaced.get(located);
      if (at > 0 && known.from[at - 1] === located) return [];
      const rows = (now && missing.get(now)) ?? [];
      if (now) missing.delete(now);
      return rows.map((fresh) => ({ located: now as Located, row: fresh }));
    });
    if (missing.size > 0) {
      for (const [located, rows] of missing) entries.push(...rows.map((row) => ({ located, row })));
      const rank = ({ located }: Entry<T>) => (kinds ? kinds.indexOf(kindKey(located)) : 0);
      entries.sort((a, b) => rank(a) - rank(b) || placeOf(a.located) - placeOf(b.located));
    }
    const rows = entries.map(({ row }) => row);
    if (!areSame(known.rows, rows)) keys.push(key);
    changed.set(key, { rows, from: entries.map(({ located }) => located) });
  }
  if (changed.size <= MANY) return { index: { built: index.built, changed }, keys };
  return { index: { built: new Map([...index.built, ...changed]), changed: new Map() }, keys };
}

interface Entry<T> {
  readonly located: Located;
  readonly row: T;
}

const NO_ROWS: Rows<never> = { rows: [], from: [] };

function entriesOf<T>({ rows, from }: Rows<T>): Entry<T>[] {
  return from.map((located, at) => ({ located, row: rows[at] as T }));
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
