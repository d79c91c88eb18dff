import { asMap, asSeq, at, has, items, text } from '../../yaml/access.ts';
import type { MapNode, YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { lacksItems } from '../rules.ts';
import { hostWithin } from './hosts.ts';
import { connectionCovers, httpMatchCovers } from './httpRouteCover.ts';

/** Rules and matches that no request can reach, because an earlier one takes all of theirs. The first match wins. */

const SOURCE = 'istio/istio pkg/config/validation/validation.go, unreachable rules of VirtualService';

const UNREACHABLE_RULE: CheckFacts = {
  code: 'unreachable-rule',
  severity: 'warning',
  what: 'A rule that is never reached, because earlier rules take every request that it matches.',
  why: 'Rules are tried from top to bottom and the first match wins; what this rule was meant to do never happens.',
  todo: 'Move it above the rule that hides it, narrow that rule, or remove this one.',
  peers: ['IST0130'],
  source: SOURCE,
};

const SHADOWED_MATCH: CheckFacts = {
  code: 'shadowed-match',
  severity: 'warning',
  what: 'An item of `match` that decides nothing, because an earlier one already takes its requests.',
  why: 'The first match wins. In a later rule, those requests are treated as the earlier rule says.',
  todo: 'Move the more specific rule up, or remove the match.',
  peers: ['IST0131'],
  source: SOURCE,
};

interface Earlier {
  readonly match: MapNode;
  readonly rule: YamlNode;
}

type Covers = (earlier: YamlNode, later: YamlNode) => boolean;

function nameOf(rule: YamlNode, list: readonly YamlNode[]): string {
  const name = text(rule, 'name');
  return name ? `rule \`${name}\`` : `rule ${list.indexOf(rule) + 1}`;
}

function matchesOf(rule: YamlNode): readonly MapNode[] {
  return items(rule, 'match').flatMap((item) => asMap(item) ?? []);
}

/** Without a match a rule takes everything; only rules of `tls` must have one. */
function takesAll(rule: YamlNode): boolean {
  return asMap(rule) !== undefined && lacksItems(rule, 'match') && rule.parent?.key?.text !== 'tls';
}

/** What a delegate does not match goes on to the next rule, so a rule with one hides nothing. */
function hidesLater(rule: YamlNode): boolean {
  return !has(rule, 'delegate');
}

/** Only what is listed is certain: a rule with an unknown item could match anything. */
function isFullyKnown(rule: YamlNode): boolean {
  return (asSeq(at(rule, 'match'))?.items ?? []).every((item) => asMap(item) !== undefined);
}

interface Finding {
  readonly where: YamlNode;
  readonly message: string;
}

/** What of a list of rules is never reached: whole rules, and single matches of rules that are. */
function unreachedOf(list: readonly YamlNode[], covers: Covers): { rules: Finding[]; matches: Finding[] } {
  const found: { rules: Finding[]; matches: Finding[] } = { rules: [], matches: [] };
  const earlier: Earlier[] = [];
  let catchAll: YamlNode | undefined;
  for (const rule of list) {
    if (catchAll) {
      found.rules.push({
        where: rule,
        message: `Never reached: ${nameOf(catchAll, list)} has no \`match\` and takes every request.`,
      });
      continue;
    }
    if (takesAll(rule)) {
      if (hidesLater(rule)) catchAll = rule;
      continue;
    }
    const matches = matchesOf(rule);
    const hiddenBy = matches.map((match) => earlier.find((other) => covers(other.match, match)));
    const [first] = hiddenBy;
    if (first && isFullyKnown(rule) && hiddenBy.every(Boolean)) {
      found.rules.push({
        where: rule,
        message: `Never reached: ${nameOf(first.rule, list)} takes all of its requests.`,
      });
    } else {
      found.matches.push(...shadowedIn(matches, hiddenBy, covers, list));
    }
    if (hidesLater(rule)) earlier.push(...matches.map((match) => ({ match, rule })));
  }
  return found;
}

function shadowedIn(
  matches: readonly MapNode[],
  hiddenBy: readonly (Earlier | undefined)[],
  covers: Covers,
  list: readonly YamlNode[],
): Finding[] {
  return matches.flatMap((match, index) => {
    const by = hiddenBy[index];
    if (by) return [{ where: match, message: `These requests are already taken by ${nameOf(by.rule, list)}.` }];
    if (!isRepeated(matches.slice(0, index), match, covers)) return [];
    return [{ where: match, message: 'An earlier item of the same `match` already takes these requests.' }];
  });
}

/**
 * Within one rule a covered item does no harm. It is told where both compare by prefix, as istiod does, because then
 * one of the two is most often a slip; an exact path beside `/` is a common way to be explicit.
 */
function isRepeated(others: readonly MapNode[], match: MapNode, covers: Covers): boolean {
  return !has(at(match, 'uri'), 'exact') && others.some((other) => covers(other, match));
}

function tlsCovers(earlier: YamlNode, later: YamlNode): boolean {
  const known = items(earlier, 'sniHosts').map((host) => text(host));
  const wanted = items(later, 'sniHosts').map((host) => text(host));
  const includes = (host: string | undefined) =>
    known.some((other) => host !== undefined && other !== undefined && hostWithin(host, other));
  return wanted.length > 0 && wanted.every(includes) && connectionCovers(earlier, later);
}

const KINDS_OF_RULES: readonly (readonly [string, Covers])[] = [
  ['http', httpMatchCovers],
  ['tls', tlsCovers],
  ['tcp', connectionCovers],
];

/** Both rules look at all lists of the resource and differ in what they tell. */
function reachRule(facts: CheckFacts, part: 'rules' | 'matches'): Rule {
  return {
    facts,
    needsWhole: true,
    run(node, report) {
      for (const [name, covers] of KINDS_OF_RULES) {
        for (const { where, message } of unreachedOf(items(node, name), covers)[part]) report(where, message);
      }
    },
  };
}

export const reachableRules = reachRule(UNREACHABLE_RULE, 'rules');
export const effectiveMatches = reachRule(SHADOWED_MATCH, 'matches');
