import { at, bool, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { changeTo } from '../fixes.ts';
import type { CheckFacts, Fix, Rule } from '../rule.ts';

/** What istiod accepts in an HTTP rule although it cannot do what was meant. */

const MATCH_NEVER_TRUE: CheckFacts = {
  code: 'match-never-true',
  severity: 'warning',
  what: 'A condition that no request can meet, such as a path without a slash in front or a method in lower case.',
  why: 'Paths begin with a slash and are compared without their query; methods are upper-case. The rule is accepted and never applies.',
  todo: 'Write paths as `/items`, methods as `GET`, and compare the query with `queryParams`.',
  source: 'Envoy route matching: :path without query, :method as sent',
};

function pathNeverMatches(path: string): string | undefined {
  if (path !== '' && !path.startsWith('/') && path !== '*') return `every path begins with a slash; write \`/${path}\``;
  return path.includes('?') ? 'the query is no part of the path that is compared; use `queryParams`' : undefined;
}

function pathFix(node: YamlNode, path: string): Fix[] {
  return path.startsWith('/') ? [] : [changeTo(node, `/${path}`)];
}

/** For one item of `match`. */
export const matchCanHold: Rule = {
  facts: MATCH_NEVER_TRUE,
  run(node, report) {
    for (const kind of ['exact', 'prefix']) {
      const path = at(node, 'uri', kind);
      const method = at(node, 'method', kind);
      const [pathText, methodText] = [text(path), text(method)];
      const problem = pathText === undefined ? undefined : pathNeverMatches(pathText);
      if (path && pathText !== undefined && problem) {
        report(path, `No request has a path like \`${pathText}\`: ${problem}.`, { fixes: pathFix(path, pathText) });
      }
      const upper = methodText?.toUpperCase();
      if (method && upper !== undefined && upper !== methodText) {
        report(method, `Methods are upper-case, so \`${methodText}\` never matches; write \`${upper}\`.`, {
          fixes: [changeTo(method, upper)],
        });
      }
    }
  },
};

const REWRITE_SLASH: CheckFacts = {
  code: 'rewrite-slash-mismatch',
  severity: 'warning',
  what: 'A path prefix and what replaces it do not both end with a slash, or both without.',
  why: 'Only the prefix is replaced, letter by letter: `/api/` rewritten to `/v2` makes `/v2items`, and `/api` rewritten to `/` makes `//items`.',
  todo: 'End both with a slash or neither. To strip a prefix, match `/api/` and `/api` separately, or use `uriRegexRewrite`.',
  source: 'Envoy prefix_rewrite',
};

/** For one rule, which holds the matches and the rewrite. */
export const slashesAgree: Rule = {
  facts: REWRITE_SLASH,
  run(node, report) {
    const uri = at(node, 'rewrite', 'uri');
    const replacement = text(uri);
    if (!uri || !replacement) return;
    for (const match of items(node, 'match')) {
      const prefix = text(match, 'uri', 'prefix');
      if (!prefix || prefix === '/' || prefix.endsWith('/') === replacement.endsWith('/')) continue;
      const lost = prefix.endsWith('/');
      const before = lost ? `${prefix}items` : `${prefix}/items`;
      const after = lost ? `${replacement}items` : `${replacement}/items`;
      report(uri, `\`${before}\` becomes \`${after}\`, because only the prefix \`${prefix}\` is replaced.`, {
        severity: lost ? 'warning' : 'info',
      });
    }
  },
};

const CREDENTIALS_FOR_ALL: CheckFacts = {
  code: 'cors-credentials-for-all',
  severity: 'warning',
  what: 'CORS lets pages of every origin send cookies and credentials along.',
  why: 'The proxy answers with the origin that asked, so any web site that a user visits can act with the session of that user.',
  todo: 'List the origins that belong to you, or remove `allowCredentials`.',
  source: 'Envoy CORS filter: the origin is reflected',
};

const ALL_ORIGINS: Readonly<Record<string, RegExp>> = {
  exact: /^\*$/,
  prefix: /^(?:https?(?::\/{0,2})?)$/,
  regex: /^(?:\^?(?:https?:\/\/)?\.[*+]\$?)$/,
};

/** For `corsPolicy`. */
export const credentialsForKnownOrigins: Rule = {
  facts: CREDENTIALS_FOR_ALL,
  run(node, report) {
    if (bool(node, 'allowCredentials') !== true) return;
    for (const origin of items(node, 'allowOrigins')) {
      for (const [kind, all] of Object.entries(ALL_ORIGINS)) {
        const value = at(origin, kind);
        if (value && all.test(text(value) ?? ''))
          report(value, 'With `allowCredentials`, pages of any origin can act with the session of the user.');
      }
    }
  },
};
