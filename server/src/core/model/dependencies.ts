import type { Located } from './located.ts';
import type { IndexDefinition } from './rowIndex.ts';

// What was made of a world, with what was read for it: rows of indexes, and other values. When rows change, the values
// made of them are dropped, and so on; all others are right for the next world as they are.

/** How a value follows from a world, for a key: a resource, or a text such as a namespace. */
export interface Derivation<World, Key, With, Value> {
  /** May depend on nothing but what it reads from the world, its key, and what it is asked with. */
  readonly make: (world: World, key: Key, asked: With) => Value;
  readonly isSame: ((a: Value, b: Value) => boolean) | undefined;
}

/** Of a world that is known where values are asked for. */
export type AnyDerivation = Derivation<unknown, unknown, unknown, unknown>;
type AnyIndex = IndexDefinition<unknown>;

/** Something that can be read: the rows of an index for a key, or a value. */
interface Source {
  readers: Set<Value> | undefined;
}

interface Rows extends Source {
  readonly index: AnyIndex;
  readonly key: string;
  readonly rows: readonly unknown[];
}

interface Value extends Source {
  readonly derivation: AnyDerivation;
  readonly key: unknown;
  readonly asked: unknown;
  value: unknown;
  sources: (Rows | Value)[];
  isDropped: boolean;
}

/** Values of one key for different settings and the like. What is asked with yet others replaces the oldest. */
const MOST_ASKED = 2;

/** Belongs to one world at a time, and moves on to the next. */
export class Dependencies {
  readonly #outdated: ((located: Located) => void) | undefined;
  readonly #rows = new Map<AnyIndex, Map<string, Rows>>();
  readonly #values = new Map<AnyDerivation, Map<unknown, readonly Value[]>>();
  /** Summaries of which something has changed that they were made of. */
  readonly #waiting = new Set<Value>();
  /** What nobody reads, as far as is known, and what nobody read already before the last change. */
  #unread = new Set<Rows | Value>();
  #stale = new Set<Rows | Value>();
  /** What is being made, and reads. */
  #reader: Value | undefined;

  /** `outdated` is told of each resource that was the key of a value that is not right any more. */
  constructor(outdated?: (located: Located) => void) {
    this.#outdated = outdated;
  }

  rows<T>(index: IndexDefinition<T>, key: string, read: () => readonly T[]): readonly T[] {
    const known = inner(this.#rows, index as AnyIndex);
    let source = known.get(key);
    if (!source) {
      source = { index: index as AnyIndex, key, rows: read(), readers: undefined };
      known.set(key, source);
    }
    this.#note(source);
    return source.rows as readonly T[];
  }

  value(world: unknown, derivation: AnyDerivation, key: unknown, asked: unknown): unknown {
    const known = inner(this.#values, derivation);
    const values = known.get(key) ?? [];
    let value = values.find((candidate) => candidate.asked === asked);
    if (!value) {
      if (values.length === MOST_ASKED) this.#forget(values[0] as Value);
      value = { derivation, key, asked, value: undefined, sources: [], readers: undefined, isDropped: false };
      this.#make(value, world);
      known.set(key, [...(known.get(key) ?? []), value]);
    } else if (this.#waiting.has(value)) this.#renew(value, world);
    this.#note(value);
    return value.value;
  }

  /** Moves on to the next world: drops what was made of rows that have changed, and of objects that are gone. */
  advance(world: unknown, changed: ReadonlyMap<AnyIndex, Iterable<string>>, gone: readonly object[]): void {
    this.#dropStale();
    for (const [index, keys] of changed) {
      const known = this.#rows.get(index);
      for (const key of keys) {
        const source = known?.get(key);
        if (!source) continue;
        known?.delete(key);
        this.#dropReaders(source);
      }
    }
    for (const known of this.#values.values()) {
      for (const object of gone) for (const value of known.get(object) ?? []) this.#forget(value);
    }
    // Renewing may add to the set while it is gone through, which is then gone through as well.
    for (const value of this.#waiting) this.#renew(value, world);
  }

  /**
   * Names that are typed letter by letter would fill the memory. Rows are read again at no cost; of values, those go
   * whose key is a text: of others there are no more than resources.
   */
  #dropStale(): void {
    for (const source of this.#stale) {
      if ((source.readers?.size ?? 0) > 0) continue;
      if ('rows' in source) this.#forgetRows(source);
      else if (typeof source.key === 'string') this.#forget(source);
    }
    this.#stale = this.#unread;
    this.#unread = new Set();
  }

  #forgetRows(rows: Rows): void {
    const known = inner(this.#rows, rows.index);
    // Others may have taken their place.
    if (known.get(rows.key) === rows) known.delete(rows.key);
  }

  #note(source: Rows | Value): void {
    const reader = this.#reader;
    if (!reader) {
      this.#stale.delete(source);
      this.#unread.add(source);
    }
    if (!reader || source.readers?.has(reader)) return;
    source.readers ??= new Set();
    source.readers.add(reader);
    reader.sources.push(source);
  }

  #make(value: Value, world: unknown): void {
    const outer = this.#reader;
    this.#reader = value;
    try {
      do {
        value.isDropped = false;
        value.value = value.derivation.make(world, value.key, value.asked);
        // It may have read a summary that was made anew only then, and before that something made of the old one.
      } while (value.isDropped);
    } finally {
      this.#reader = outer;
    }
  }

  #renew(value: Value, world: unknown): void {
    this.#waiting.delete(value);
    if (value.isDropped) return;
    const before = value.value;
    this.#release(value);
    this.#make(value, world);
    if (value.derivation.isSame?.(before, value.value)) value.value = before;
    else {
      this.#dropReaders(value);
      this.#unread.add(value);
    }
  }

  #dropReaders(source: Source): void {
    const { readers } = source;
    source.readers = undefined;
    for (const reader of readers ?? []) {
      // A summary that nobody read is not worth making again.
      if (reader.derivation.isSame && (reader.readers?.size ?? 0) > 0) this.#waiting.add(reader);
      else this.#forget(reader);
    }
  }

  #forget(value: Value): void {
    if (value.isDropped) return;
    value.isDropped = true;
    this.#release(value);
    const known = inner(this.#values, value.derivation);
    const others = known.get(value.key)?.filter((other) => other !== value) ?? [];
    if (others.length > 0) known.set(value.key, others);
    else known.delete(value.key);
    if (isLocated(value.key)) this.#outdated?.(value.key);
    this.#dropReaders(value);
  }

  #release(value: Value): void {
    for (const source of value.sources) {
      source.readers?.delete(value);
      if (source.readers?.size === 0) this.#unread.add(source);
    }
    value.sources = [];
  }
}

function isLocated(key: unknown): key is Located {
  return typeof key === 'object' && key !== null && 'document' in key;
}

function inner<A, B, C>(maps: Map<A, Map<B, C>>, key: A): Map<B, C> {
  let map = maps.get(key);
  if (!map) {
    map = new Map();
    maps.set(key, map);
  }
  return map;
}
