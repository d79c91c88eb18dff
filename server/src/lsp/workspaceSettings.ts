import type { Connection, Diagnostic } from 'vscode-languageserver';
import { LineIndex } from '../lineIndex.ts';
import { readSettingsFile, SETTINGS_FILE, type SettingsIssue } from '../settingsFile.ts';
import { SOURCE } from './convert.ts';
import type { Documents } from './documents.ts';
import type { Guard } from './guard.ts';
import type { Host } from './host.ts';
import { DIAGNOSTIC_SEVERITY } from './numbers.ts';
import type { SettingsStore } from './settings.ts';

/** The settings file of the workspace, whose word goes before that of the editor: it is the team's, and CI obeys it. */
export interface WorkspaceSettings {
  load(): Promise<void>;
  /** A file was changed on disk, edited, opened or closed; only the settings file matters here. */
  changed(uri: string): void;
}

export interface WorkspaceSettingsContext {
  readonly connection: Connection;
  readonly host: Host;
  readonly guard: Guard;
  readonly documents: Documents;
  readonly settings: SettingsStore;
  readonly folders: () => readonly string[];
}

export function followSettingsFile(context: WorkspaceSettingsContext): WorkspaceSettings {
  const { connection, host, guard, documents, settings } = context;
  const candidates = () => context.folders().map((folder) => `${folder.replace(/\/$/, '')}/${SETTINGS_FILE}`);
  let shown = { uri: '', diagnostics: [] as Diagnostic[] };
  const show = (uri: string, diagnostics: Diagnostic[]) => {
    if (shown.uri !== uri && shown.diagnostics.length > 0)
      void connection.sendDiagnostics({ uri: shown.uri, diagnostics: [] });
    shown = { uri, diagnostics };
    if (uri !== '') void connection.sendDiagnostics({ uri, diagnostics });
  };
  const read = async () => {
    for (const uri of candidates()) {
      const text = documents.get(uri)?.getText() ?? (await host.files.read(uri));
      if (text === undefined) continue;
      const result = readSettingsFile(text);
      show(
        uri,
        result.kind === 'wrong'
          ? [diagnosticOf(text, result.issue, 'error')]
          : result.oddities.map((issue) => diagnosticOf(text, issue, 'warning')),
      );
      // Half-typed settings change nothing yet.
      if (result.kind === 'settings') settings.useFile(result.given);
      return;
    }
    show('', []);
    settings.useFile({});
  };
  let turn = Promise.resolve();
  const load = () => {
    // One after the other: what was read last has to be what counts.
    turn = turn.then(() => guard.run(SETTINGS_FILE, read));
    return turn;
  };
  return {
    load,
    changed: (uri) => {
      if (candidates().includes(uri)) void load();
    },
  };
}

/** Whether what is wrong with a file is told here, and nowhere else. */
export function isSettingsFile(uri: string): boolean {
  return uri.endsWith(`/${SETTINGS_FILE}`);
}

/** The word that begins at a place. */
const WORD = /[^\s:,[\]{}#]+/y;

function diagnosticOf(text: string, { at, message }: SettingsIssue, severity: 'error' | 'warning'): Diagnostic {
  WORD.lastIndex = at;
  const lines = new LineIndex(text);
  const range = { start: lines.positionAt(at), end: lines.positionAt(at + (WORD.exec(text)?.[0].length ?? 1)) };
  return { range, severity: DIAGNOSTIC_SEVERITY[severity], source: SOURCE, message };
}
