import type { KindKey, Located } from './located.ts';
import type { World } from './world.ts';

/**
 * An index over the resources of some kinds: made once for each world, on first use. What a resource contributes is
 * kept with it from one world to the next.
 */
export function worldIndex<T>(
  kinds: readonly KindKey[],
  rowsOf: (located: Located) => readonly (readonly [key: string, row: T])[],
): (world: World, key: string) => readonly T[] {
  const rows = new WeakMap<Located, readonly (readonly [string, T])[]>();
  const indexes = new WeakMap<World, ReadonlyMap<string, readonly T[]>>();
  const build = (world: World): ReadonlyMap<string, readonly T[]> => {
    const index = new Map<string, T[]>();
    for (const located of kinds.flatMap((kind) => world.ofKind(kind))) {
      let own = rows.get(located);
      if (!own) {
        own = rowsOf(located);
        rows.set(located, own);
      }
      for (const [key, row] of own) {
        const list = index.get(key);
        if (list) list.push(row);
        else index.set(key, [row]);
      }
    }
    return index;
  };
  return (world, key) => {
    let index = indexes.get(world);
    if (!index) {
      index = build(world);
      indexes.set(world, index);
    }
    return index.get(key) ?? [];
  };
}
