import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from './readText.ts';

export interface WalkOptions {
  /** Whether a file is wanted, by its path relative to the root, with `/` between the parts. */
  readonly include: (relative: string) => boolean;
  /** Whether a file or folder is left out, by the same path. */
  readonly exclude: (relative: string) => boolean;
  /** A folder could not be read. */
  readonly onProblem?: (folder: string, reason: string) => void;
}

/** Never entered: what is in there was not written by the user. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', '.git']);

/**
 * The files below a folder, as paths of the operating system, in a fixed order. Symbolic links are not followed: what
 * they point at inside the folder is found at its own place, and what is outside was not asked for.
 */
export async function* walk(root: string, options: WalkOptions): AsyncGenerator<string> {
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const folders: string[] = [];
    for (const entry of await entriesOf(join(root, folder), options)) {
      const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(entry.name) && !options.exclude(relative)) folders.push(relative);
      } else if (entry.isFile() && options.include(relative) && !options.exclude(relative)) {
        yield join(root, relative);
      }
    }
    // A stack gives the last one first.
    waiting.push(...folders.reverse());
  }
}

async function entriesOf(folder: string, options: WalkOptions) {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (error) {
    options.onProblem?.(folder, reasonOf(error));
    return [];
  }
}
