import type { Connection } from 'vscode-languageserver';
import { areSame } from '../core/model/same.ts';
import type { ClientFeatures } from './capabilities.ts';
import type { Documents } from './documents.ts';
import { type Guard, isObject } from './guard.ts';
import type { Host } from './host.ts';
import { FILE_CHANGE } from './numbers.ts';
import { startProgress } from './progress.ts';
import type { Quiet } from './quiet.ts';
import { watchFiles } from './registrations.ts';
import type { SettingsStore } from './settings.ts';
import { giveWayBetween, SLICE } from './slices.ts';

/**
 * Reads the files of the workspace that are not open: what a document says may depend on them, such as whether it is a
 * patch, or whether the Service that it names exists.
 */
export interface SweepContext {
  readonly connection: Connection;
  readonly host: Host;
  readonly guard: Guard;
  readonly quiet: Quiet;
  readonly client: ClientFeatures;
  readonly documents: Documents;
  readonly settings: SettingsStore;
  /** A file that is not open was read, changed or removed. */
  readonly changed: () => void;
  /** The client told of a file that was made, changed or removed. */
  readonly touched: (uri: string) => void;
}

export interface Sweep {
  /** Reads the files below the folders in the background, and asks the client to tell when one changes. */
  start(folders: readonly string[]): void;
  /** Reads the files below more folders. */
  read(folders: readonly string[]): void;
  /** Drops what was read below folders that are no longer part of the workspace. */
  forget(folders: readonly string[]): void;
  /** Reads the files below the folders again if other files than before are left out. */
  update(folders: readonly string[]): void;
}

const READ_FILES = '**/{*.yaml,*.yml,*.json,Kustomization}';
const IS_READ = /\.(?:ya?ml|json)$|\/Kustomization$/;
/** What is neither a resource nor a kustomization says nothing about any; its text is not kept. */
const MATTERS = /apiVersion/;
/** Often enough to see that something happens, seldom enough to cost nothing. */
const FILES_PER_REPORT = 100;
const IS_KUSTOMIZATION = /\/(?:kustomization\.ya?ml|Kustomization)$/;

export function createSweep(context: SweepContext): Sweep {
  const { connection, host, guard, quiet, client, documents, settings } = context;
  const read = async (uri: string) => {
    const text = await host.files.read(uri);
    documents.store(uri, text !== undefined && (MATTERS.test(text) || IS_KUSTOMIZATION.test(uri)) ? text : undefined);
  };
  const sweepFolder = async (folder: string, onRead: () => void) => {
    let turn = host.now();
    for await (const uri of host.files.list(folder, READ_FILES, settings.current.exclude)) {
      await read(uri);
      onRead();
      if (host.now() - turn < SLICE) continue;
      // Whatever the user does meanwhile is more urgent than files that nobody looks at.
      await quiet.wait();
      turn = host.now();
    }
  };
  const sweep = async (folders: readonly string[]) => {
    const progress = startProgress(connection, guard, 'Meshpath: reading the workspace');
    let count = 0;
    const onRead = () => {
      if (++count % FILES_PER_REPORT === 0) progress.report(`${count} files`);
    };
    for (const folder of folders) await guard.run(`Reading ${folder}`, () => sweepFolder(folder, onRead));
    // Before anybody asks what the files mean for one another: whoever asks first would have to wait for all of it.
    await giveWayBetween(documents.snapshot().prepare(), context);
    progress.done();
    documents.markComplete();
    context.changed();
  };
  followChanges(context, read);
  let excluded: readonly string[] | undefined;
  return {
    start: (folders) => {
      if (client.registersWatchedFiles) void guard.run('Watching files', () => watchFiles(connection, READ_FILES));
      excluded = settings.current.exclude;
      void sweep(folders);
    },
    read: (folders) => void sweep(folders),
    forget: (folders) => {
      for (const folder of folders) documents.forget(folder, () => true);
      context.changed();
    },
    update: (folders) => {
      const { exclude } = settings.current;
      if (excluded === undefined || areSame(excluded, exclude)) return;
      excluded = exclude;
      for (const folder of folders) documents.forget(folder, (uri) => settings.excludes({ uri }));
      void sweep(folders);
    },
  };
}

/** Reads again what the client says has changed. */
function followChanges(context: SweepContext, read: (uri: string) => Promise<void>): void {
  const { connection, guard, documents, settings } = context;
  const changed = async (changes: readonly unknown[]) => {
    let any = false;
    for (const change of changes) {
      if (!isObject(change) || typeof change.uri !== 'string' || !IS_READ.test(change.uri)) continue;
      context.touched(change.uri);
      if (settings.excludes({ uri: change.uri })) continue;
      if (change.type === FILE_CHANGE.deleted) documents.store(change.uri, undefined);
      else await read(change.uri);
      any = true;
    }
    if (any) context.changed();
  };
  connection.onDidChangeWatchedFiles(
    guard.notification('workspace/didChangeWatchedFiles', async (params) => {
      if (Array.isArray(params.changes)) await changed(params.changes);
    }),
  );
}
