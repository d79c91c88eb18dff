import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A throw-away user of VS Code: everything that a window writes goes below `root`. */
export interface Profile {
  root: string;
  /** Server data and settings. */
  data: string;
  /** Installed extensions. */
  extensions: string;
  remove(): void;
}

/** Quiet, offline, and the same on every machine. */
export const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.openRepositoryInParentFolders': 'never',
  // The folder stays untrusted, which Meshpath supports, and nobody is asked about it.
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/** Makes a profile whose user settings are the quiet ones and `settings` on top. */
export function createProfile(settings: Record<string, unknown> = {}): Profile {
  const root = mkdtempSync(path.join(tmpdir(), 'meshpath-editor-'));
  const data = path.join(root, 'data');
  const extensions = path.join(root, 'extensions');
  mkdirSync(extensions, { recursive: true });
  const text = JSON.stringify({ ...quietSettings, ...settings }, null, 2);
  // Windows read both files before the first paint; which of the two counts differs between releases.
  for (const scope of ['User', 'Machine']) {
    const folder = path.join(data, 'data', scope);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'settings.json'), text);
  }
  return { root, data, extensions, remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }) };
}
