import type { Located } from '../../model/located.ts';
import { isTemplated, items } from '../../yaml/access.ts';
import { type Truth, truthOf } from '../truth.ts';
import { inOrderOfAge } from './age.ts';
import { AGE_UNKNOWN, type Choice, type LostRule } from './choice.ts';
import { bestSpecificity } from './hostnames.ts';

/** Which TLSRoute or TCPRoute takes a connection: that with the most specific name, else the oldest; of it the first rule. */

interface Rated {
  readonly route: Located;
  readonly fits: Truth;
  readonly rank: number;
}

/** `sni` is the name in the TLS handshake, of which TCPRoutes know nothing. */
export function chooseConnectionRoute(routes: readonly Located[], sni: string | undefined): Choice {
  const { ordered, known } = inOrderOfAge(routes);
  const rated = ordered.map((route) => rate(route, sni)).toSorted((a, b) => b.rank - a.rank);
  const found = rated.find(({ fits }) => fits !== 'no');
  const [node] = items(found?.route.root, 'spec', 'rules');
  const lost = rated.flatMap((one) => lostRules(one, found));
  if (!found || !node) return { state: 'none', rule: undefined, lost, assume: [] };
  const isTied = rated.some((other) => other !== found && other.fits !== 'no' && other.rank === found.rank);
  return {
    state: found.fits === 'yes' ? 'matched' : 'unknown',
    rule: { route: found.route, index: 0, node },
    lost,
    assume: isTied && !known ? [AGE_UNKNOWN] : [],
  };
}

function rate(route: Located, sni: string | undefined): Rated {
  if (route.resource.kind !== 'TLSRoute') return { route, fits: 'yes', rank: 0 };
  const hostnames = items(route.root, 'spec', 'hostnames');
  if (sni === undefined) return { route, fits: hostnames.length === 0 ? 'yes' : 'unknown', rank: 0 };
  const rank = bestSpecificity(route.root, sni);
  if (rank !== undefined) return { route, fits: 'yes', rank };
  return { route, fits: hostnames.some(isTemplated) ? 'unknown' : truthOf(false), rank: 0 };
}

function lostRules({ route, fits, rank }: Rated, found: Rated | undefined): LostRule[] {
  return items(route.root, 'spec', 'rules').flatMap((node, index) => {
    const rule = { route, index, node };
    if (route === found?.route) return index === 0 ? [] : [{ rule, why: 'comes later' }];
    if (fits === 'no' || !found) return [{ rule, why: 'does not match' }];
    return [{ rule, why: rank === found.rank ? 'comes later' : 'is less specific' }];
  });
}
