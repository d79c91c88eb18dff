import type { NameScope } from '../model/references/reference.ts';
import type { Snapshot } from '../model/workspace.ts';
import type { World } from '../model/world.ts';
import type { CoreSettings } from '../settings.ts';
import { meshConfigOf } from './meshConfig.ts';

/** Where names are looked up. The world is made when a name really is: most keys that are typed need nothing of it. */
export function nameScope(snapshot: Snapshot, settings: CoreSettings): NameScope {
  return new SnapshotNames(snapshot, settings);
}

/** A class rather than an object with getters, each of which V8 would hold on to for long. */
class SnapshotNames implements NameScope {
  readonly #snapshot: Snapshot;
  readonly #settings: CoreSettings;

  constructor(snapshot: Snapshot, settings: CoreSettings) {
    this.#snapshot = snapshot;
    this.#settings = settings;
  }

  get world(): World {
    return this.#snapshot.world;
  }

  get rootNamespace(): string {
    return meshConfigOf(this.world, this.#settings).rootNamespace;
  }
}
