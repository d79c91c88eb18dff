import {
  type CancellationToken,
  type Connection,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  type Diagnostic as LspDiagnostic,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { diagnose } from '../core/features/diagnostics.ts';
import type { SourceFile } from '../core/model/file.ts';
import type { CoreSettings } from '../core/settings.ts';
import type { ClientFeatures } from './capabilities.ts';
import { lspDiagnostic } from './convert.ts';
import type { Documents } from './documents.ts';
import { cancelled, type Guard, requireTextDocument } from './guard.ts';
import type { Host } from './host.ts';
import type { Quiet } from './quiet.ts';
import { isLeftToOthers, type Share } from './redHatYaml.ts';
import type { SettingsStore } from './settings.ts';

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

export function startDiagnostics(context: DiagnosticsContext): Diagnostics {
  const report = reporter(context);
  return context.client.pullsDiagnostics ? answerPulls(context, report) : pushAll(context, report);
}

/** The diagnostics of one text under one set of settings. Equal ids mean equal diagnostics. */
interface Report {
  readonly id: string;
  readonly items: LspDiagnostic[];
  /** What the items were made from, beside the text itself. */
  readonly settings: CoreSettings;
  readonly share: Share;
  readonly patch: boolean;
}

type Reporter = (document: TextDocument) => Report;

/**
 * Makes reports and remembers the last one of each text. The key is what the text says, never URI and version: editors
 * start again at version 1 when a file is opened again, with whatever it says by then.
 */
function reporter({ documents, settings, client }: DiagnosticsContext): Reporter {
  const known = new WeakMap<SourceFile, Report>();
  // Ids of an earlier server must not seem to be ours after a restart.
  const origin = Date.now().toString(36);
  let made = 0;
  return (document) => {
    const snapshot = documents.snapshot();
    const file = documents.file(document);
    const basis = {
      settings: settings.core(document),
      share: settings.share(document),
      patch: snapshot.isPatch(file.path),
    };
    const last = known.get(file);
    if (last && isSameBasis(last, basis)) return last;
    const items = diagnose(snapshot, file, basis.settings).flatMap(({ start, diagnostics }) =>
      diagnostics
        .filter(({ code }) => !isLeftToOthers(code, basis.share))
        .map((diagnostic) => lspDiagnostic(document, start, diagnostic, client.relatedInformation)),
    );
    const report = { id: `${origin}-${++made}`, items, ...basis };
    known.set(file, report);
    return report;
  };
}

function isSameBasis(a: Omit<Report, 'id' | 'items'>, b: Omit<Report, 'id' | 'items'>): boolean {
  const sameShare = a.share.syntax === b.share.syntax && a.share.structure === b.share.structure;
  return a.settings === b.settings && a.patch === b.patch && sameShare;
}

/** The client asks when it wants to know; we answer after whatever else it asked for. */
function answerPulls(
  { connection, guard, quiet, client, documents, ready }: DiagnosticsContext,
  report: Reporter,
): Diagnostics {
  const answer = async (params: unknown, token: CancellationToken): Promise<DocumentDiagnosticReport> => {
    requireTextDocument(params);
    const { textDocument, previousResultId } = params as { textDocument: { uri: string }; previousResultId?: string };
    await ready;
    await quiet.wait();
    if (token.isCancellationRequested) throw cancelled();
    const document = documents.get(textDocument.uri);
    if (!document) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
    const { id, items } = report(document);
    if (id === previousResultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: id };
    return { kind: DocumentDiagnosticReportKind.Full, resultId: id, items };
  };
  const empty: DocumentDiagnosticReport = { kind: DocumentDiagnosticReportKind.Full, items: [] };
  const guarded = guard.request('textDocument/diagnostic', answer);
  connection.languages.diagnostics.on(async (params, token) => (await guarded(params, token)) ?? empty);
  return {
    changed: () => {},
    closed: () => {},
    allChanged: () => {
      if (client.refreshesDiagnostics) {
        void guard.run('workspace/diagnostic/refresh', () => connection.languages.diagnostics.refresh());
      }
    },
  };
}

/** The client only listens: each changed document is reported once the messages that came with the change are handled. */
function pushAll(
  { connection, host, guard, quiet, documents, ready }: DiagnosticsContext,
  report: Reporter,
): Diagnostics {
  const dirty = new Set<string>();
  const published = new Map<string, { id: string; version: number }>();
  let running = false;

  const publish = (uri: string) => {
    const document = documents.get(uri);
    if (!document) return;
    const { id, items } = report(document);
    const last = published.get(uri);
    if (last?.id === id && last.version === document.version) return;
    published.set(uri, { id, version: document.version });
    void connection.sendDiagnostics({ uri, version: document.version, diagnostics: items });
  };
  const publishDirty = async () => {
    await ready;
    while (dirty.size > 0) {
      await quiet.wait();
      const before = quiet.count;
      for (const uri of dirty) {
        dirty.delete(uri);
        await guard.run('textDocument/publishDiagnostics', () => publish(uri));
        await host.nextTurn();
        // Something came in: it is answered first.
        if (quiet.count !== before) break;
      }
    }
  };
  const schedule = () => {
    if (running) return;
    running = true;
    void publishDirty().finally(() => {
      running = false;
      if (dirty.size > 0) schedule();
    });
  };
  const changed = (uri: string) => {
    dirty.add(uri);
    schedule();
  };
  return {
    changed,
    closed: (uri) => {
      dirty.delete(uri);
      published.delete(uri);
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
    allChanged: () => {
      for (const document of documents.all()) changed(document.uri);
    },
  };
}
