import { Uri, window, workspace } from 'vscode';
import type { HopPathAnswer } from '../../../server/src/protocol/panel.ts';
import type { ExportFormat } from '../../../server/src/protocol/webview.ts';
import { besidePanel } from './reveal.ts';

const LANGUAGES: Readonly<Record<ExportFormat, string>> = {
  svg: 'xml',
  mermaid: 'markdown',
  text: 'plaintext',
  json: 'json',
};

/** Opens the answer as a new document, to be saved or copied wherever it is wanted. */
export async function exportAnswer(answer: HopPathAnswer, format: ExportFormat): Promise<void> {
  const document = await workspace.openTextDocument({ content: exported(answer, format), language: LANGUAGES[format] });
  await window.showTextDocument(document, { viewColumn: besidePanel(), preview: false });
}

function exported({ drawing, case: path }: HopPathAnswer, format: ExportFormat): string {
  switch (format) {
    case 'svg':
      return drawing.svg;
    case 'mermaid':
      return `\`\`\`mermaid\n${drawing.mermaid}\`\`\`\n`;
    case 'text':
      return drawing.text;
    case 'json':
      return `${JSON.stringify(path, null, 2)}\n`;
  }
}

/** Asks where to, and writes a picture there. */
export async function savePng(png: string): Promise<void> {
  const [folder] = workspace.workspaceFolders ?? [];
  const uri = await window.showSaveDialog({
    title: 'Save Hop Path',
    filters: { PNG: ['png'] },
    ...(folder ? { defaultUri: Uri.joinPath(folder.uri, 'hop-path.png') } : {}),
  });
  if (!uri) return;
  try {
    await workspace.fs.writeFile(uri, bytesOf(png));
  } catch (error) {
    void window.showErrorMessage(`The picture was not saved: ${error instanceof Error ? error.message : error}`);
  }
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
