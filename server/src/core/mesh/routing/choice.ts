import type { Located } from '../../model/located.ts';
import { items } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { Truth } from '../truth.ts';

/** A rule of a route: a place in a file that could decide about a request. */
export interface RouteRule {
  readonly route: Located;
  /** From 0 on, in its own resource. */
  readonly index: number;
  readonly node: YamlNode;
}

/** A rule that was looked at and did not win, and the reason as the end of a sentence that begins with the rule. */
export interface LostRule {
  readonly rule: RouteRule;
  readonly why: string;
}

export interface Choice {
  /** `unknown` where a rule that could win cannot be evaluated from files. */
  readonly state: 'matched' | 'none' | 'unknown';
  /** The rule that wins, or that nobody can evaluate. */
  readonly rule: RouteRule | undefined;
  readonly lost: readonly LostRule[];
  /** What decided that files do not say, in sentences for people. */
  readonly assume: readonly string[];
  /** What in the routes is not as its author will have meant it, in sentences for people. */
  readonly notes?: readonly string[];
}

/** The first of rules in order that matches; one that cannot be evaluated ends the search without an answer. */
export function firstMatch(rules: readonly { readonly rule: RouteRule; readonly fits: Truth }[]): Choice {
  const at = rules.findIndex(({ fits }) => fits !== 'no');
  const found = rules[at];
  const lost = rules.flatMap(({ rule, fits }, index) => {
    if (index === at) return [];
    return [{ rule, why: fits === 'no' ? 'does not match' : 'comes later' }];
  });
  if (!found) return { state: 'none', rule: undefined, lost, assume: [] };
  return { state: found.fits === 'yes' ? 'matched' : 'unknown', rule: found.rule, lost, assume: [] };
}

export const AGE_UNKNOWN =
  'Of several that fit equally well the oldest counts, and files do not say which that is: taken in the order of their names.';

/** A question says nothing of the TLS handshake. Clients name the host there that they call. */
export function namedInHandshake(choice: Choice, sni: string | undefined): Choice {
  if (sni === undefined) return choice;
  return { ...choice, assume: [...choice.assume, `The client names ${sni} in its TLS handshake.`] };
}

/** Whether a rule is about whole connections, not about single requests. */
export function isForConnections({ route, node }: RouteRule): boolean {
  if (route.resource.kind === 'VirtualService') return !items(route.root, 'spec', 'http').includes(node);
  return route.resource.kind === 'TLSRoute' || route.resource.kind === 'TCPRoute';
}
