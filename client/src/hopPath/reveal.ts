import { Range, Uri, ViewColumn, window } from 'vscode';
import type { PathPlace } from '../../../server/src/protocol/path.ts';

/** Shows a place in an editor: the one that shows its file already, else a first one. */
export async function reveal({ file, range: { start, end } }: PathPlace): Promise<void> {
  const selection = new Range(start.line, start.character, end.line, end.character);
  const uri = Uri.parse(file, true);
  const open = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  const viewColumn = open?.viewColumn ?? window.visibleTextEditors[0]?.viewColumn ?? ViewColumn.One;
  await window.showTextDocument(uri, { selection, viewColumn });
}
