/** What a folder holds, as far as it matters here. Links are not followed: what they point at was not asked for. */
export interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

export interface TreeOptions<E extends Entry> {
  /** Whether a file is wanted, by its path relative to the root, with `/` between the parts. */
  readonly include: (relative: string) => boolean;
  /** Whether a file or folder is left out, by the same path. */
  readonly exclude: (relative: string) => boolean;
  /** What a folder holds; the root has an empty path and no entry. */
  readonly entries: (relative: string, folder: E | undefined) => Promise<readonly E[]>;
}

/** Never entered: what is in there was not written by the user. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', '.git']);

/** The files below a root, on whatever it is stored, in a fixed order, one by one so that the caller can pause. */
export async function* walkTree<E extends Entry>(
  options: TreeOptions<E>,
): AsyncGenerator<{ readonly relative: string; readonly entry: E }> {
  const waiting: { relative: string; entry?: E }[] = [{ relative: '' }];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const folders: { relative: string; entry: E }[] = [];
    for (const entry of sorted(await options.entries(folder.relative, folder.entry))) {
      const relative = folder.relative === '' ? entry.name : `${folder.relative}/${entry.name}`;
      if (entry.kind === 'folder') {
        if (!SKIPPED_FOLDERS.has(entry.name) && !options.exclude(relative)) folders.push({ relative, entry });
      } else if (options.include(relative) && !options.exclude(relative)) {
        yield { relative, entry };
      }
    }
    // A stack gives the last one first.
    waiting.push(...folders.reverse());
  }
}

function sorted<E extends Entry>(entries: readonly E[]): E[] {
  return [...entries].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
