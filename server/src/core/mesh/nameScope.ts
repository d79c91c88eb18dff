import type { NameScope } from '../model/references/reference.ts';
import type { Snapshot } from '../model/workspace.ts';
import type { CoreSettings } from '../settings.ts';
import { meshConfigOf } from './meshConfig.ts';

/** Where names are looked up. The world is made when a name really is: most keys that are typed need nothing of it. */
export function nameScope(snapshot: Snapshot, settings: CoreSettings): NameScope {
  return {
    get world() {
      return snapshot.world;
    },
    get rootNamespace() {
      return meshConfigOf(snapshot.world, settings).rootNamespace;
    },
  };
}
