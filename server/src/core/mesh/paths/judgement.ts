import type { Located, Site } from '../../model/located.ts';
import type { Effect, HttpRequest, NodeId, Outcome, PolicyVerdict, RouteDecision, Verdict } from './vocabulary.ts';

/** What one family of policies makes of a path. */
export interface Judgement {
  readonly policies: readonly PolicyVerdict[];
  /** Every proxy that refuses the request, or of which it cannot be said; the first on the path ends it. */
  readonly refusals: readonly Refusal[];
  readonly assume?: readonly string[];
}

export type Refusal = Outcome & { readonly result: 'deny' | 'unknown'; readonly at: NodeId };

export const NO_JUDGEMENT: Judgement = { policies: [], refusals: [] };

/** What a route makes of a request where a proxy reads routes. */
export interface Routed {
  readonly decision: RouteDecision;
  /** The route refuses (`no-route`, a fault, a direct response). */
  readonly refusal?: Refusal;
  /** What the choice of the route rests on that files do not say. */
  readonly assume?: readonly string[];
  /** The request in the form in which it goes on, where the rule changes it. */
  readonly http?: HttpRequest | undefined;
  /** What is wrong with the routes themselves. */
  readonly notes?: readonly string[];
}

/** Why a proxy does not follow a route. */
export interface Unread {
  readonly state: Verdict;
  readonly reason: string;
}

/** `Kind/namespace/name`, as answers call a resource. */
export function refOf({ resource, namespace, name }: Located): string {
  return `${resource.kind}/${namespace}/${name}`;
}

export function verdict(
  policy: Located,
  state: Verdict,
  at: NodeId | null,
  effect: Effect,
  reason: string | null,
  because: readonly Site[] = [],
): PolicyVerdict {
  return { ref: refOf(policy), verdict: state, at, effect, reason, policy, because };
}
