import type { CancellationToken, Connection, DocumentDiagnosticReport } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { ClientFeatures } from './capabilities.ts';
import type { Documents } from './documents.ts';
import { cancelled, type Guard, requireTextDocument } from './guard.ts';
import type { Host } from './host.ts';
import type { Quiet } from './quiet.ts';
import type { Report, Reporter } from './reports.ts';
import type { SettingsStore } from './settings.ts';
import { createPause, inSlices } from './slices.ts';
import { isSettingsFile } from './workspaceSettings.ts';

export interface Diagnostics {
  /** A document was opened or edited. */
  changed(uri: string): void;
  closed(uri: string): void;
  /** Something that all documents depend on changed: settings, or a file that is not open. */
  allChanged(): void;
}

export interface DiagnosticsContext {
  readonly connection: Connection;
  readonly host: Host;
  readonly guard: Guard;
  readonly quiet: Quiet;
  readonly client: ClientFeatures;
  readonly documents: Documents;
  readonly settings: SettingsStore;
  /** Resolves when the first settings are known: until then every diagnostic could be a false one. */
  readonly ready: Promise<void>;
}

export function startDiagnostics(context: DiagnosticsContext, report: Reporter): Diagnostics {
  return context.client.pullsDiagnostics ? answerPulls(context, report) : pushAll(context, report);
}

/** The client asks when it wants to know; we answer after whatever else it asked for. */
function answerPulls(context: DiagnosticsContext, report: Reporter): Diagnostics {
  const { connection, guard, quiet, client, documents, ready } = context;
  const refresh = () => {
    if (client.refreshesDiagnostics && documents.all().length > 0) {
      void guard.run('workspace/diagnostic/refresh', () => connection.languages.diagnostics.refresh());
    }
  };
  const told: Told = new Map();
  const review = createReview(context, report, told, refresh);
  const answer = async (params: unknown, token: CancellationToken): Promise<DocumentDiagnosticReport> => {
    requireTextDocument(params);
    const { textDocument, previousResultId } = params as { textDocument: { uri: string }; previousResultId?: string };
    await ready;
    await quiet.wait();
    if (token.isCancellationRequested) throw cancelled();
    const document = documents.get(textDocument.uri);
    if (!document) return { kind: 'full', items: [] };
    const { id, items } = report.quick(document);
    told.set(document.uri, { id, version: document.version });
    void guard.run('textDocument/diagnostic', review);
    if (id === previousResultId) return { kind: 'unchanged', resultId: id };
    return { kind: 'full', resultId: id, items };
  };
  const empty: DocumentDiagnosticReport = { kind: 'full', items: [] };
  const guarded = guard.request('textDocument/diagnostic', answer);
  connection.languages.diagnostics.on(async (params, token) => (await guarded(params, token)) ?? empty);
  return {
    changed: () => {},
    closed: (uri) => void told.delete(uri),
    allChanged: refresh,
  };
}

/** What the client was told last about each open document. */
type Told = Map<string, { readonly id: string; readonly version: number }>;

/**
 * Looks at leisure what the rest of the workspace means for all open documents, and lets the client ask again where it
 * was told something else. Clients ask about the document that is edited, and some of them about no other.
 */
function createReview(
  { host, quiet, documents }: DiagnosticsContext,
  report: Reporter,
  told: Told,
  refresh: () => void,
): () => Promise<void> {
  const pause = createPause({ host, quiet });
  const doubtful = new Set<string>();
  let reviewing = false;
  const isStale = (uri: string) => {
    const document = documents.get(uri);
    const last = told.get(uri);
    // A newer text is one that the client is going to ask about by itself.
    if (document === undefined || last?.version !== document.version) return false;
    return pause.measured(() => report.settled(document)).id !== last.id;
  };
  const reviewAll = async () => {
    let stale = false;
    while (doubtful.size > 0) {
      await pause.before();
      await inSlices(doubtful, { host, quiet }, (uri) => {
        stale = isStale(uri) || stale;
      });
    }
    if (stale) refresh();
  };
  return async () => {
    for (const uri of told.keys()) doubtful.add(uri);
    if (reviewing) return;
    reviewing = true;
    await reviewAll().finally(() => {
      reviewing = false;
    });
  };
}

/** The client only listens: each changed document is reported once the messages that came with the change are handled. */
function pushAll(
  { connection, host, guard, quiet, documents, ready }: DiagnosticsContext,
  report: Reporter,
): Diagnostics {
  /** Edited, and not reported at all yet; then what may have changed because of an edit. */
  const edited = new Set<string>();
  const dirty = new Set<string>();
  /** All that are open may have changed. */
  let outdated = false;
  const publisher = createPublisher(connection, documents);
  const pause = createPause({ host, quiet });
  let running = false;

  const publishDirty = async () => {
    await ready;
    while (edited.size > 0 || outdated || dirty.size > 0) {
      await quiet.wait();
      // The edited documents come first; then the others, because what they say may depend on these.
      await inSlices(edited, { host, quiet }, (uri) =>
        guard.run('textDocument/publishDiagnostics', () => publisher.publish(uri, report.quick)),
      );
      if (edited.size > 0) continue;
      await pause.before();
      if (outdated) for (const { uri } of documents.all()) dirty.add(uri);
      outdated = false;
      await inSlices(dirty, { host, quiet }, (uri) =>
        guard.run('textDocument/publishDiagnostics', () =>
          pause.measured(() => publisher.publish(uri, report.settled)),
        ),
      );
    }
  };
  const schedule = () => {
    if (running) return;
    running = true;
    void publishDirty().finally(() => {
      running = false;
      if (outdated || dirty.size > 0) schedule();
    });
  };
  const allChanged = () => {
    outdated = true;
    schedule();
  };
  return {
    changed: (uri) => {
      edited.add(uri);
      allChanged();
    },
    closed: (uri) => {
      edited.delete(uri);
      dirty.delete(uri);
      publisher.clear(uri);
      allChanged();
    },
    allChanged,
  };
}

/** Sends the diagnostics of open documents that the client does not have yet. */
function createPublisher(connection: Connection, documents: Documents) {
  const published = new Map<string, { id: string; version: number }>();
  return {
    publish: (uri: string, report: (document: TextDocument) => Report) => {
      const document = documents.get(uri);
      if (!document || isSettingsFile(uri)) return;
      const { version } = document;
      const { id, items } = report(document);
      const last = published.get(uri);
      if (last?.id === id && last.version === version) return;
      published.set(uri, { id, version });
      void connection.sendDiagnostics({ uri, version, diagnostics: items });
    },
    clear: (uri: string) => {
      if (published.delete(uri)) void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
  };
}
