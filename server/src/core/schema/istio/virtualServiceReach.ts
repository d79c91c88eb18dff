import { asMap, asSeq, at, has, items, text } from '../../yaml/access.ts';
import { perNode } from '../../yaml/perNode.ts';
import type { MapNode, YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { lacksItems } from '../rules.ts';
import { type MatchConditions, matchCovers, readMatch } from './httpRouteCover.ts';

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

interface ReadMatch {
  readonly node: MapNode;
  readonly rule: YamlNode;
  readonly conditions: MatchConditions;
}

interface Finding {
  readonly where: YamlNode;
  readonly message: string;
}

/** Every match is compared with all before it; so many comparisons are made for one list, then nothing more is claimed. */
const MAX_COMPARISONS = 500_000;

function nameOf(rule: YamlNode, list: readonly YamlNode[]): string {
  const name = text(rule, 'name');
  return name ? `rule \`${name}\`` : `rule ${list.indexOf(rule) + 1}`;
}

function isTlsRule(rule: YamlNode): boolean {
  return rule.parent?.key?.text === 'tls';
}

/** The items that say something: a TLS match without SNI host is reported elsewhere. */
function matchesOf(rule: YamlNode): ReadMatch[] {
  return items(rule, 'match').flatMap((item) => {
    const node = asMap(item);
    if (!node || (isTlsRule(rule) && lacksItems(node, 'sniHosts'))) return [];
    return [{ node, rule, conditions: readMatch(node) }];
  });
}

/** Without a match a rule takes everything; only rules of `tls` must have one. */
function takesAll(rule: YamlNode): boolean {
  return asMap(rule) !== undefined && lacksItems(rule, 'match') && !isTlsRule(rule);
}

/** What a delegate does not match goes on to the next rule, so a rule with one hides nothing. */
function hidesLater(rule: YamlNode): boolean {
  return !has(rule, 'delegate');
}

/** Only what is listed is certain: a rule with an unknown item could match anything. */
function isFullyKnown(rule: YamlNode): boolean {
  return (asSeq(at(rule, 'match'))?.items ?? []).every((item) => asMap(item) !== undefined);
}

/** What of a list of rules is never reached: whole rules, and single matches of rules that are. */
function unreachedOf(list: readonly YamlNode[]): { rules: Finding[]; matches: Finding[] } {
  const found: { rules: Finding[]; matches: Finding[] } = { rules: [], matches: [] };
  const earlier: ReadMatch[] = [];
  let comparisonsLeft = MAX_COMPARISONS;
  let catchAll: YamlNode | undefined;
  for (const rule of list) {
    if (catchAll) {
      const message = `Never reached: ${nameOf(catchAll, list)} has no \`match\` and takes every request.`;
      found.rules.push({ where: rule, message });
      continue;
    }
    if (takesAll(rule)) {
      if (hidesLater(rule)) catchAll = rule;
      continue;
    }
    const matches = matchesOf(rule);
    comparisonsLeft -= matches.length * (earlier.length + matches.length);
    if (comparisonsLeft < 0) break;
    const hiddenBy = matches.map((match) => earlier.find((other) => matchCovers(other.conditions, match.conditions)));
    const [first] = hiddenBy;
    if (first && isFullyKnown(rule) && hiddenBy.every(Boolean)) {
      found.rules.push({
        where: rule,
        message: `Never reached: ${nameOf(first.rule, list)} takes all of its requests.`,
      });
    } else {
      found.matches.push(...shadowedIn(matches, hiddenBy, list));
    }
    if (hidesLater(rule)) earlier.push(...matches);
  }
  return found;
}

function shadowedIn(
  matches: readonly ReadMatch[],
  hiddenBy: readonly (ReadMatch | undefined)[],
  list: readonly YamlNode[],
): Finding[] {
  return matches.flatMap((match, index) => {
    const by = hiddenBy[index];
    if (by) return [{ where: match.node, message: `These requests are already taken by ${nameOf(by.rule, list)}.` }];
    if (!isRepeated(matches.slice(0, index), match)) return [];
    return [{ where: match.node, message: 'An earlier item of the same `match` already takes these requests.' }];
  });
}

/**
 * Within one rule a covered item does no harm. It is told where both compare by prefix, as istiod does, because then
 * one of the two is most often a slip; an exact path beside `/` is a common way to be explicit, unless it stands twice.
 */
function isRepeated(others: readonly ReadMatch[], match: ReadMatch): boolean {
  const isExact = match.conditions.path?.kind === 'exact';
  return others.some(
    (other) =>
      matchCovers(other.conditions, match.conditions) && (!isExact || matchCovers(match.conditions, other.conditions)),
  );
}

/** Of each list of a `spec`. */
const unreachedIn = perNode((spec) => ['http', 'tls', 'tcp'].map((name) => unreachedOf(items(spec, name))));

/** Both rules look at all lists of the resource and differ in what they tell. */
function reachRule(facts: CheckFacts, part: 'rules' | 'matches'): Rule {
  return {
    facts,
    needsWhole: true,
    run(node, report) {
      for (const found of unreachedIn(node)) {
        for (const { where, message } of found[part]) report(where, message);
      }
    },
  };
}

export const reachableRules = reachRule(UNREACHABLE_RULE, 'rules');
export const effectiveMatches = reachRule(SHADOWED_MATCH, 'matches');
