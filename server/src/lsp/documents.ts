import { TextDocument } from 'vscode-languageserver-textdocument';
import type { SourceFile } from '../core/model/file.ts';
import { type Snapshot, Workspace } from '../core/model/workspace.ts';
import { pathOfUri } from './uri.ts';

/** The texts as the client has them, and the core's workspace fed with them. */
export interface Documents {
  /** Takes a document that was opened, or whose text changed. */
  put(document: TextDocument): void;
  /** Forgets an open document; its file counts again as it was stored. */
  close(uri: string): void;
  get(uri: string): TextDocument | undefined;
  all(): readonly TextDocument[];
  /** The core's reading of an open document as it is now. */
  file(document: TextDocument): SourceFile;
  /** The workspace as it is now, all open documents included. */
  snapshot(): Snapshot;
  /** The files about which there may be something new to say; see `Workspace`. */
  changesSince(mark: number): ReturnType<Workspace['changesSince']>;
  /** A file of the snapshot, open or not, with its lines and the URI that the client knows it by. */
  at(path: string): TextDocument | undefined;
  uriOf(path: string): string;
  isOpen(uri: string): boolean;
  /** Gives the text of a file that is not open, or undefined when it is gone. An open document takes precedence. */
  store(uri: string, text: string | undefined): void;
  /** Drops stored files below a folder. */
  forget(folder: string, isMeant: (uri: string) => boolean): void;
  /** Whether all files of the workspace have been read: until then, what is not found may still be there. */
  readonly complete: boolean;
  markComplete(): void;
}

export function createDocuments(): Documents {
  const open = new Map<string, TextDocument>();
  /** Reading waits until someone asks, because more edits may be on their way. */
  const unread = new Map<string, TextDocument>();
  const stored = createStore();
  let complete = false;

  const file = (document: TextDocument) => {
    unread.delete(document.uri);
    return stored.show(document.uri, document.getText());
  };
  const snapshot = () => {
    for (const document of unread.values()) file(document);
    return stored.workspace.snapshot();
  };
  const changesSince = (mark: number) => {
    snapshot();
    return stored.workspace.changesSince(mark);
  };
  const store = (uri: string, text: string | undefined) => {
    stored.set(uri, text);
    if (!open.has(uri)) stored.restore(uri);
  };
  return {
    put: (document) => {
      open.set(document.uri, document);
      unread.set(document.uri, document);
    },
    close: (uri) => {
      open.delete(uri);
      unread.delete(uri);
      stored.restore(uri);
    },
    get: (uri) => open.get(uri),
    all: () => [...open.values()],
    file,
    snapshot,
    changesSince,
    uriOf: stored.uriOf,
    isOpen: (uri) => open.has(uri),
    at: (path) => {
      const uri = stored.uriOf(path);
      const text = open.has(uri) ? undefined : snapshot().file(path)?.text;
      return text === undefined ? open.get(uri) : TextDocument.create(uri, 'yaml', 0, text);
    },
    store,
    forget: (folder, isMeant) => {
      for (const uri of stored.below(folder)) if (isMeant(uri)) store(uri, undefined);
    },
    get complete() {
      return complete;
    },
    markComplete: () => {
      complete = true;
    },
  };
}

/** The texts of files as they are stored, and the workspace, in which open documents are shown instead of them. */
function createStore() {
  const workspace = new Workspace();
  const texts = new Map<string, string>();
  const uris = new Map<string, string>();
  const show = (uri: string, text: string): SourceFile => {
    const path = pathOfUri(uri);
    uris.set(path, uri);
    return workspace.setFile(path, text);
  };
  return {
    workspace,
    show,
    uriOf: (path: string) => uris.get(path) ?? path,
    set: (uri: string, text: string | undefined) => {
      if (text === undefined) texts.delete(uri);
      else texts.set(uri, text);
    },
    restore: (uri: string) => {
      const text = texts.get(uri);
      if (text !== undefined) {
        // Parsed here, file by file, so that no request has to wait until all of them are.
        for (const { document } of show(uri, text).documents) void document.resources;
        return;
      }
      workspace.deleteFile(pathOfUri(uri));
      uris.delete(pathOfUri(uri));
    },
    below: (folder: string) => {
      const prefix = folder.endsWith('/') ? folder : `${folder}/`;
      return [...texts.keys()].filter((uri) => uri.startsWith(prefix));
    },
  };
}
