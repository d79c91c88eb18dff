import { nameScope } from '../mesh/nameScope.ts';
import type { SourceFile } from '../model/file.ts';
import { declarationPlace, type FilePlace, nameAt, placeOf } from '../model/references/atOffset.ts';
import { mentionsOf, namePart } from '../model/references/names.ts';
import type { Snapshot } from '../model/workspace.ts';
import type { CoreSettings } from '../settings.ts';

/** Every place in the workspace that names what stands at an offset, and the declarations when they are wanted too. */
export function referencesAt(
  snapshot: Snapshot,
  file: SourceFile,
  offset: number,
  settings: CoreSettings,
  withDeclaration: boolean,
): FilePlace[] {
  const scope = nameScope(snapshot, settings);
  const name = nameAt(snapshot, file, offset, scope);
  if (!name || name.declarations.length === 0) return [];
  const mentions = mentionsOf(name.declarations, scope, snapshot.world.all);
  return [
    ...(withDeclaration ? name.declarations.map((declaration) => declarationPlace(snapshot, declaration)) : []),
    ...mentions.map(({ origin, declaration }) =>
      placeOf(snapshot, origin.located, namePart(origin, declaration, origin.located.document.text)),
    ),
  ];
}
