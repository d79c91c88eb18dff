import type { Connection, DidChangeTextDocumentParams, DidOpenTextDocumentParams } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Documents } from './documents.ts';
import { type Guard, isObject, requireTextDocument } from './guard.ts';

export interface DocumentEvents {
  /** A document was opened or edited. */
  changed(uri: string): void;
  closed(uri: string): void;
}

/** Follows the client: its texts are the truth about open documents, whatever the disk says. */
export function synchronize(connection: Connection, guard: Guard, documents: Documents, events: DocumentEvents): void {
  const put = (document: TextDocument) => {
    documents.put(document);
    events.changed(document.uri);
  };
  connection.onDidOpenTextDocument(
    guard.notification('textDocument/didOpen', (params: DidOpenTextDocumentParams) => {
      requireTextDocument(params);
      const { uri, languageId, version, text } = params.textDocument;
      if (typeof text !== 'string') throw new TypeError('textDocument.text must be a string');
      put(TextDocument.create(uri, languageId, version, text));
    }),
  );
  connection.onDidChangeTextDocument(
    guard.notification('textDocument/didChange', (params: DidChangeTextDocumentParams) => {
      requireTextDocument(params);
      const document = documents.get(params.textDocument.uri);
      if (!document || !Array.isArray(params.contentChanges)) return;
      put(TextDocument.update(document, params.contentChanges.filter(isObject), params.textDocument.version));
    }),
  );
  connection.onDidCloseTextDocument(
    guard.notification('textDocument/didClose', (params) => {
      requireTextDocument(params);
      const { uri } = params.textDocument;
      if (!documents.get(uri)) return;
      documents.close(uri);
      events.closed(uri);
    }),
  );
}
