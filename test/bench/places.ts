import { type Diagnostic, DiagnosticSeverity, type Position } from 'vscode-languageserver/node';

/** Where a text first holds another one, a character into it. */
export function positionOf(text: string, needle: string): Position {
  const offset = text.indexOf(needle);
  if (offset < 0) throw new Error(`The text does not hold ${needle}.`);
  return positionAt(text, offset + 1);
}

/** A text with `$0` where the caret is. */
export function withCaret(marked: string): { text: string; caret: Position } {
  const offset = marked.indexOf('$0');
  if (offset < 0) throw new Error('The text has no $0.');
  return { text: marked.replace('$0', ''), caret: positionAt(marked, offset) };
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

export function errorsOf(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ severity }) => (severity ?? DiagnosticSeverity.Error) === DiagnosticSeverity.Error);
}
