import { at, has, isTemplated, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { goDurationMs } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { textOr } from './defaults.ts';
import { crdRule } from './names.ts';

/** What the fields of a route's rules, and the rules of one route, demand of each other. */

const DUPLICATE_NAME: CheckFacts = {
  code: 'duplicate-rule-name',
  severity: 'error',
  what: 'Two rules of one route have the same name.',
  why: 'Names tell rules apart in policies and status; the experimental channel refuses the route, the standard one does not look.',
  todo: 'Give each rule a name of its own, or none.',
  peers: ['CRD-CEL', crdRule('rule-name-must-be-unique-within-the-route')],
  source: 'Gateway API experimental CRDs, CEL rule on .spec.rules',
};

/** For the list of rules. */
export const distinctRuleNames: Rule = {
  facts: DUPLICATE_NAME,
  run(node, report, context) {
    const severity = context.targets.gatewayApi.channel === 'experimental' ? 'error' : 'warning';
    const seen = new Set<string>();
    for (const rule of items(node)) {
      const name = text(rule, 'name');
      if (name === undefined) continue;
      if (seen.has(name))
        report(fieldNode(rule, 'name'), `Another rule of this route is already called \`${name}\`.`, { severity });
      seen.add(name);
    }
  },
};

const MAX_MATCHES = 128;

const TOO_MANY_MATCHES: CheckFacts = {
  code: 'too-many-matches',
  severity: 'error',
  what: `The rules of a route have more than ${MAX_MATCHES} matches in all.`,
  why: 'The API server refuses the route.',
  todo: 'Distribute the rules over several routes with the same parents; proxies join them.',
  peers: ['CRD-CEL', crdRule('total-number-of-matches-across-all-rules-in-a-route-must-be-less-than-128')],
  source: 'Gateway API CRDs, CEL rule on .spec.rules',
};

/** For the list of rules. `absent` is how many matches a rule without `matches` gets by default. */
export function matchLimit(absent: 0 | 1): Rule {
  return {
    facts: TOO_MANY_MATCHES,
    run(node, report) {
      let total = 0;
      for (const rule of items(node)) total += has(rule, 'matches') ? items(rule, 'matches').length : absent;
      if (total > MAX_MATCHES)
        report(node, `The rules of a route may have ${MAX_MATCHES} matches in all, and these have ${total}.`);
    },
  };
}

const REDIRECT_WITH_BACKENDS: CheckFacts = {
  code: 'redirect-with-backends',
  severity: 'error',
  what: 'A rule that redirects and also has `backendRefs`.',
  why: 'A redirected request is answered at once, so the backends would never be called; the API server refuses the route.',
  todo: 'Remove `backendRefs`, or the redirect.',
  peers: ['CRD-CEL', crdRule('requestredirect-filter-must-not-be-used-together-with-backendrefs')],
  source: 'Gateway API CRDs, CEL rule on .spec.rules[]',
};

/** For one rule of an HTTPRoute. */
export const redirectWithoutBackends: Rule = {
  facts: REDIRECT_WITH_BACKENDS,
  run(node, report) {
    if (items(node, 'backendRefs').length === 0) return;
    if (!items(node, 'filters').some((filter) => has(filter, 'requestRedirect'))) return;
    report(
      fieldNode(node, 'backendRefs'),
      'This rule redirects every request that it matches, so it must have no `backendRefs`.',
    );
  },
};

const PREFIX_UNKNOWN: CheckFacts = {
  code: 'replace-prefix-without-prefix',
  severity: 'error',
  what: '`replacePrefixMatch` in a rule that does not have exactly one match of type `PathPrefix`.',
  why: 'It exchanges the prefix that matched, and here it is not known which one that is; the API server refuses the route.',
  todo: 'Give the rule one match with a `PathPrefix`, and move other matches to rules of their own; or use `replaceFullPath`.',
  peers: [
    'CRD-CEL',
    crdRule('when-using-urlrewrite-filter-with-path-replaceprefixmatch-exactly-one'),
    crdRule('when-using-requestredirect-filter-with-path-replaceprefixmatch-exactly-one'),
    crdRule('within-backendrefs-when-using-urlrewrite-filter-with-path-replaceprefixmatch'),
    crdRule('within-backendrefs-when-using-requestredirect-filter-with-path-replaceprefixmatch'),
  ],
  source: 'Gateway API CRDs, CEL rules on .spec.rules[]',
};

function replacedPrefixes(filters: readonly YamlNode[]): YamlNode[] {
  return filters.flatMap((filter) =>
    ['requestRedirect', 'urlRewrite'].flatMap((name) => {
      const prefix = at(filter, name, 'path', 'replacePrefixMatch');
      return prefix && text(filter, name, 'path', 'type') === 'ReplacePrefixMatch' ? [prefix] : [];
    }),
  );
}

/** For one rule of an HTTPRoute. */
export const replacedPrefixIsKnown: Rule = {
  facts: PREFIX_UNKNOWN,
  needsWhole: true,
  run(node, report) {
    const places = replacedPrefixes([
      ...items(node, 'filters'),
      ...items(node, 'backendRefs').flatMap((backend) => items(backend, 'filters')),
    ]);
    if (places.length === 0 || hasOnePrefix(node)) return;
    for (const place of places) {
      report(
        place,
        '`replacePrefixMatch` needs exactly one match in the rule, of type `PathPrefix`: otherwise it is not known which prefix to replace.',
      );
    }
  },
};

/** True as well when a template decides it. */
function hasOnePrefix(rule: YamlNode): boolean {
  const matches = at(rule, 'matches');
  if (!matches || isTemplated(matches)) return true;
  const [only, ...others] = items(matches);
  if (!only || others.length > 0) return false;
  const path = at(only, 'path');
  const type = path ? textOr(path, 'type', 'PathPrefix') : 'PathPrefix';
  return type === undefined || type === 'PathPrefix';
}

const BACKEND_TIMEOUT: CheckFacts = {
  code: 'backend-timeout-too-long',
  severity: 'error',
  what: '`backendRequest` is longer than `request`.',
  why: 'The whole exchange ends before a single attempt could; the API server refuses the route.',
  todo: 'Lower `backendRequest`, or raise `request` (`0s` switches it off).',
  peers: ['CRD-CEL', crdRule('backendrequest-timeout-cannot-be-longer-than-request-timeout'), 'LKD:timeouts'],
  source: 'Gateway API CRDs, CEL rule on .spec.rules[].timeouts',
};

/** For the `timeouts` of a rule. */
export const backendTimeoutWithinRequest: Rule = {
  facts: BACKEND_TIMEOUT,
  run(node, report) {
    const request = durationAt(node, 'request');
    const backend = durationAt(node, 'backendRequest');
    if (!request || backend === undefined || backend <= request) return;
    report(
      fieldNode(node, 'backendRequest'),
      `One attempt may take ${text(node, 'backendRequest')}, longer than the whole exchange with ${text(node, 'request')}.`,
    );
  },
};

function durationAt(node: YamlNode, name: string): number | undefined {
  const value = text(node, name);
  return value === undefined ? undefined : goDurationMs(value);
}
