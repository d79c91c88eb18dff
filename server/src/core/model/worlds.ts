import type { SourceFile } from './file.ts';
import type { Journal } from './journal.ts';
import { kustomizationRoot } from './kustomize.ts';
import type { Located } from './located.ts';
import { World } from './world.ts';

/** What a world is made from. */
export interface WorldSource {
  readonly files: readonly SourceFile[];
  readonly located: (file: SourceFile) => readonly Located[];
}

interface Made {
  readonly files: readonly SourceFile[];
  readonly located: readonly (readonly Located[])[];
  readonly world: World;
}

/** With more files than this, it is quicker to begin anew. */
const MANY = 200;

/**
 * Makes worlds one after another, each from the one before where they differ in few files. The journal gets the files
 * about which there may be something new to say, beside those that changed.
 */
export function createWorlds(journal: Journal): (source: WorldSource) => World {
  let last: Made | undefined;
  return (source) => {
    last = (last && step(last, source)) ?? anew(source, journal);
    return last.world;
  };
}

function anew({ files, located }: WorldSource, journal: Journal): Made {
  const lists = files.map(located);
  for (const { path } of files) journal.note(path);
  return {
    files,
    located: lists,
    world: World.of(allOf(lists), noting(journal)),
  };
}

// These functions are made apart from where they are used, because a function holds on to everything that others made
// beside it need: each world would keep the one before it.

function allOf(lists: readonly (readonly Located[])[]): () => readonly Located[] {
  return () => lists.flat();
}

function noting(journal: Journal): (located: Located) => void {
  return ({ path }) => journal.note(path);
}

/** Undefined when too much has changed. */
function step(last: Made, { files, located }: WorldSource): Made | undefined {
  const { head, tail } = commonEnds(last.files, files);
  // In between, files stand opposite each other when none came or went; then those that are the same have not changed.
  const isPaired = files.length === last.files.length;
  const isSame = (at: number) => isPaired && files[at] === last.files[at];
  const before = range(head, last.files.length - tail).filter((at) => !isSame(at));
  const after = range(head, files.length - tail).filter((at) => !isSame(at));
  const changed = [...before.map((at) => last.files[at]), ...after.map((at) => files[at])];
  // A kustomization changes what the resources of other files are called.
  if (changed.length > MANY || changed.some((file) => file && kustomizationRoot(file))) return undefined;
  const lists = isPaired
    ? last.located.slice()
    : [...last.located.slice(0, head), ...after.map(() => []), ...last.located.slice(last.files.length - tail)];
  for (const at of after) lists[at] = located(files[at] as SourceFile);
  const changes = { removed: [] as Located[], added: [] as Located[], replaced: new Map<Located, Located>() };
  if (isPaired) for (const at of after) compare(last.located[at] ?? [], lists[at] ?? [], changes);
  else {
    changes.removed.push(...before.flatMap((at) => last.located[at] ?? []));
    changes.added.push(...after.flatMap((at) => lists[at] ?? []));
  }
  if (changes.removed.length === 0 && changes.added.length === 0) return { files, located: lists, world: last.world };
  return { files, located: lists, world: last.world.next(allOf(lists), changes) };
}

/** Notes how the resources of a file differ from those that it had before. */
function compare(
  before: readonly Located[],
  now: readonly Located[],
  changes: { removed: Located[]; added: Located[]; replaced: Map<Located, Located> },
): void {
  const { head, tail } = commonEnds(before, now);
  const old = before.slice(head, before.length - tail);
  const fresh = now.slice(head, now.length - tail);
  changes.removed.push(...old);
  changes.added.push(...fresh);
  if (old.length !== fresh.length) return;
  for (const [at, located] of old.entries()) changes.replaced.set(located, fresh[at] as Located);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

/** How many items two lists share at the beginning, and at the end of what is left. */
function commonEnds<T>(a: readonly T[], b: readonly T[]): { head: number; tail: number } {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return { head, tail };
}
