// What the editor says about the enforcement of a policy: a hover in a few sentences, and a hint of a few words. The
// facts are those of the hop paths; here is nothing but their wording.

import type { Finding } from '../../mesh/passing/enforcement.ts';
import type { NodeId } from '../../mesh/paths/vocabulary.ts';

/** A proxy as people call it: `waypoint shop/waypoint`; of the proxies of workloads, the kind. */
export function placeName(node: NodeId): string {
  const colon = node.indexOf(':');
  const kind = node.slice(0, colon);
  const name = node.slice(colon + 1);
  switch (kind) {
    case 'zt':
      return 'ztunnel';
    case 'sc':
      return 'sidecar';
    case 'li':
    case 'lo':
      return 'linkerd-proxy';
    case 'wp':
      return `waypoint ${name}`;
    case 'gw':
      return `gateway ${name}`;
    case 'ew':
      return `east-west gateway ${name}`;
    default:
      return name;
  }
}

/** The places of a finding, each kind once. */
export function placesOf({ places }: Finding): string[] {
  return [...new Set(places.map(placeName))];
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** The first of many, since nobody reads more. */
export function shortened(names: readonly string[], most: number): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(', ')} and ${rest} more` : listed(names);
}

/** What the verdict is, in a few words without a place. */
export function verdictWords({ verdict: { verdict, effect } }: Finding): string {
  switch (verdict) {
    case 'enforced':
      return 'enforced';
    case 'degraded':
      return DEGRADED[effect] ?? 'enforced with another meaning';
    case 'no-effect':
      return 'no effect';
    case 'not-attached':
      return 'not enforced';
    case 'not-applicable':
      return 'not about these requests';
    case 'unknown':
      return 'not known';
    default:
      return verdict;
  }
}

const DEGRADED: Readonly<Record<string, string>> = {
  'fail-closed': 'refuses everything',
  broader: 'broader than written',
  narrower: 'narrower than written',
};
