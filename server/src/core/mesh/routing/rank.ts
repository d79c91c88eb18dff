import type { Located } from '../../model/located.ts';
import { at, has, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { Truth } from '../truth.ts';
import { inOrderOfAge } from './age.ts';
import { AGE_UNKNOWN, type Choice, type RouteRule } from './choice.ts';
import { matchFits } from './inbound.ts';
import type { RouteRequest } from './request.ts';

/** Which rule wins among routes of the Gateway API: the most specific match, wherever it stands. */

export interface AttachedRoute {
  readonly route: Located;
  /** How specific the hostname is by which the route is reached; equal for all routes of a Service. */
  readonly hostRank: number;
  /** Whether labels that no file has decide that the listener takes it. */
  readonly isDoubtful?: boolean;
}

interface Candidate {
  readonly rule: RouteRule;
  readonly fits: Truth;
  /** Compared from the left; the larger wins. */
  readonly rank: readonly number[];
}

/** The rule that wins. The order in which routes are given does not matter. */
export function chooseRanked(routes: readonly AttachedRoute[], request: RouteRequest): Choice {
  const { ordered, known } = inOrderOfAge(routes.map(({ route }) => route));
  const candidates = routes
    .toSorted((a, b) => ordered.indexOf(a.route) - ordered.indexOf(b.route))
    .flatMap((attached) => candidatesOf(attached, request))
    .toSorted(byRank);
  const index = candidates.findIndex(({ fits }) => fits !== 'no');
  const found = candidates[index];
  const lost = lostRules(candidates, found);
  if (!found) return { state: 'none', rule: undefined, lost, assume: [] };
  const rival = candidates.find(
    ({ rule, fits, rank }) => rule.route !== found.rule.route && fits !== 'no' && compareRanks(rank, found.rank) === 0,
  );
  return {
    state: found.fits === 'yes' ? 'matched' : 'unknown',
    rule: found.rule,
    lost,
    assume: rival && !known ? [AGE_UNKNOWN] : [],
  };
}

function candidatesOf({ route, hostRank }: AttachedRoute, request: RouteRequest): Candidate[] {
  return items(route.root, 'spec', 'rules').flatMap((node, index) => {
    const rule = { route, index, node };
    const matches = items(node, 'matches');
    // Without matches a rule takes the path prefix `/`.
    if (matches.length === 0) return [{ rule, fits: 'yes' as const, rank: [hostRank, ...rankOf(route, undefined)] }];
    return matches.map((match) => ({
      rule,
      fits: matchFits(route, match, request),
      rank: [hostRank, ...rankOf(route, match)],
    }));
  });
}

/** Equal ranks keep the order of age, and in a route that of its rules: sorting is stable. */
function byRank(a: Candidate, b: Candidate): number {
  return compareRanks(b.rank, a.rank);
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const PATH_RANKS: Readonly<Record<string, number>> = { Exact: 2, PathPrefix: 1, RegularExpression: 0 };

/** Kind of the path, its length, the method, and the numbers of headers and of query parameters. */
function rankOf({ resource }: Located, match: YamlNode | undefined): number[] {
  const headers = items(match, 'headers').length;
  if (resource.kind === 'GRPCRoute') {
    const method = at(match, 'method');
    const exact = (text(method, 'type') ?? 'Exact') === 'Exact' ? 1 : 0;
    return [exact, text(method, 'service')?.length ?? 0, text(method, 'method')?.length ?? 0, headers, 0];
  }
  const path = at(match, 'path');
  const kind = PATH_RANKS[text(path, 'type') ?? 'PathPrefix'] ?? 0;
  const length = (text(path, 'value') ?? '/').length;
  return [kind, length, has(match, 'method') ? 1 : 0, headers, items(match, 'queryParams').length];
}

/** A rule with several matches is named once, with the most that can be said for it. */
function lostRules(candidates: readonly Candidate[], found: Candidate | undefined): Choice['lost'] {
  const best = new Map<YamlNode, Candidate>();
  for (const candidate of candidates) {
    const known = best.get(candidate.rule.node);
    if (!known || (known.fits === 'no' && candidate.fits !== 'no')) best.set(candidate.rule.node, candidate);
  }
  return [...best.values()].flatMap(({ rule, fits, rank }) => {
    if (rule.node === found?.rule.node) return [];
    if (fits === 'no' || !found) return [{ rule, why: 'does not match' }];
    return [{ rule, why: compareRanks(rank, found.rank) === 0 ? 'comes later' : 'is less specific' }];
  });
}
