import type { Connection, DidChangeTextDocumentParams, DidOpenTextDocumentParams } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { SourceFile } from '../core/model/file.ts';
import { type Snapshot, Workspace } from '../core/model/workspace.ts';
import { type Guard, isObject, requireTextDocument } from './guard.ts';
import { pathOfUri } from './uri.ts';

/** The texts as the client has them, and the core's workspace fed with them. */
export interface Documents {
  get(uri: string): TextDocument | undefined;
  all(): readonly TextDocument[];
  /** The core's reading of an open document as it is now. */
  file(document: TextDocument): SourceFile;
  /** The workspace as it is now, all open documents included. */
  snapshot(): Snapshot;
  /** Gives the text of a file that is not open, or undefined when it is gone. An open document takes precedence. */
  store(uri: string, text: string | undefined): void;
}

export interface DocumentEvents {
  changed(uri: string): void;
  closed(uri: string): void;
}

export function createDocuments(connection: Connection, guard: Guard, events: DocumentEvents): Documents {
  const open = new Map<string, TextDocument>();
  const stored = new Map<string, string>();
  const unread = new Set<TextDocument>();
  const workspace = new Workspace();

  const changed = (document: TextDocument) => {
    // Reading waits until someone asks, because more edits may be on their way.
    unread.add(document);
    events.changed(document.uri);
  };
  const file = (document: TextDocument) => {
    unread.delete(document);
    return workspace.setFile(pathOfUri(document.uri), document.getText());
  };

  connection.onDidOpenTextDocument(
    guard.notification('textDocument/didOpen', (params: DidOpenTextDocumentParams) => {
      requireTextDocument(params);
      const { uri, languageId, version, text } = params.textDocument;
      if (typeof text !== 'string') throw new TypeError('textDocument.text must be a string');
      const document = TextDocument.create(uri, languageId, version, text);
      open.set(uri, document);
      changed(document);
    }),
  );
  connection.onDidChangeTextDocument(
    guard.notification('textDocument/didChange', (params: DidChangeTextDocumentParams) => {
      requireTextDocument(params);
      const document = open.get(params.textDocument.uri);
      if (!document || !Array.isArray(params.contentChanges)) return;
      TextDocument.update(document, params.contentChanges.filter(isObject), params.textDocument.version);
      changed(document);
    }),
  );
  connection.onDidCloseTextDocument(
    guard.notification('textDocument/didClose', (params) => {
      requireTextDocument(params);
      const { uri } = params.textDocument;
      const document = open.get(uri);
      if (!document) return;
      open.delete(uri);
      unread.delete(document);
      restore(uri);
      events.closed(uri);
    }),
  );

  const restore = (uri: string) => {
    const text = stored.get(uri);
    if (text === undefined) workspace.deleteFile(pathOfUri(uri));
    else workspace.setFile(pathOfUri(uri), text);
  };

  return {
    get: (uri) => open.get(uri),
    all: () => [...open.values()],
    file,
    snapshot: () => {
      for (const document of unread) file(document);
      return workspace.snapshot();
    },
    store: (uri, text) => {
      if (text === undefined) stored.delete(uri);
      else stored.set(uri, text);
      if (!open.has(uri)) restore(uri);
    },
  };
}
