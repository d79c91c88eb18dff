import type { Hover } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { hoverAt } from '../core/features/hover.ts';
import type { SourceFile } from '../core/model/file.ts';
import { rangeOf } from './convert.ts';

export function hover(document: TextDocument, file: SourceFile, offset: number): Hover | null {
  const found = hoverAt(file, offset);
  return found ? { contents: { kind: 'markdown', value: found.markdown }, range: rangeOf(document, found.span) } : null;
}
