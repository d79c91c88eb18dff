import type { Derivation } from './dependencies.ts';
import type { World } from './world.ts';

/**
 * A value that is made once and kept until something changes that was read to make it, from one world to the next.
 * `asked` stands for settings and the like: it is compared by identity, and values for few of them are kept.
 *
 * `isSame` makes it a summary, of which it is worthwhile to know whether it has changed at all: when something that was
 * read changes, it is made anew at once, and where it is the same, whatever was made of it is kept too. That is for
 * small answers about much, such as whether anything in a workspace is in ambient mode.
 */
export function derive<Value, Key = void, With = void>(
  make: Derivation<World, Key, With, Value>['make'],
  isSame?: Derivation<World, Key, With, Value>['isSame'],
): (world: World, key: Key, asked: With) => Value {
  const derivation: Derivation<World, Key, With, Value> = { make, isSame };
  return (world, key, asked) => world.derived(derivation, key, asked);
}
