import { nameScope } from '../mesh/nameScope.ts';
import type { SourceFile } from '../model/file.ts';
import { declarationPlace, nameAt, placeOf } from '../model/references/atOffset.ts';
import { mentionsOf, namePart } from '../model/references/names.ts';
import type { Snapshot } from '../model/workspace.ts';
import type { CoreSettings } from '../settings.ts';
import type { Span } from '../yaml/span.ts';

export interface Highlight {
  /** In offsets of the file. */
  readonly span: Span;
  /** `write` where the name is declared. */
  readonly kind: 'read' | 'write';
}

/** The places of one file that mean the same as the name at an offset. */
export function highlightsAt(
  snapshot: Snapshot,
  file: SourceFile,
  offset: number,
  settings: CoreSettings,
): Highlight[] {
  const scope = nameScope(snapshot, settings);
  const name = nameAt(snapshot, file, offset, scope);
  if (!name || name.declarations.length === 0) return [];
  const declared = name.declarations
    .filter(({ located }) => located.path === file.path)
    .map((declaration) => declarationPlace(snapshot, declaration));
  const mentions = mentionsOf(name.declarations, scope, snapshot.located(file));
  return [
    ...declared.map(({ span }): Highlight => ({ span, kind: 'write' })),
    ...mentions.map(
      ({ origin, declaration }): Highlight => ({
        span: placeOf(snapshot, origin.located, namePart(origin, declaration, origin.located.document.text)).span,
        kind: 'read',
      }),
    ),
  ];
}
