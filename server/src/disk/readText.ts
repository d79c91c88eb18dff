// Reading from a disk: for the hosts that run in Node. Nothing here knows YAML.
import { readFileSync, statSync } from 'node:fs';

/** The text of a file, or why there is none. */
export type ReadText =
  | { readonly kind: 'text'; readonly text: string }
  /** `lossy` has U+FFFD where bytes could not be read; `offset` is the first of them, in UTF-16 units of `lossy`. */
  | { readonly kind: 'not-utf8'; readonly lossy: string; readonly offset: number }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unreadable'; readonly reason: string };

const AS_TEXT = { encoding: 'utf8', flag: 'r' } as const;
/** One UTF-16 unit takes at most three bytes in UTF-8. */
const BYTES_PER_UNIT = 3;

/**
 * Reads a file as UTF-8; a byte order mark is not part of the text. A file that must be longer than `maxLength`, in
 * UTF-16 units, is not read at all; one that may be shorter is, whatever its length then is. Never rejects.
 */
export async function readText(path: string, maxLength: number): Promise<ReadText> {
  try {
    // What the operating system has at hand takes it microseconds; promises would take ten times as long. Whoever reads
    // many files gives way between them.
    const facts = statSync(path);
    if (!facts.isFile())
      return { kind: 'unreadable', reason: facts.isDirectory() ? 'it is a folder' : 'it is not a regular file' };
    // So large that even without looking at it the text must be too long.
    if (facts.size > maxLength * BYTES_PER_UNIT) return { kind: 'too-large' };
    // A file as it should be is read and decoded at once; only of others it matters what their bytes are.
    const text = readFileSync(path, AS_TEXT);
    return text.includes('\uFFFD')
      ? decodeText(readFileSync(path))
      : { kind: 'text', text: text.replace(/^\uFEFF/, '') };
  } catch (error) {
    return { kind: 'unreadable', reason: reasonOf(error) };
  }
}

export function decodeText(bytes: Uint8Array): ReadText {
  const lossy = new TextDecoder().decode(bytes);
  if (!lossy.includes('\uFFFD')) return { kind: 'text', text: lossy };
  try {
    // The replacement character may stand in the file itself.
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'not-utf8', lossy, offset: lossy.indexOf('\uFFFD') };
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['ELOOP', 'its symbolic links go in a circle'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'part of the path is not a folder'],
  ['ENAMETOOLONG', 'the name is too long'],
]);

/** Why the operating system refused, in words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code !== undefined) return REASONS.get(code) ?? code;
  return error instanceof Error ? error.message : String(error);
}
