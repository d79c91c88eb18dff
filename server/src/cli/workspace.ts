import { type Snapshot, Workspace } from '../core/model/workspace.ts';
import { LineIndex } from '../lineIndex.ts';
import type { FileNames } from '../pathAnswer.ts';
import type { Settings } from '../protocol/settings.ts';
import { readConfig } from './config.ts';
import { readInputs } from './inputs.ts';
import type { Parsed } from './options.ts';
import { printable, type Terminal, UsageError } from './terminal.ts';

/** The files of a command line as one workspace, for the commands that ask about all of it. */
export interface Opened {
  readonly settings: Settings;
  readonly snapshot: Snapshot;
  readonly files: FileNames;
}

/** Reads the workspace. Throws a `UsageError` when a named file cannot be read or there is none at all. */
export async function openWorkspace({ values, paths }: Parsed, terminal: Terminal): Promise<Opened> {
  const { settings, folder } = await readConfig(values.get('config'), terminal);
  const inputs = await readInputs(paths, { globs: settings.exclude, folder }, terminal);
  const workspace = new Workspace();
  const shown = new Map<string, string>();
  for (const { path, shown: name, content, named } of [...inputs.around, ...inputs.files]) {
    shown.set(path, name);
    if (content.kind === 'text') workspace.setFile(path, content.text);
    else if (named) throw new UsageError(`cannot read "${name}"`);
    else terminal.warn(`meshpath: "${printable(name)}" cannot be read, and is left out\n`);
  }
  for (const problem of inputs.problems) terminal.warn(`meshpath: ${printable(problem)}\n`);
  if (inputs.files.length === 0) throw new UsageError('no YAML or JSON files here');
  const snapshot = workspace.snapshot();
  const lines = new Map<string, LineIndex>();
  const linesOf = (path: string): LineIndex => {
    let index = lines.get(path);
    if (!index) {
      index = new LineIndex(snapshot.file(path)?.text ?? '');
      lines.set(path, index);
    }
    return index;
  };
  return {
    settings,
    snapshot,
    files: { linesOf, startOf: (located) => snapshot.startOf(located) ?? 0, shown: (path) => shown.get(path) ?? path },
  };
}
