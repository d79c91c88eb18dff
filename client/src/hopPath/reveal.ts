import { Range, Uri, ViewColumn, window } from 'vscode';
import type { PathPlace } from '../../../server/src/protocol/path.ts';

/** Shows a place in an editor: the one that shows its file already, else a first one. */
export async function reveal({ file, range: { start, end } }: PathPlace): Promise<void> {
  const selection = new Range(start.line, start.character, end.line, end.character);
  const uri = Uri.parse(file, true);
  const open = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  await window.showTextDocument(uri, { selection, viewColumn: open?.viewColumn ?? besidePanel() });
}

/** Where texts are: opened in the column of the panel they would cover it. */
export function besidePanel(): ViewColumn {
  return window.visibleTextEditors[0]?.viewColumn ?? ViewColumn.One;
}
