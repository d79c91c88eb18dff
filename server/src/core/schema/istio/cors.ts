import { text } from '../../yaml/access.ts';
import { bool, choice, field, fragment, list, object, string } from '../define.ts';
import { changeTo } from '../fixes.ts';
import { duration, goDurationMs, INVALID_DURATION } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { headerNameProblem, INVALID_HEADER_NAME } from './headers.ts';
import { credentialsForKnownOrigins } from './httpRoutePitfalls.ts';
import { originMatch } from './stringMatch.ts';

/** `corsPolicy`: which web pages of other origins may call the route from a browser. */

const INVALID_METHOD: CheckFacts = {
  code: 'invalid-http-method',
  severity: 'error',
  what: 'A method in `allowMethods` that HTTP does not have.',
  why: 'The webhook of istiod refuses the resource. Methods are upper-case, and `*` does not stand for all of them.',
  todo: 'List methods such as `GET`, `POST` and `OPTIONS`.',
  source: 'istio/istio pkg/config/validation/validation.go, validateHTTPMethod',
};

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE'];

const knownMethod: Rule = {
  facts: INVALID_METHOD,
  run(node, report) {
    const method = text(node);
    if (method === undefined || METHODS.includes(method)) return;
    const upper = method.toUpperCase();
    if (METHODS.includes(upper)) {
      report(node, `Methods are upper-case: write \`${upper}\`.`, { fixes: [changeTo(node, upper)] });
    } else report(node, `\`${method}\` is not an HTTP method; list them one by one, such as \`GET\` and \`POST\`.`);
  },
};

const headerOrStar: Rule = {
  facts: INVALID_HEADER_NAME,
  run(node, report) {
    const name = text(node);
    const problem = name === undefined || name === '*' ? undefined : headerNameProblem(name);
    if (problem) report(node, `\`${name}\` is not a header name: ${problem}.`);
  },
};

const wholeSeconds: Rule = {
  facts: INVALID_DURATION,
  run(node, report) {
    const ms = goDurationMs(text(node) ?? '');
    if (ms !== undefined && ms >= 1 && ms % 1000 !== 0) {
      report(node, '`maxAge` is counted in whole seconds; browsers know no fractions.');
    }
  },
};

export const corsPolicy = fragment(() =>
  object(
    {
      allowOrigins: field(
        list(originMatch()),
        'Origins whose pages may read the answers. A browser elsewhere gets the answer without the CORS headers and hides it from the page.',
      ),
      allowOrigin: field(list(string()), 'Origins whose pages may read the answers, compared exactly.', {
        deprecated: { note: 'Use `allowOrigins`, whose items say `exact`, `prefix` or `regex`.', use: 'allowOrigins' },
      }),
      allowMethods: field(
        list(string({ rules: [knownMethod] })),
        'Methods that pages may use, told to the browser in the answer to its preflight request.',
      ),
      allowHeaders: field(
        list(string({ rules: [headerOrStar] })),
        'Request headers that pages may set beside the harmless ones, such as `authorization`; `*` for all.',
      ),
      exposeHeaders: field(
        list(string({ rules: [headerOrStar] })),
        'Response headers that pages may read beside the basic ones.',
      ),
      maxAge: field(
        string({ rules: [duration({ minMs: 1 }), wholeSeconds] }),
        'How long browsers may keep the answer to a preflight request before they ask again. Whole seconds.',
      ),
      allowCredentials: field(
        bool(),
        'Whether pages may send cookies and credentials along. Together with broad origins this opens the sessions of users to other sites.',
      ),
      unmatchedPreflights: field(
        choice({
          UNSPECIFIED: 'The same as `FORWARD`, so that old resources behave as before.',
          FORWARD: 'The service gets the preflight request and answers it itself.',
          IGNORE: 'The proxy answers by itself, without CORS headers, so the browser refuses the page its request.',
        }),
        'What happens to preflight requests whose origin is not allowed.',
        { default: 'FORWARD', since: '1.23' },
      ),
    },
    { rules: [credentialsForKnownOrigins] },
  ),
);
