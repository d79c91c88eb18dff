import { items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';

/** How well hostnames of listeners and routes fit a host: an exact one better than a wildcard, a longer one better. */

/** Longer than any hostname may be, so that an exact one always ranks above a wildcard. */
const EXACT = 1000;

/** Larger for more specific hostnames; 0 where all hosts are meant, undefined where the host is not. */
export function specificity(hostname: string | undefined, host: string): number | undefined {
  const pattern = hostname?.toLowerCase() ?? '';
  if (pattern === '') return 0;
  if (pattern === host) return EXACT + pattern.length;
  return pattern.startsWith('*.') && host.endsWith(pattern.slice(1)) ? pattern.length : undefined;
}

/** That of the best of a route's hostnames; 0 where it has none. */
export function bestSpecificity(route: YamlNode, host: string): number | undefined {
  const hostnames = items(route, 'spec', 'hostnames').map((node) => text(node));
  if (hostnames.length === 0) return 0;
  const ranks = hostnames.flatMap((hostname) => (hostname === undefined ? [] : (specificity(hostname, host) ?? [])));
  return ranks.length === 0 ? undefined : Math.max(...ranks);
}
