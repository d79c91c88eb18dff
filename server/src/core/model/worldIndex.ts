import type { KindKey, Located } from './located.ts';
import { defineIndex } from './rowIndex.ts';
import type { World } from './world.ts';

/**
 * An index over the resources of some kinds, or of all: made once, on first use, and from then on changed with the world.
 */
export function worldIndex<T>(
  kinds: readonly KindKey[] | undefined,
  rowsOf: (located: Located) => readonly (readonly [key: string, row: T])[],
  how?: { readonly rare: boolean },
): (world: World, key: string) => readonly T[] {
  const definition = defineIndex(kinds, rowsOf, how);
  return (world, key) => world.rows(definition, key);
}
