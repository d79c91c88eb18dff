import type { Connection } from 'vscode-languageserver';
import type { CoreSettings } from '../core/settings.ts';
import { coreSettings } from '../coreSettings.ts';
import { globMatcher } from '../globs.ts';
import { RED_HAT_YAML_NOTIFICATION, type RedHatYamlState, redHatYamlState } from '../protocol/redHatYaml.ts';
import { readSettings, type Settings } from '../protocol/settings.ts';
import { type Guard, isObject } from './guard.ts';
import { type DocumentFacts, type Share, shareOf } from './redHatYaml.ts';
import { watchSettings } from './registrations.ts';
import { pathOfUri } from './uri.ts';

/** The user's settings and what the client says about its neighbors. */
export interface SettingsStore {
  readonly current: Settings;
  /** The same object for the same settings, because the core keeps what it found by it. */
  core(document: DocumentFacts): CoreSettings;
  share(document: DocumentFacts): Share;
  /** The user wants to hear nothing about this document. */
  excludes(document: { readonly uri: string }): boolean;
  /** Asks the client for its settings; resolves when they are known or will not come. */
  load(): Promise<void>;
  /** Takes what the settings file of the workspace says; it goes before what the client says. */
  useFile(given: Readonly<Record<string, unknown>>): void;
  /** Asks the client to tell when its settings change. */
  watch(): void;
}

export interface SettingsOptions {
  /** The client answers `workspace/configuration`. */
  readonly canAsk: boolean;
  /** The client takes registrations for changed settings. */
  readonly canWatch: boolean;
  readonly initializationOptions: unknown;
  /** URIs of the workspace folders, to which globs are relative. */
  readonly folders: () => readonly string[];
  readonly changed: () => void;
}

const SECTION = 'meshpath';

export function createSettings(connection: Connection, guard: Guard, options: SettingsOptions): SettingsStore {
  const initial = isObject(options.initializationOptions) ? options.initializationOptions : {};
  let redHat = readState(initial.redHatYaml);
  let input: unknown = initial.settings ?? {};
  let file: Readonly<Record<string, unknown>> = {};
  let { settings } = readSettings(input);
  let core = coreVariants(settings);
  let excluded = globMatcher(settings.exclude);

  let used = JSON.stringify(input);
  const apply = () => {
    const next = layered(input, file);
    if (JSON.stringify(next) === used) return;
    used = JSON.stringify(next);
    const read = readSettings(next);
    for (const problem of read.problems) connection.console.warn(`Settings: ${problem}`);
    settings = read.settings;
    core = coreVariants(settings);
    excluded = globMatcher(settings.exclude);
    options.changed();
  };
  const accept = (next: unknown) => {
    input = next;
    apply();
  };
  const load = async () => {
    if (options.canAsk) accept((await connection.workspace.getConfiguration(SECTION)) ?? {});
  };
  connection.onDidChangeConfiguration(
    guard.notification('workspace/didChangeConfiguration', async (params) => {
      if (options.canAsk) await load();
      else if (isObject(params?.settings)) accept(params.settings[SECTION] ?? {});
    }),
  );
  connection.onNotification(
    RED_HAT_YAML_NOTIFICATION,
    guard.notification('meshpath/redHatYaml', (params: unknown) => {
      redHat = readState(params) ?? redHat;
      options.changed();
    }),
  );

  return {
    get current() {
      return settings;
    },
    core: (document) => (shareOf(document, redHat).syntax ? core.withoutSyntax : core.whole),
    share: (document) => shareOf(document, redHat),
    excludes: (document) => excluded(relativePath(document.uri, options.folders())),
    load: () => guard.run('workspace/configuration', load),
    useFile: (given) => {
      file = given;
      apply();
    },
    watch: () => void (options.canWatch && guard.run('Watching settings', () => watchSettings(connection, SECTION))),
  };
}

/** Settings with others on top of them, key by key; lists are taken as a whole. */
function layered(below: unknown, above: unknown): unknown {
  if (!isObject(below) || !isObject(above) || Array.isArray(below) || Array.isArray(above)) return above ?? below;
  const upper = Object.entries(above).map(([key, value]) => [
    key,
    layered(Object.hasOwn(below, key) ? below[key] : undefined, value),
  ]);
  return Object.fromEntries([...Object.entries(below), ...upper]);
}

/** The path below the innermost workspace folder; of a document outside of all, what follows the scheme. */
function relativePath(uri: string, folders: readonly string[]): string {
  const path = pathOfUri(uri);
  const around = folders
    .map((folder) => `${pathOfUri(folder).replace(/\/$/, '')}/`)
    .filter((folder) => path.startsWith(folder))
    .sort((a, b) => b.length - a.length);
  return around[0] === undefined ? path.replace(/^[\w+.-]+:\/*/, '') : path.slice(around[0].length);
}

function readState(value: unknown): RedHatYamlState | undefined {
  const result = redHatYamlState.safeParse(value);
  return result.success ? result.data : undefined;
}

function coreVariants(settings: Settings): { whole: CoreSettings; withoutSyntax: CoreSettings } {
  return { whole: coreSettings(settings), withoutSyntax: coreSettings(settings, { syntaxErrors: false }) };
}
