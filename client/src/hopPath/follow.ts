import { type Disposable, languages, type Position, type TextEditor, type Uri, window } from 'vscode';
import { documentSelector } from '../documents.ts';

/** Long enough not to ask while the cursor runs through a file, short enough to seem at once. */
const SETTLE_MS = 150;

/** Calls back with the place of the cursor in documents that Meshpath looks at, once it rests there. */
export function followCursor(moved: (uri: Uri, position: Position) => void): Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const follow = (editor: TextEditor | undefined) => {
    if (!editor || languages.match(documentSelector, editor.document) === 0) return;
    clearTimeout(timer);
    timer = setTimeout(() => moved(editor.document.uri, editor.selection.active), SETTLE_MS);
  };
  const subscriptions = [
    window.onDidChangeTextEditorSelection(({ textEditor }) => follow(textEditor)),
    window.onDidChangeActiveTextEditor(follow),
  ];
  return {
    dispose: () => {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
