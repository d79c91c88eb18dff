import { at, has, num, text } from '../../yaml/access.ts';
import { choice, field, fragment, list, object, required, string } from '../define.ts';
import { INVALID_REGEX } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atMostOneOf, fieldNode } from '../rules.ts';
import { destination } from './destination.ts';
import { answerStatus } from './fault.ts';
import { percentage } from './percentage.ts';
import { portRange, uint32 } from './port.ts';
import { istioRegexProblem } from './stringMatch.ts';

/** What a route can do with a request beside sending it on: redirect, rewrite, answer, mirror, delegate. */

const SOURCE = 'istio/istio pkg/config/validation/validation.go';

/** True when a field holds something: an empty text counts as absent, as it does in istiod. */
function isSet(node: Parameters<typeof has>[0], name: string): boolean {
  return has(node, name) && text(node, name) !== '';
}

// --- redirect ------------------------------------------------------------------------------------------------------

const INVALID_REDIRECT: CheckFacts = {
  code: 'invalid-redirect',
  severity: 'error',
  what: 'A redirect that changes nothing, changes the path twice, or uses a status or scheme that no redirect has.',
  why: 'The webhook of istiod refuses the resource. Statuses beside 301, 302, 303, 307 and 308 are accepted, but no route is made from them.',
  todo: 'Set `uri`, `prefixRewrite`, `authority`, `scheme`, `port` or `derivePort`; use 301, 302, 303, 307 or 308, and `http` or `https`.',
  source: `${SOURCE}, validateHTTPRedirect`,
};

const redirectChanges: Rule = {
  facts: INVALID_REDIRECT,
  needsWhole: true,
  run(node, report) {
    const parts = ['uri', 'prefixRewrite', 'authority', 'scheme', 'port', 'derivePort'];
    if (!parts.some((name) => isSet(node, name))) report(node, 'A redirect needs something to change: `uri`, `authority`, `scheme`, `port` or `derivePort`.');
  },
};

const onePath: Rule = {
  facts: INVALID_REDIRECT,
  run(node, report) {
    if (isSet(node, 'uri') && isSet(node, 'prefixRewrite')) report(fieldNode(node, 'prefixRewrite'), '`uri` replaces the whole path and `prefixRewrite` a part of it; keep one of them.');
  },
};

const SUPPORTED_REDIRECTS = [301, 302, 303, 307, 308];

const redirectStatus: Rule = {
  facts: INVALID_REDIRECT,
  run(node, report) {
    const code = num(node);
    if (code === undefined || code === 0 || SUPPORTED_REDIRECTS.includes(code)) return;
    if (code < 300 || code > 399) report(node, `${code} is not a redirect; use 301, 302, 303, 307 or 308.`);
    else report(node, `Istio makes no route from a redirect with ${code}; use 301, 302, 303, 307 or 308.`, { severity: 'warning' });
  },
};

const redirectScheme: Rule = {
  facts: INVALID_REDIRECT,
  run(node, report) {
    const scheme = text(node);
    if (scheme !== undefined && !['', 'http', 'https'].includes(scheme)) report(node, `\`${scheme}\` is not a scheme for redirects; use \`http\` or \`https\`.`);
  },
};

export const redirect = fragment(() =>
  object(
    {
      uri: field(string(), 'The new path, in place of the whole old one. The query stays.'),
      prefixRewrite: field(string(), 'What replaces the matched prefix of the path; the rest stays. Every match of the rule must then be by prefix.', { since: '1.31' }),
      authority: field(string(), 'The new host in the URL.'),
      scheme: field(string({ rules: [redirectScheme] }), '`http` or `https`; with `https` and nothing else this is the usual upgrade to TLS.', { default: 'that of the request' }),
      port: field(uint32([portRange({ zeroAllowed: true })]), 'The port that the client is sent to, when it is not to be derived.'),
      derivePort: field(
        choice({
          FROM_PROTOCOL_DEFAULT: '80 for `http` and 443 for `https`, so that the URL shows no port.',
          FROM_REQUEST_PORT: 'The port on which the request came in.',
        }),
        'How the port is found when `port` does not say it.',
        { default: 'FROM_PROTOCOL_DEFAULT' },
      ),
      redirectCode: field(uint32([redirectStatus]), 'The status: 301 and 308 are remembered by browsers, 302, 303 and 307 are not; 307 and 308 keep the method.', { default: 301 }),
    },
    { rules: [redirectChanges, onePath, atMostOneOf(['port', 'derivePort'])] },
  ),
);

// --- rewrite -------------------------------------------------------------------------------------------------------

const INVALID_REWRITE: CheckFacts = {
  code: 'invalid-rewrite',
  severity: 'error',
  what: 'A rewrite that changes nothing, changes the path twice, or whose pattern is incomplete.',
  why: 'The webhook of istiod refuses the resource.',
  todo: 'Set `authority`, and one of `uri` and `uriRegexRewrite`; the latter needs both `match` and `rewrite`.',
  source: `${SOURCE}, validateHTTPRewrite`,
};

const rewriteOnce: Rule = {
  facts: INVALID_REWRITE,
  run(node, report) {
    if (isSet(node, 'uri') && has(node, 'uriRegexRewrite')) report(fieldNode(node, 'uriRegexRewrite'), '`uri` and `uriRegexRewrite` both rewrite the path; keep one of them.');
  },
};

const rewriteChanges: Rule = {
  facts: INVALID_REWRITE,
  needsWhole: true,
  run(node, report) {
    if (!['uri', 'uriRegexRewrite', 'authority'].some((name) => isSet(node, name))) report(node, 'A rewrite needs something to change: `uri`, `uriRegexRewrite` or `authority`.');
  },
};

const patternComplete: Rule = {
  facts: INVALID_REWRITE,
  needsWhole: true,
  run(node, report) {
    const missing = ['match', 'rewrite'].find((name) => !isSet(node, name));
    if (missing) report(at(node, missing) ?? node, `\`uriRegexRewrite\` needs \`match\` and \`rewrite\`; \`${missing}\` is empty or not set.`);
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
      match: field(string({ rules: [patternCompiles] }), 'An RE2 expression that is looked for in the path, without the query. Groups in parentheses can be used in `rewrite`.'),
      rewrite: field(string(), 'What replaces each place that matches. `\\1` to `\\9` stand for the groups; `$1` does not.'),
    },
    { rules: [patternComplete] },
  ),
);

export const rewrite = fragment(() =>
  object(
    {
      uri: field(string(), 'The new path. After a match by `prefix` only the prefix is replaced, so slashes must agree: prefix `/api` and uri `/` make `/api/x` into `//x`.'),
      uriRegexRewrite: field(uriRegexRewrite(), 'Rewrites the path by a pattern, whatever the match of the rule was.'),
      authority: field(string(), 'The new `Host` of the request. The destination is chosen by the route all the same.'),
    },
    { rules: [rewriteOnce, rewriteChanges] },
  ),
);

// --- directResponse ------------------------------------------------------------------------------------------------

const LARGE_RESPONSE: CheckFacts = {
  code: 'large-direct-response',
  severity: 'error',
  what: 'The body of a direct response is larger than 100 KB (a warning) or 1 MB (refused).',
  why: 'The text is part of the configuration of every proxy that has the route, so it costs memory everywhere and slows istiod down.',
  todo: 'Serve large content from a service; keep bodies here to a few lines.',
  source: `${SOURCE}, validateHTTPDirectResponse`,
};

const KB = 1024;

/** The number of bytes that a text takes in UTF-8. */
function utf8Size(value: string): number {
  let bytes = 0;
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

const bodySize: Rule = {
  facts: LARGE_RESPONSE,
  run(node, report) {
    const plain = text(node, 'string');
    const encoded = text(node, 'bytes');
    const size = plain === undefined ? Math.floor(((encoded ?? '').replace(/[\s=]/g, '').length * 3) / 4) : utf8Size(plain);
    if (size <= 100 * KB) return;
    const where = fieldNode(node, plain === undefined ? 'bytes' : 'string');
    if (size > KB * KB) report(where, 'The body is larger than 1 MB, which istiod refuses; serve it from a service.');
    else report(where, 'The body is larger than 100 KB and goes to every proxy that has the route.', { severity: 'warning' });
  },
};

const body = fragment(() =>
  object(
    {
      string: field(string(), 'What the client gets, as plain text; the proxy adds no content type.'),
      bytes: field(string(), 'What the client gets, in base64, for content that is not text.'),
    },
    { rules: [atMostOneOf(['string', 'bytes']), bodySize] },
  ),
);

export const directResponse = fragment(() =>
  object({
    status: required(uint32([answerStatus]), 'The status of the answer. For 3xx use `redirect`, which sets the location too.'),
    body: field(body(), 'What the answer contains; its type can be said with `headers.response.set`.', { default: 'empty' }),
  }),
);

// --- mirrors and delegates -----------------------------------------------------------------------------------------

export const mirrors = fragment(() =>
  list(
    object({
      destination: required(destination(), 'Where copies are sent. Their answers are thrown away.'),
      percentage: field(percentage(), 'How many requests are copied.', { default: 'all' }),
    }),
  ),
);

export const delegate = fragment(() =>
  object({
    name: field(string(), 'The name of a VirtualService without `hosts` that holds the rules for what this rule matches.'),
    namespace: field(string(), 'The namespace of that VirtualService, which must be exported to this one.', { default: 'the namespace of this resource' }),
  }),
);
