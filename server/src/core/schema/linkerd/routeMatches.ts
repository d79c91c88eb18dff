import { at, text } from '../../yaml/access.ts';
import { choice, field, fragment, list, object, required, string } from '../define.ts';
import { INVALID_REGEX, regexProblem } from '../formats.ts';
import type { Rule } from '../rule.ts';

/** By what a policy.linkerd.io HTTPRoute tells requests apart. */

const TEXT_MATCH = {
  Exact: 'The whole text is equal, case included.',
  RegularExpression: 'A regular expression matches the **whole** text.',
} as const;

/** The value is a pattern only when the type says so. */
const regexValue: Rule = {
  facts: INVALID_REGEX,
  run(node, report) {
    const pattern = text(node, 'value');
    const where = at(node, 'value');
    if (!where || pattern === undefined || text(node, 'type') !== 'RegularExpression') return;
    const reason = regexProblem(pattern);
    if (reason !== undefined) report(where, `Linkerd refuses this regular expression: ${reason}.`);
  },
};

const headerMatch = fragment(() =>
  object(
    {
      name: required(
        string({
          min: 1,
          max: 256,
          pattern: /^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$/,
          means: 'an HTTP header name: letters, digits and dashes',
        }),
        'The header to look at, in any case of letters.',
      ),
      type: field(choice(TEXT_MATCH), 'How the header is compared.', { default: 'Exact' }),
      value: required(
        string({ min: 1, max: 4096 }),
        'The text or regular expression that the header is compared with.',
      ),
    },
    { rules: [regexValue] },
  ),
);

const queryMatch = fragment(() =>
  object(
    {
      name: required(string({ min: 1, max: 256 }), 'The query parameter to look at.'),
      type: field(choice(TEXT_MATCH), 'How the parameter is compared.', { default: 'Exact' }),
      value: required(
        string({ min: 1, max: 1024 }),
        'The text or regular expression that the parameter is compared with.',
      ),
    },
    { rules: [regexValue] },
  ),
);

const pathMatch = fragment(() =>
  object(
    {
      type: field(
        choice({
          Exact: 'The path is equal, case included.',
          PathPrefix: 'The path begins with these segments: `/cart` matches `/cart` and `/cart/1`, not `/carts`.',
          RegularExpression:
            'A regular expression matches the **whole** path. A path with a query is compared without it.',
        }),
        'How the path is compared.',
        { default: 'PathPrefix' },
      ),
      value: field(
        string({ max: 1024 }),
        'The path or regular expression that the path of the request is compared with.',
        { default: '/' },
      ),
    },
    { rules: [regexValue] },
  ),
);

export const routeMatches = fragment(() =>
  list(
    object({
      path: field(pathMatch(), 'The path that the client asks for, without the query.', { default: 'every path' }),
      headers: field(
        list(headerMatch(), { max: 16, mapKeys: ['name'] }),
        'Headers of the request; all of them must match.',
      ),
      queryParams: field(
        list(queryMatch(), { max: 16, mapKeys: ['name'] }),
        'Parameters of the query; all of them must match.',
      ),
      method: field(
        choice({
          GET: 'Requests that read what is at the path and change nothing.',
          HEAD: 'Requests that read the headers of the answer alone.',
          POST: 'Requests that hand something in. gRPC calls are always `POST`.',
          PUT: 'Requests that replace what is at the path.',
          DELETE: 'Requests that remove what is at the path.',
          CONNECT: 'Requests that open a tunnel, as HTTP proxies take them.',
          OPTIONS: 'Requests that ask what is possible, such as CORS preflights.',
          TRACE: 'Requests that ask to be echoed.',
          PATCH: 'Requests that change a part of what is at the path.',
        }),
        'The HTTP method, in upper case.',
        { default: 'every method' },
      ),
    }),
    { max: 8 },
  ),
);
