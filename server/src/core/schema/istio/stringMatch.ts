import { has, text } from '../../yaml/access.ts';
import { field, fragment, object, string } from '../define.ts';
import { INVALID_REGEX, regexProblem } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atMostOneOf, fieldNode } from '../rules.ts';

/** `exact`, `prefix` or `regex`: how VirtualService compares texts of requests. */

const EMPTY_STRING_MATCH: CheckFacts = {
  code: 'empty-string-match',
  severity: 'error',
  what: 'A comparison with an empty `prefix` or `regex`, or with an empty text where one is needed.',
  why: 'The webhook of istiod refuses the resource, and Envoy would refuse the configuration.',
  todo: 'Write the text to compare with. For "is there, whatever its value", leave `exact`, `prefix` and `regex` out: `x-user: {}`.',
  source: 'istio/istio pkg/config/validation/validation.go, validateStringMatch',
};

/** Envoy counts the size of the compiled program; istiod approximates it by the length of the pattern. */
const MAX_REGEX = 1024;

/** What a pattern must be beside compiling: not empty and not longer than istiod takes. */
export function istioRegexProblem(pattern: string): string | undefined {
  if (pattern.length > MAX_REGEX) return `it has ${pattern.length} characters, and istiod takes at most ${MAX_REGEX}`;
  return regexProblem(pattern);
}

interface StringMatchOptions {
  /** An empty prefix is allowed: it matches everything. */
  readonly emptyPrefix?: boolean;
  /** An empty `exact` is refused as well. */
  readonly exactNeeded?: boolean;
  /** `regex: "*"` stands for "is there", although it is no pattern. */
  readonly starAllowed?: boolean;
}

function notEmpty(options: StringMatchOptions): Rule {
  const names = ['regex', ...(options.emptyPrefix ? [] : ['prefix']), ...(options.exactNeeded ? ['exact'] : [])];
  return {
    facts: EMPTY_STRING_MATCH,
    run(node, report) {
      for (const name of names) {
        if (text(node, name) === '') report(fieldNode(node, name), `\`${name}\` must not be empty here.`);
      }
    },
  };
}

function compiles(options: StringMatchOptions): Rule {
  return {
    facts: INVALID_REGEX,
    run(node, report) {
      const pattern = text(node, 'regex');
      if (pattern === undefined || pattern === '' || (options.starAllowed && pattern === '*')) return;
      if (pattern === '*') {
        report(
          fieldNode(node, 'regex'),
          '`*` is no pattern; leave the match empty (`{}`) to ask only that it is there, or write `.*`.',
        );
        return;
      }
      const reason = istioRegexProblem(pattern);
      if (reason) {
        report(fieldNode(node, 'regex'), `RE2, the engine of Envoy, refuses this regular expression: ${reason}.`);
      }
    },
  };
}

function build(options: StringMatchOptions) {
  return object(
    {
      exact: field(string(), 'The whole text must be equal, upper and lower case included.'),
      prefix: field(
        string(),
        'The text must begin with this. It is compared letter by letter, so a path `/api` also matches `/apis`.',
      ),
      regex: field(
        string(),
        'The whole text must match this RE2 expression; there is no need for `^` and `$`. RE2 has no look-around and no back-references.',
      ),
    },
    { rules: [atMostOneOf(['exact', 'prefix', 'regex']), notEmpty(options), compiles(options)] },
  );
}

/** A part of the request line, a header or a query parameter. */
export const stringMatch = fragment(() => build({}));
/** A path: every path begins with the empty prefix. */
export const pathMatch = fragment(() => build({ emptyPrefix: true }));
/** A header that must be absent or different. */
export const absentHeaderMatch = fragment(() => build({ starAllowed: true }));

const NO_ORIGIN: CheckFacts = {
  code: 'empty-cors-origin',
  severity: 'error',
  what: 'An item of `allowOrigins` that says no origin.',
  why: 'It would allow nobody; the webhook of istiod refuses the resource.',
  todo: 'Set `exact`, `prefix` or `regex`, such as `exact: https://shop.example.com`.',
  source: 'istio/istio pkg/config/validation/validation.go, validateAllowOrigins',
};

const someOrigin: Rule = {
  facts: NO_ORIGIN,
  needsWhole: true,
  run(node, report) {
    if (!['exact', 'prefix', 'regex'].some((name) => has(node, name))) {
      report(node, 'An allowed origin needs `exact`, `prefix` or `regex`.');
    }
  },
};

/** An origin that CORS allows. */
export const originMatch = fragment(() =>
  object(
    {
      exact: field(
        string(),
        'The origin as browsers send it: scheme, host and port if it is not the default one. `*` allows every origin.',
      ),
      prefix: field(
        string(),
        'Origins that begin with this. `https://shop.example.com` also lets `https://shop.example.com.evil.test` in; end with a port or use `exact`.',
      ),
      regex: field(
        string(),
        'Origins that match this RE2 expression as a whole. Escape the dots, or other domains match too.',
      ),
    },
    { rules: [atMostOneOf(['exact', 'prefix', 'regex']), notEmpty({ exactNeeded: true }), compiles({}), someOrigin] },
  ),
);
