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
  /** A file of the snapshot, open or not, with its lines and the URI that the client knows it by. */
  at(path: string): TextDocument | undefined;
  /** Gives the text of a file that is not open, or undefined when it is gone. An open document takes precedence. */
  store(uri: string, text: string | undefined): void;
  /** Drops all stored files below a folder. */
  forget(folder: string): void;
}

export interface DocumentEvents {
  changed(uri: string): void;
  closed(uri: string): void;
}

export function createDocuments(connection: Connection, guard: Guard, events: DocumentEvents): Documents {
  const open = new Map<string, TextDocument>();
  const uris = new Map<string, string>();
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
    return setFile(document.uri, document.getText());
  };
  const setFile = (uri: string, text: string) => {
    const path = pathOfUri(uri);
    uris.set(path, uri);
    return workspace.setFile(path, text);
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
    if (text !== undefined) {
      setFile(uri, text);
      return;
    }
    workspace.deleteFile(pathOfUri(uri));
    uris.delete(pathOfUri(uri));
  };

  const store = (uri: string, text: string | undefined) => {
    if (text === undefined) stored.delete(uri);
    else stored.set(uri, text);
    if (!open.has(uri)) restore(uri);
  };

  return {
    get: (uri) => open.get(uri),
    all: () => [...open.values()],
    file,
    snapshot: () => {
      for (const document of unread) file(document);
      return workspace.snapshot();
    },
    at: (path) => {
      const uri = uris.get(path) ?? path;
      const text = open.has(uri) ? undefined : workspace.snapshot().file(path)?.text;
      return text === undefined ? open.get(uri) : TextDocument.create(uri, 'yaml', 0, text);
    },
    store,
    forget: (folder) => {
      const prefix = folder.endsWith('/') ? folder : `${folder}/`;
      for (const uri of [...stored.keys()]) if (uri.startsWith(prefix)) store(uri, undefined);
    },
  };
}
