import type { KindKey, Located } from './located.ts';
import type { World } from './world.ts';
import { worldIndex } from './worldIndex.ts';

/**
 * Hosts as keys, so that a host is found by all names it can be written with, and by the wildcards that cover it. The key
 * of a Service is `name.namespace`; other hosts are their own keys.
 */
export function hostKey(host: string, namespace: string): string {
  const lower = host.toLowerCase();
  if (!lower.includes('.') && !lower.includes('*')) return `${lower}.${namespace}`;
  return SERVICE_HOST.exec(lower)?.[1] ?? lower;
}

/** The domain of a cluster is a setting of its own. It has at least two labels, so that `.svc.cluster` is a slip. */
const SERVICE_HOST = /^([^.]+\.[^.]+)\.svc(?:\.[^.]+(?:\.[^.]+)+)?$/;

/** True for the wildcards that stand for all Services. Settings for them are meant to be overruled by narrower ones. */
export function isMeshWideHost(key: string): boolean {
  return SERVICE_WILDCARDS.includes(key);
}

const SERVICE_WILDCARDS = ['*.svc.cluster.local', '*.cluster.local', '*.local'];

/** The wildcards that cover a host or a narrower wildcard, from the narrowest to `*`. */
function widerKeys(key: string): string[] {
  const wider = wildcardsOver(key);
  if (key === '*' || key.split('.').length !== 2) return wider;
  return [...new Set([...wider.slice(0, -1), ...SERVICE_WILDCARDS, '*'])].filter((candidate) => candidate !== key);
}

/** The same for a host by its labels alone, whatever Services there are. */
export function wildcardsOver(host: string): string[] {
  if (host === '*') return [];
  const labels = host.split('.').slice(1);
  return [...labels.map((_, at) => `*.${labels.slice(at).join('.')}`), '*'].filter((wide) => wide !== host);
}

/** True when a pattern covers a host; both are keys. */
export function keyCovers(pattern: string, key: string): boolean {
  return pattern === key || (pattern.startsWith('*') && widerKeys(key).includes(pattern));
}

export interface HostLookup<T> {
  /** What is said for exactly this host or wildcard. */
  readonly exact: (world: World, key: string) => readonly T[];
  /** What is said for wildcards that cover it, the narrowest first. */
  readonly wider: (world: World, key: string) => readonly T[];
  /** What is said for hosts and wildcards that a wildcard covers. */
  readonly narrower: (world: World, key: string) => readonly T[];
}

const ANY = '';

/** An index of what resources of some kinds say about hosts. */
export function hostIndex<T>(
  kinds: readonly KindKey[],
  rowsOf: (located: Located) => readonly (readonly [key: string, row: T])[],
): HostLookup<T> {
  const exact = worldIndex(kinds, rowsOf);
  // Most workspaces have few wildcards or none.
  const wildcards = worldIndex(kinds, (located) =>
    rowsOf(located).flatMap(([key]) => (key.startsWith('*') ? [[ANY, true] as const] : [])),
  );
  const below = worldIndex(
    kinds,
    (located) => rowsOf(located).flatMap(([key, row]) => widerKeys(key).map((wide) => [wide, row] as const)),
    { rare: true },
  );
  return {
    exact,
    wider: (world, key) =>
      wildcards(world, ANY).length === 0 ? [] : widerKeys(key).flatMap((wide) => exact(world, wide)),
    narrower: (world, key) => (key.startsWith('*') ? below(world, key) : []),
  };
}
