import type { Position, PrepareRenameResult, TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { prepareRename, rename } from '../core/features/rename.ts';
import { rangeOf } from './convert.ts';
import type { FeatureContext } from './featureContext.ts';
import { refused } from './guard.ts';
import { placesOf } from './places.ts';

/** What would be renamed; an error with the reason where the name is not ours to change. */
export function prepared(
  { documents, settings }: FeatureContext,
  document: TextDocument,
  position: Position,
): PrepareRenameResult | null {
  const offset = document.offsetAt(position);
  const found = prepareRename(documents.snapshot(), documents.file(document), offset, settings.core(document));
  if (!found) return null;
  if ('refused' in found) throw refused(found.refused);
  return { range: rangeOf(document, found.span), placeholder: found.name };
}

export function renameEdit(
  context: FeatureContext,
  document: TextDocument,
  position: Position,
  newName: string,
): WorkspaceEdit | null {
  const { documents, settings } = context;
  const offset = document.offsetAt(position);
  const found = rename(documents.snapshot(), documents.file(document), offset, newName, settings.core(document));
  if (!found) return null;
  if ('refused' in found) throw refused(found.refused);
  const places = placesOf(documents);
  const edits = [...found].flatMap(([path, changes]): FileEdits[] => {
    const target = places.document(path);
    if (!target) return [];
    return [{ target, edits: changes.map(({ span, text }) => ({ range: rangeOf(target, span), newText: text })) }];
  });
  return workspaceEdit(context, edits);
}

interface FileEdits {
  readonly target: TextDocument;
  readonly edits: TextEdit[];
}

/** All files in one edit. Open documents come with their version, so that the client refuses it when they changed. */
function workspaceEdit({ client, documents }: FeatureContext, files: readonly FileEdits[]): WorkspaceEdit {
  if (!client.documentChanges)
    return { changes: Object.fromEntries(files.map(({ target, edits }) => [target.uri, edits])) };
  return {
    documentChanges: files.map(({ target: { uri }, edits }): TextDocumentEdit => {
      const version = documents.get(uri)?.version ?? null;
      return { textDocument: { uri, version }, edits };
    }),
  };
}
