import type { Connection } from 'vscode-languageserver';
import { LineIndex } from '../lineIndex.ts';
import { readSettingsFile, SETTINGS_FILE, type SettingsIssue } from '../settingsFile.ts';
import type { Documents } from './documents.ts';
import type { Guard } from './guard.ts';
import type { Host } from './host.ts';
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
  let said = '';
  const say = (uri: string, text: string, issues: readonly SettingsIssue[]) => {
    const lines = new LineIndex(text);
    const messages = issues.map(({ at, message }) => {
      const { line, character } = lines.positionAt(at);
      return `${uri}:${line + 1}:${character + 1}: ${message}`;
    });
    // While someone types, the same is wrong for many edits.
    if (messages.join('\n') !== said) for (const message of messages) connection.console.warn(`Settings: ${message}`);
    said = messages.join('\n');
  };
  const read = async () => {
    for (const uri of candidates()) {
      const text = documents.get(uri)?.getText() ?? (await host.files.read(uri));
      if (text === undefined) continue;
      const result = readSettingsFile(text);
      say(uri, text, result.kind === 'wrong' ? [result.issue] : result.oddities);
      // Half-typed settings change nothing yet.
      if (result.kind === 'settings') settings.useFile(result.given);
      return;
    }
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
