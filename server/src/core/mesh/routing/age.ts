import type { Located } from '../../model/located.ts';
import { text } from '../../yaml/access.ts';

/** Of routes that fit equally well the oldest counts. Only files that were read from a cluster say how old they are. */

/** The older first where all say when they were created, else by namespace and name. */
export function inOrderOfAge(routes: Iterable<Located>): { readonly ordered: Located[]; readonly known: boolean } {
  const all = [...routes].toSorted(byName);
  const known = all.every((route) => createdAt(route) !== undefined);
  return {
    ordered: known ? all.toSorted((a, b) => compare(createdAt(a) ?? '', createdAt(b) ?? '')) : all,
    known: known || all.length < 2,
  };
}

/** The API server writes times in UTC to the second, so that their texts are in the order of the times. */
function createdAt({ root }: Located): string | undefined {
  const written = text(root, 'metadata', 'creationTimestamp');
  return written !== undefined && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(written) ? written : undefined;
}

function byName(a: Located, b: Located): number {
  return compare(a.namespace, b.namespace) || compare(a.name, b.name) || compare(a.path, b.path);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
