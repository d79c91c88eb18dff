import type { Connection, Diagnostic, DiagnosticRelatedInformation } from 'vscode-languageserver';
import { areSame } from '../core/model/same.ts';
import type { Documents } from './documents.ts';
import type { Guard } from './guard.ts';
import type { Host } from './host.ts';
import { startProgress } from './progress.ts';
import type { Quiet } from './quiet.ts';
import type { Reporter } from './reports.ts';
import type { SettingsStore } from './settings.ts';
import { createPause, giveWayBetween, inSlices } from './slices.ts';
import { pathOfUri } from './uri.ts';

/**
 * Reports files that are not open. They are pushed to every client: those that pull ask about open documents only.
 */
export interface ClosedFiles {
  /** Some file changed. */
  changed(): void;
  /** A document was opened: from now on its diagnostics are shown in another way. */
  opened(uri: string): void;
  closed(uri: string): void;
  /** Something that all files depend on changed. */
  allChanged(): void;
}

export interface ClosedFilesContext {
  readonly connection: Connection;
  readonly host: Host;
  readonly guard: Guard;
  readonly quiet: Quiet;
  readonly documents: Documents;
  readonly settings: SettingsStore;
  readonly ready: Promise<void>;
}

interface Published {
  readonly uri: string;
  readonly diagnostics: readonly Diagnostic[];
}

export function startClosedFiles(context: ClosedFilesContext, reporter: Reporter): ClosedFiles {
  const { connection, host, guard, quiet, documents, settings, ready } = context;
  const publisher = createPublisher(context);
  /** Paths of files to look at, and up to where the changes of the workspace have been noticed. */
  const pending = new Set<string>();
  let mark = 0;
  let isOutdated = false;
  let isRunning = false;

  const look = (path: string) => {
    const isShown = settings.current.problems === 'workspace' && !documents.isOpen(documents.uriOf(path));
    publisher.publish(path, isShown ? reporter.stored(path) : []);
  };
  const collect = () => {
    isOutdated = false;
    const changes = documents.changesSince(mark);
    mark = changes.mark;
    for (const path of [...changes.paths, ...publisher.relatedTo(new Set(changes.paths))]) pending.add(path);
  };
  const pause = createPause({ host, quiet });
  const lookAtAll = async () => {
    await ready;
    while (documents.complete && (isOutdated || pending.size > 0)) {
      await pause.before();
      await giveWayBetween(documents.snapshot().world.prepare(), { host, quiet });
      pause.measured(collect);
      const progress = showProgress(connection, guard, pending);
      while (pending.size > 0 && !isOutdated) {
        await inSlices(pending, { host, quiet }, (path) =>
          guard.run('textDocument/publishDiagnostics', () => look(path)),
        );
        progress.report();
        await quiet.wait();
      }
      progress.done();
    }
  };
  const schedule = () => {
    isOutdated = true;
    if (isRunning) return;
    isRunning = true;
    void lookAtAll().finally(() => {
      isRunning = false;
    });
  };
  return {
    changed: schedule,
    opened: (uri) => publisher.publish(pathOfUri(uri), []),
    closed: (uri) => {
      pending.add(pathOfUri(uri));
      schedule();
    },
    allChanged: () => {
      mark = 0;
      schedule();
    },
  };
}

/** Sends diagnostics of files that the client does not have yet. */
function createPublisher({ connection, documents }: Pick<ClosedFilesContext, 'connection' | 'documents'>) {
  /** By path. */
  const published = new Map<string, Published>();
  return {
    publish: (path: string, diagnostics: Diagnostic[]) => {
      const last = published.get(path);
      if (areSame(last?.diagnostics ?? [], diagnostics)) return;
      const uri = last?.uri ?? documents.uriOf(path);
      if (diagnostics.length > 0) published.set(path, { uri, diagnostics });
      else published.delete(path);
      void connection.sendDiagnostics({ uri, diagnostics });
    },
    /** The files whose diagnostics name places in others that have changed: these may have moved. */
    relatedTo: (changed: ReadonlySet<string>): string[] => {
      const isChanged = ({ location }: DiagnosticRelatedInformation) => changed.has(pathOfUri(location.uri));
      return [...published].flatMap(([path, { diagnostics }]) =>
        diagnostics.some(({ relatedInformation }) => relatedInformation?.some(isChanged)) ? [path] : [],
      );
    },
  };
}

/** With fewer files than this, the work is done before anybody could read about it. */
const MANY = 200;

function showProgress(connection: Connection, guard: Guard, pending: ReadonlySet<string>) {
  if (pending.size < MANY) return { report: () => {}, done: () => {} };
  const progress = startProgress(connection, guard, 'Meshpath: checking the workspace');
  return { report: () => progress.report(`${pending.size} files left`), done: progress.done };
}
