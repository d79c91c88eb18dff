import { type KindKey, kindKey, type Located } from './located.ts';

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

/** With more changed keys than this, they cost as much as building the index. */
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
  /** The place of every resource of the new world among all. */
  readonly places: ReadonlyMap<Located, number>;
}

export function defineIndex<T>(
  kinds: readonly KindKey[] | undefined,
  rowsOf: IndexDefinition<T>['rowsOf'],
): IndexDefinition<T> {
  const known = new WeakMap<Located, ReturnType<typeof rowsOf>>();
  return {
    kinds,
    rowsOf: (located) => {
      let rows = known.get(located);
      if (!rows) {
        rows = rowsOf(located);
        known.set(located, rows);
      }
      return rows;
    },
  };
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

/** The index of the next world. Keys that no changed resource has keep their rows. Undefined when it is to be built anew. */
export function updateIndex<T>(
  index: RowIndex<T>,
  { kinds, rowsOf }: IndexDefinition<T>,
  { removed, added, places }: Changes,
): RowIndex<T> | undefined {
  const isIndexed = (located: Located) => !located.partial && (kinds?.includes(kindKey(located)) ?? true);
  const gone = new Set(removed.filter(isIndexed));
  const come = added.filter(isIndexed);
  if (gone.size === 0 && come.length === 0) return index;
  const keys = new Set([...gone, ...come].flatMap((located) => rowsOf(located).map(([key]) => key)));
  const rank = ({ located }: Entry<T>) => (kinds ? kinds.indexOf(kindKey(located)) : 0);
  const place = ({ located }: Entry<T>) => places.get(located) ?? 0;
  if (index.changed.size + keys.size > MANY) return undefined;
  const changed = new Map(index.changed);
  for (const key of keys) {
    const known = index.changed.get(key) ?? index.built.get(key);
    const kept = known?.from.flatMap((located, at) => (gone.has(located) ? [] : { located, row: known.rows[at] as T }));
    const fresh = come.flatMap((located) =>
      rowsOf(located).flatMap(([ofKey, row]) => (ofKey === key ? { located, row } : [])),
    );
    const entries = [...(kept ?? []), ...fresh].sort((a, b) => rank(a) - rank(b) || place(a) - place(b));
    changed.set(key, { rows: entries.map(({ row }) => row), from: entries.map(({ located }) => located) });
  }
  return { built: index.built, changed };
}

interface Entry<T> {
  readonly located: Located;
  readonly row: T;
}
