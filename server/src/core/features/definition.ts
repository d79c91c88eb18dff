import { nameScope } from '../mesh/nameScope.ts';
import type { SourceFile } from '../model/file.ts';
import { declarationPlace, type FilePlace, nameAt } from '../model/references/atOffset.ts';
import type { Snapshot } from '../model/workspace.ts';
import type { CoreSettings } from '../settings.ts';
import type { Span } from '../yaml/span.ts';

export interface Definition {
  /** The name that was asked about, in offsets of the file. */
  readonly span: Span;
  readonly places: readonly FilePlace[];
}

/** Where the name at an offset is declared; several places when several resources share it. */
export function definitionAt(
  snapshot: Snapshot,
  file: SourceFile,
  offset: number,
  settings: CoreSettings,
): Definition | undefined {
  const name = nameAt(snapshot, file, offset, nameScope(snapshot, settings));
  if (!name || name.declarations.length === 0) return undefined;
  return { span: name.span, places: name.declarations.map((declaration) => declarationPlace(snapshot, declaration)) };
}
