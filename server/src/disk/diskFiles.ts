import { fileURLToPath } from 'node:url';
import { MAX_FILE_LENGTH } from '../core/model/file.ts';
import { globMatcher } from '../globs.ts';
import type { FileAccess } from '../lsp/host.ts';
import { readText } from './readText.ts';
import { walk } from './walk.ts';

/** Files on the disk of this machine, for URIs that are paths of it; for all others, `elsewhere`. */
export function diskFiles(elsewhere: FileAccess): FileAccess {
  return {
    async *list(folder, include, exclude) {
      const root = pathOf(folder);
      if (root === undefined) {
        yield* elsewhere.list(folder, include, exclude);
        return;
      }
      const files = walk(root, { include: globMatcher([include]), exclude: globMatcher(exclude) });
      for await (const relative of files) if (!UNNAMEABLE.test(relative)) yield uriBelow(folder, relative);
    },
    read: async (uri) => {
      const path = pathOf(uri);
      if (path === undefined) return elsewhere.read(uri);
      const result = await readText(path, MAX_FILE_LENGTH);
      return result.kind === 'text' ? result.text : undefined;
    },
  };
}

/** Half of a character, which Windows allows in names and no URI can hold. */
const UNNAMEABLE = /\p{Surrogate}/u;

function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    // A host name or an escaped slash: not a path that this machine knows.
    return undefined;
  }
}

/** The URI begins as the client writes its folder (`file:///c%3A/…`), so that both name the same file alike. */
function uriBelow(folder: string, relative: string): string {
  return `${folder.replace(/\/$/, '')}/${relative.split('/').map(encodeURIComponent).join('/')}`;
}
