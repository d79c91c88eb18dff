import { at, has, items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Report, Rule } from '../rule.ts';
import { fieldNode, lacksItems } from '../rules.ts';
import { authorityOperations } from './headers.ts';
import { INVALID_PERCENTAGE } from './percentage.ts';

/** What the parts of one HTTP rule must and must not be together. */

const SOURCE = 'istio/istio pkg/config/validation/virtualservice.go';

export const ROUTE_ACTION_CONFLICT: CheckFacts = {
  code: 'route-action-conflict',
  severity: 'error',
  what: 'A rule does two things with a request that exclude each other, such as `redirect` and `route`.',
  why: 'A request can only be sent on, redirected, answered or delegated; the webhook of istiod refuses the resource.',
  todo: 'Keep one of `route`, `redirect`, `directResponse` and `delegate`. `fault` and `rewrite` go with `route`.',
  source: `${SOURCE}, validateHTTPRouteConflict`,
};

const NO_ROUTE_ACTION: CheckFacts = {
  code: 'route-without-action',
  severity: 'error',
  what: 'A rule that says nothing to do with the requests it matches.',
  why: 'The webhook of istiod refuses the resource. There is no default destination in a VirtualService.',
  todo: 'Add `route` with a destination, or `redirect`, `directResponse` or `delegate`.',
  source: `${SOURCE}, validateHTTPRouteConflict`,
};

/** The fields that exclude each of the actions; `route` counts only when it is not empty. */
const EXCLUDED_BY: readonly (readonly [string, readonly string[]])[] = [
  ['redirect', ['route', 'fault', 'rewrite', 'directResponse']],
  ['directResponse', ['route', 'fault', 'rewrite']],
];

function hasAction(node: YamlNode, name: string): boolean {
  return name === 'route' ? items(node, 'route').length > 0 : has(node, name);
}

function reportDelegateConflicts(node: YamlNode, report: Report): void {
  for (const name of ['route', 'redirect']) {
    if (hasAction(node, name)) {
      report(fieldNode(node, name), `\`${name}\` and \`delegate\` exclude each other: the delegate says what is done.`);
    }
  }
}

/** A rule of a resource without hosts is itself a delegate, which must not delegate on. */
function isDelegated(node: YamlNode): boolean {
  const spec = node.parent?.parent;
  return spec !== undefined && lacksItems(spec, 'hosts');
}

export const oneAction: Rule = {
  facts: ROUTE_ACTION_CONFLICT,
  run(node, report, context) {
    if (has(node, 'delegate') && (context.partial || !isDelegated(node))) {
      reportDelegateConflicts(node, report);
      return;
    }
    for (const [action, others] of EXCLUDED_BY) {
      if (!has(node, action)) continue;
      const other = others.find((name) => hasAction(node, name));
      if (other) report(fieldNode(node, other), `\`${other}\` and \`${action}\` exclude each other; keep one of them.`);
    }
    if (has(node, 'mirror') && items(node, 'mirrors').length > 0) {
      report(
        fieldNode(node, 'mirror'),
        '`mirror` and `mirrors` exclude each other; put the destination into `mirrors`.',
      );
    }
  },
};

export const noDelegateChain: Rule = {
  facts: ROUTE_ACTION_CONFLICT,
  needsWhole: true,
  run(node, report) {
    if (has(node, 'delegate') && isDelegated(node)) {
      report(
        fieldNode(node, 'delegate'),
        'This resource has no `hosts`, so it is a delegate itself, and delegates cannot delegate on.',
      );
    }
  },
};

export const someAction: Rule = {
  facts: NO_ROUTE_ACTION,
  needsWhole: true,
  run(node, report) {
    if (has(node, 'delegate') && !isDelegated(node)) return;
    if (has(node, 'redirect') || has(node, 'directResponse') || !lacksItems(node, 'route')) return;
    report(
      node,
      'This rule does nothing with what it matches; add `route`, `redirect`, `directResponse` or `delegate`.',
    );
  },
};

const AUTHORITY_TWICE: CheckFacts = {
  code: 'authority-set-twice',
  severity: 'error',
  what: 'The host of requests is rewritten at two places of one rule.',
  why: 'Only one value can be sent; the webhook of istiod refuses the resource.',
  todo: 'Keep `rewrite.authority`, or the header `:authority` under `headers.request`, not both.',
  source: `${SOURCE}, validateAuthorityRewrite`,
};

export const authorityOnce: Rule = {
  facts: AUTHORITY_TWICE,
  run(node, report) {
    const rewritten = text(node, 'rewrite', 'authority');
    const [first, second] = authorityOperations(at(node, 'headers'));
    const again = rewritten ? first : second;
    if (again) {
      report(
        again,
        rewritten
          ? '`rewrite.authority` already sets the host; remove one of the two.'
          : 'The host is already set by another header operation of this rule.',
      );
    }
  },
};

const PREFIX_REWRITE_MATCH: CheckFacts = {
  code: 'prefix-rewrite-without-prefix',
  severity: 'error',
  what: '`redirect.prefixRewrite` in a rule that matches paths by `exact` or `regex`.',
  why: 'There is no matched prefix to replace; the webhook of istiod refuses the resource.',
  todo: 'Match with `uri.prefix`, or use `redirect.uri`.',
  source: `${SOURCE}, redirect with prefixRewrite`,
};

export const prefixForRewrite: Rule = {
  facts: PREFIX_REWRITE_MATCH,
  run(node, report) {
    if (!text(node, 'redirect', 'prefixRewrite')) return;
    for (const match of items(node, 'match')) {
      const uri = at(match, 'uri');
      const other = ['exact', 'regex'].find((name) => has(uri, name));
      if (uri && other) {
        report(
          fieldNode(uri, other),
          '`redirect.prefixRewrite` replaces a matched prefix, and this match has none; use `prefix`, or `redirect.uri`.',
        );
      }
    }
  },
};

/** `mirrorPercent` is a number of its own, not an object like its successor. */
export const mirrorPercentRange: Rule = {
  facts: INVALID_PERCENTAGE,
  run(node, report) {
    const value = num(node);
    if (value !== undefined && value > 100) report(node, `${value} is not a percentage: write a number from 0 to 100.`);
  },
};

const MIRROR_PERCENT_ALONE: CheckFacts = {
  code: 'mirror-percentage-alone',
  severity: 'warning',
  what: 'A mirror percentage without `mirror`.',
  why: 'It only counts for `mirror`, so nothing is mirrored. `mirrors` has a percentage in each item.',
  todo: 'Add `mirror`, or move the number into the items of `mirrors`.',
};

export const mirrorForPercentage: Rule = {
  facts: MIRROR_PERCENT_ALONE,
  needsWhole: true,
  run(node, report) {
    if (has(node, 'mirror')) return;
    const name = ['mirrorPercentage', 'mirrorPercent', 'mirror_percent'].find((candidate) => has(node, candidate));
    if (name) report(fieldNode(node, name), `\`${name}\` only counts for \`mirror\`, which is not set.`);
  },
};
