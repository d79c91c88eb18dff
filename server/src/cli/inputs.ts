import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { MAX_FILE_LENGTH } from '../core/model/file.ts';
import { decodeText, type ReadText, readText, reasonOf } from '../disk/readText.ts';
import { walk } from '../disk/walk.ts';
import { globMatcher } from '../globs.ts';
import { type Terminal, UsageError } from './terminal.ts';

/** A file to check. */
export interface Input {
  /** As shown: relative to the current folder where it is below it, with `/` between the parts. */
  readonly shown: string;
  /** Absolute, with `/` between the parts: where a file stands decides whether it is a patch or a template. */
  readonly path: string;
  readonly content: ReadText;
  /** The user named this file, rather than a folder around it. */
  readonly named: boolean;
}

export interface Inputs {
  readonly files: readonly Input[];
  /** Kustomizations around named files: they say which of them are patches, and are not checked themselves. */
  readonly around: readonly Input[];
  /** Folders that could not be read. */
  readonly problems: readonly string[];
}

export const STDIN = '<stdin>';

const MANIFEST = /\.(?:ya?ml|json)$/i;
const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
/** As many files are read at a time as a disk can use. */
const PARALLEL = 32;

/** Reads what the paths name. Throws a `UsageError` for a path that does not exist or cannot be read. */
export async function readInputs(paths: readonly string[], exclude: Exclude, terminal: Terminal): Promise<Inputs> {
  const problems: string[] = [];
  const found = new Map<string, Source>();
  for (const path of paths.length === 0 ? ['.'] : paths) {
    if (path === '-') found.set(STDIN, { path: STDIN, named: true });
    else
      for (const source of await sourcesAt(path, exclude, terminal, problems))
        found.set(await identity(source.path), source);
  }
  const sources = [...found.values()];
  const around = await kustomizationsAround(sources, terminal.cwd, new Set(found.keys()));
  return { files: await readAll(sources, terminal), around: await readAll(around, terminal), problems };
}

/** Globs, and the folder that they are relative to. */
export interface Exclude {
  readonly globs: readonly string[];
  readonly folder: string;
}

interface Source {
  readonly path: string;
  readonly named: boolean;
}

async function sourcesAt(
  argument: string,
  exclude: Exclude,
  terminal: Terminal,
  problems: string[],
): Promise<Source[]> {
  if (argument === '') throw new UsageError('a path is empty');
  const path = resolve(terminal.cwd, argument);
  const facts = await stat(path).catch((error: unknown) => {
    throw new UsageError(`cannot read "${argument}": ${reasonOf(error)}`);
  });
  if (!facts.isDirectory()) return [{ path, named: true }];
  const excluded = globMatcher(exclude.globs);
  const inExcludes = (below: string) => slashes(relative(exclude.folder, join(path, below)));
  const options = {
    include: (below: string) =>
      MANIFEST.test(below) || KUSTOMIZATIONS.includes(below.slice(below.lastIndexOf('/') + 1)),
    exclude: (below: string) => excluded(inExcludes(below)),
    onProblem: (folder: string, reason: string) => {
      if (folder === path || folder === join(path, '')) throw new UsageError(`cannot read "${argument}": ${reason}`);
      problems.push(`cannot read the folder "${shownPath(folder, terminal.cwd)}": ${reason}`);
    },
  };
  const sources: Source[] = [];
  for await (const below of walk(path, options)) sources.push({ path: join(path, below), named: false });
  return sources;
}

/** One file is checked once, by whatever names it was reached. */
async function identity(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/** The kustomizations in the folders from each named file up to the current folder. */
async function kustomizationsAround(
  sources: readonly Source[],
  cwd: string,
  known: ReadonlySet<string>,
): Promise<Source[]> {
  const folders = new Set<string>();
  for (const { path, named } of sources) {
    if (!named || path === STDIN || !isBelow(path, cwd)) continue;
    for (let folder = dirname(path); isBelow(folder, cwd) && !folders.has(folder); folder = dirname(folder))
      folders.add(folder);
  }
  const around: Source[] = [];
  for (const folder of folders) {
    for (const name of KUSTOMIZATIONS) {
      const path = join(folder, name);
      const facts = await lstat(path).catch(() => undefined);
      if (facts?.isFile() && !known.has(await identity(path))) around.push({ path, named: false });
    }
  }
  return around;
}

async function readAll(sources: readonly Source[], terminal: Terminal): Promise<Input[]> {
  const inputs: Input[] = [];
  for (let at = 0; at < sources.length; at += PARALLEL) {
    inputs.push(...(await Promise.all(sources.slice(at, at + PARALLEL).map((source) => readOne(source, terminal)))));
  }
  return inputs.sort((a, b) => (a.shown < b.shown ? -1 : a.shown > b.shown ? 1 : 0));
}

async function readOne({ path, named }: Source, terminal: Terminal): Promise<Input> {
  if (path === STDIN) {
    return { shown: STDIN, path: STDIN, named, content: decodeText(await terminal.readInput()) };
  }
  return {
    shown: shownPath(path, terminal.cwd),
    path: slashes(path),
    named,
    content: await readText(path, MAX_FILE_LENGTH),
  };
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

export function shownPath(path: string, cwd: string): string {
  return slashes(isBelow(path, cwd) ? relative(cwd, path) || '.' : path);
}

export function slashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
