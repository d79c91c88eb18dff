import type { Hover, Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { enforcementHover } from '../core/features/enforcement/hover.ts';
import { hoverAt } from '../core/features/hover.ts';
import { rangeOf } from './convert.ts';
import type { FeatureContext } from './featureContext.ts';

export function hover(context: FeatureContext, document: TextDocument, position: Position): Hover | null {
  const { documents, settings } = context;
  const snapshot = documents.snapshot();
  const file = documents.file(document);
  const offset = document.offsetAt(position);
  const core = settings.core(document);
  const enforced = enforcementHover(snapshot, file, offset, core);
  // Where another extension has a schema, it describes the structure, and two hovers would stand on top of each other.
  const described = settings.share(document).structure ? undefined : hoverAt(snapshot, file, offset, core);
  const parts = [enforced, described].flatMap((part) => part?.markdown ?? []);
  const span = enforced?.span ?? described?.span;
  if (!span) return null;
  return { contents: { kind: 'markdown', value: parts.join('\n\n---\n\n') }, range: rangeOf(document, span) };
}
