import type { Hover, Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { hoverAt } from '../core/features/hover.ts';
import { rangeOf } from './convert.ts';
import type { FeatureContext } from './featureContext.ts';

export function hover(
  { documents, settings }: FeatureContext,
  document: TextDocument,
  position: Position,
): Hover | null {
  // Where another extension has a schema, it describes the structure, and two hovers would stand on top of each other.
  if (settings.share(document).structure) return null;
  const found = hoverAt(
    documents.snapshot(),
    documents.file(document),
    document.offsetAt(position),
    settings.core(document),
  );
  return found ? { contents: { kind: 'markdown', value: found.markdown }, range: rangeOf(document, found.span) } : null;
}
