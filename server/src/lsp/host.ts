// Protocol and core meet in this folder, and only here do lines and characters exist. What differs between a process
// and a web worker comes in through `Host`; everything else is the same for both.

/** What the runtime around the server provides. */
export interface Host {
  /** Resolves in a later turn of the event loop, after messages that already wait have been handled. */
  readonly nextTurn: () => Promise<void>;
  /** The time in milliseconds: long work gives way by it. */
  readonly now: () => number;
  readonly files: FileAccess;
}

/** Reading of files that are not open. Files are named by URI, as in the protocol. */
export interface FileAccess {
  /** The files below a folder that match `include`, one by one so that the caller can pause between them. */
  list(folder: string, include: string, exclude: readonly string[]): AsyncIterable<string>;
  /** The text of a file; undefined when it cannot be read or is not UTF-8. Never rejects. */
  read(uri: string): Promise<string | undefined>;
}
