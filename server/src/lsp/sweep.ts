import { type Connection, DidChangeWatchedFilesNotification, FileChangeType } from 'vscode-languageserver';
import type { ClientFeatures } from './capabilities.ts';
import type { Documents } from './documents.ts';
import { type Guard, isObject } from './guard.ts';
import type { Host } from './host.ts';
import type { Quiet } from './quiet.ts';

export interface SweepContext {
  readonly connection: Connection;
  readonly host: Host;
  readonly guard: Guard;
  readonly quiet: Quiet;
  readonly client: ClientFeatures;
  readonly documents: Documents;
  readonly exclude: () => readonly string[];
  /** A file that is not open was read, changed or removed. */
  readonly changed: () => void;
}

export interface Sweep {
  /** Reads the files below the folders in the background. */
  read(folders: readonly string[]): void;
  /** Asks the client to tell when such a file changes. */
  watch(): void;
}

/** The files that say something about others: which files are patches, and therefore incomplete on purpose. */
const READ_FILES = '**/{kustomization.yaml,kustomization.yml,Kustomization}';
const IS_READ = /\/(?:kustomization\.ya?ml|Kustomization)$/;

export function createSweep(context: SweepContext): Sweep {
  const { connection, host, guard, quiet, client, documents } = context;
  const read = async (uri: string) => {
    documents.store(uri, await host.files.read(uri));
  };
  const sweep = async (folders: readonly string[]) => {
    let found = 0;
    for (const folder of folders) {
      for await (const uri of host.files.list(folder, READ_FILES, context.exclude())) {
        await read(uri);
        found++;
        // Whatever the user does meanwhile is more urgent than files that nobody looks at.
        await quiet.wait();
      }
    }
    if (found > 0) context.changed();
  };
  connection.onDidChangeWatchedFiles(
    guard.notification('workspace/didChangeWatchedFiles', async (params) => {
      if (!Array.isArray(params.changes)) return;
      let changed = false;
      for (const change of params.changes) {
        if (!isObject(change) || typeof change.uri !== 'string' || !IS_READ.test(change.uri)) continue;
        if (change.type === FileChangeType.Deleted) documents.store(change.uri, undefined);
        else await read(change.uri);
        changed = true;
      }
      if (changed) context.changed();
    }),
  );
  const watch = async () => {
    const watchers = [{ globPattern: READ_FILES }];
    await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  };
  return {
    read: (folders) => void guard.run('Reading the workspace', () => sweep(folders)),
    watch: () => void (client.registersWatchedFiles && guard.run('Watching files', watch)),
  };
}
