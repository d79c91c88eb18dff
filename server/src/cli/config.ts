import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type ReadText, readText } from '../disk/readText.ts';
import { LineIndex } from '../lineIndex.ts';
import { type Settings, settingsSchema } from '../protocol/settings.ts';
import { readSettingsFile, SETTINGS_FILE, type SettingsIssue } from '../settingsFile.ts';
import { shownPath } from './inputs.ts';
import { type Terminal, UsageError } from './terminal.ts';

export interface Config {
  readonly settings: Settings;
  /** Globs in the settings are relative to it: the folder of the file, else the current one. */
  readonly folder: string;
}

const MAX_CONFIG_LENGTH = 256 * 1024;

/** Reads the settings for a run. Throws a `UsageError` that names the file and the place in it. */
export async function readConfig(named: string | undefined, terminal: Terminal): Promise<Config> {
  const path = named === undefined ? findConfig(terminal.cwd) : resolve(terminal.cwd, named);
  if (path === undefined) return { settings: settingsSchema.parse({}), folder: terminal.cwd };
  const shown = named ?? shownPath(path, terminal.cwd);
  const content = await readText(path, MAX_CONFIG_LENGTH);
  if (content.kind !== 'text') throw new UsageError(`cannot read the settings "${shown}": ${whyUnread(content)}`);
  return {
    settings: parseSettings(shown, content.text, (text) => terminal.warn(`meshpath: ${text}\n`)),
    folder: dirname(path),
  };
}

function whyUnread(content: Exclude<ReadText, { kind: 'text' }>): string {
  switch (content.kind) {
    case 'not-utf8':
      return 'it is not UTF-8';
    case 'too-large':
      return 'it is too large to be settings';
    case 'unreadable':
      return content.reason;
  }
}

/** The nearest file above, but none from outside the repository. */
function findConfig(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, SETTINGS_FILE);
    if (existsSync(path)) return path;
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) return undefined;
  }
}

/** `file` is how messages name the file. `warn` gets what is odd but no reason to stop. */
function parseSettings(file: string, text: string, warn: (message: string) => void): Settings {
  const lines = new LineIndex(text);
  const placed = ({ at, message }: SettingsIssue) => {
    const { line, character } = lines.positionAt(at);
    return `${file}:${line + 1}:${character + 1}: ${message}`;
  };
  const result = readSettingsFile(text);
  if (result.kind === 'wrong') throw new UsageError(placed(result.issue));
  for (const oddity of result.oddities) warn(placed(oddity));
  return result.settings;
}
