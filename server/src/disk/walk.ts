import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Entry, type TreeOptions, walkTree } from '../fileTree.ts';
import { reasonOf } from './readText.ts';

export interface WalkOptions extends Pick<TreeOptions<Entry>, 'include' | 'exclude'> {
  /** A folder could not be read. */
  readonly onProblem?: (folder: string, reason: string) => void;
}

/** The files below a folder, in a fixed order, as paths relative to it with `/` between the parts. */
export async function* walk(root: string, options: WalkOptions): AsyncGenerator<string> {
  const entries = (folder: string) => entriesOf(root, folder, options);
  for await (const { relative } of walkTree({ ...options, entries })) yield relative;
}

async function entriesOf(root: string, folder: string, { onProblem }: WalkOptions): Promise<Entry[]> {
  try {
    const found = await readdir(join(root, folder), { withFileTypes: true });
    return found.flatMap((entry): Entry[] => {
      if (entry.isDirectory()) return [{ name: entry.name, kind: 'folder' }];
      return entry.isFile() ? [{ name: entry.name, kind: 'file' }] : [];
    });
  } catch (error) {
    onProblem?.(join(root, folder), reasonOf(error));
    return [];
  }
}
