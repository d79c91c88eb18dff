import { at, has, text } from '../../yaml/access.ts';
import { field, fragment, object, string } from '../define.ts';
import { INVALID_REGEX } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode, isFilled } from '../rules.ts';
import { istioRegexProblem } from './stringMatch.ts';

/** `rewrite`: path and host of a request are changed before it is sent on. */

const INVALID_REWRITE: CheckFacts = {
  code: 'invalid-rewrite',
  severity: 'error',
  what: 'A rewrite that changes nothing, changes the path twice, or whose pattern is incomplete.',
  why: 'The webhook of istiod refuses the resource.',
  todo: 'Set `authority`, and one of `uri` and `uriRegexRewrite`; the latter needs both `match` and `rewrite`.',
  source: 'istio/istio pkg/config/validation/validation.go, validateHTTPRewrite',
};

const rewriteOnce: Rule = {
  facts: INVALID_REWRITE,
  run(node, report) {
    if (isFilled(node, 'uri') && has(node, 'uriRegexRewrite')) {
      report(
        fieldNode(node, 'uriRegexRewrite'),
        '`uri` and `uriRegexRewrite` both rewrite the path; keep one of them.',
      );
    }
  },
};

const rewriteChanges: Rule = {
  facts: INVALID_REWRITE,
  needsWhole: true,
  run(node, report) {
    if (!['uri', 'uriRegexRewrite', 'authority'].some((name) => isFilled(node, name))) {
      report(node, 'A rewrite needs something to change: `uri`, `uriRegexRewrite` or `authority`.');
    }
  },
};

const patternComplete: Rule = {
  facts: INVALID_REWRITE,
  needsWhole: true,
  run(node, report) {
    const missing = ['match', 'rewrite'].find((name) => !isFilled(node, name));
    if (missing) {
      report(
        at(node, missing) ?? node,
        `\`uriRegexRewrite\` needs \`match\` and \`rewrite\`; \`${missing}\` is empty or not set.`,
      );
    }
  },
};

const patternCompiles: Rule = {
  facts: INVALID_REGEX,
  run(node, report) {
    const pattern = text(node);
    const reason = pattern ? istioRegexProblem(pattern) : undefined;
    if (reason) report(node, `RE2, the engine of Envoy, refuses this regular expression: ${reason}.`);
  },
};

const uriRegexRewrite = fragment(() =>
  object(
    {
      match: field(
        string({ rules: [patternCompiles] }),
        'An RE2 expression that is looked for in the path, without the query. Groups in parentheses can be used in `rewrite`.',
      ),
      rewrite: field(
        string(),
        'What replaces each place that matches. `\\1` to `\\9` stand for the groups; `$1` does not.',
      ),
    },
    { rules: [patternComplete] },
  ),
);

export const rewrite = fragment(() =>
  object(
    {
      uri: field(
        string(),
        'The new path. After a match by `prefix` only the prefix is replaced, so slashes must agree: prefix `/api` and uri `/` make `/api/x` into `//x`.',
      ),
      uriRegexRewrite: field(uriRegexRewrite(), 'Rewrites the path by a pattern, whatever the match of the rule was.'),
      authority: field(string(), 'The new `Host` of the request. The destination is chosen by the route all the same.'),
    },
    { rules: [rewriteOnce, rewriteChanges] },
  ),
);
