import type { World } from './world.ts';

/** How a value follows from a world, for a key: a resource, or a text such as a namespace. */
export interface Derivation<Key, With, Value> {
  /** May depend on nothing but what it reads from the world, its key, and what it is asked with. */
  readonly make: (world: World, key: Key, asked: With) => Value;
  readonly isSame: ((a: Value, b: Value) => boolean) | undefined;
}

/**
 * A value that is made once and kept until something changes that was read to make it, from one world to the next.
 * `asked` stands for settings and the like: it is compared by identity, and values for few of them are kept.
 *
 * `isSame` makes it a summary, of which it is worthwhile to know whether it has changed at all: when something that was
 * read changes, it is made anew at once, and where it is the same, whatever was made of it is kept too. That is for
 * small answers about much, such as whether anything in a workspace is in ambient mode.
 */
export function derive<Value, Key = void, With = void>(
  make: Derivation<Key, With, Value>['make'],
  isSame?: Derivation<Key, With, Value>['isSame'],
): (world: World, key: Key, asked: With) => Value {
  const derivation: Derivation<Key, With, Value> = { make, isSame };
  return (world, key, asked) => world.derived(derivation, key, asked);
}

/** Whether two lists have the very same items. */
export function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}
