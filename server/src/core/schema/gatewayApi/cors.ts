import { bool, choice, field, fragment, int, list, object, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { textsOf } from '../rules.ts';
import { headerName } from './headers.ts';
import { crdRule } from './names.ts';

/** The settings of the `CORS` filter: who may read responses from a web page of another origin. */

const WILDCARD_MIXED: CheckFacts = {
  code: 'cors-wildcard-mixed',
  severity: 'error',
  what: 'A CORS list with `*` beside other values.',
  why: '`*` allows everything, so the other values would mean nothing; the API server refuses the route.',
  todo: 'Keep `*` alone, or list the values without it.',
  peers: [
    'CRD-CEL',
    crdRule('alloworigins-cannot-contain-alongside-other-origins'),
    crdRule('allowmethods-cannot-contain-alongside-other-methods'),
    crdRule('allowheaders-cannot-contain-alongside-other-methods'),
  ],
  source: 'Gateway API CRDs, CEL rules on filters[].cors',
};

const wildcardAlone: Rule = {
  facts: WILDCARD_MIXED,
  run(node, report) {
    const values = textsOf(node);
    const wildcard = values.find((value) => value.text === '*');
    if (wildcard && values.length > 1)
      report(wildcard.node, '`*` already allows everything; it must be the only value of this list.');
  },
};

const origin = fragment(() =>
  string({
    min: 1,
    max: 253,
    pattern: /(^\*$)|(^(http(s)?):\/\/(((\*\.)?([a-zA-Z0-9-]+\.)*[a-zA-Z0-9-]+|\*)(:([0-9]{1,5}))?)$)/,
    means: '`*` or an origin such as `https://shop.example.com` or `https://*.example.com:8443`, without a path',
  }),
);

const method = fragment(() =>
  choice({
    GET: 'Pages of other origins may read with GET.',
    HEAD: 'Pages of other origins may ask for headers alone.',
    POST: 'Pages of other origins may send with POST.',
    PUT: 'Pages of other origins may write with PUT.',
    DELETE: 'Pages of other origins may delete.',
    CONNECT: 'The CONNECT method, which pages cannot send anyway.',
    OPTIONS: 'OPTIONS as a method of its own, beside the preflight that browsers send.',
    TRACE: 'The TRACE method, which pages cannot send anyway.',
    PATCH: 'Pages of other origins may change parts with PATCH.',
    '*': 'Every method. Must be the only value; browsers do not take it literally for requests with credentials.',
  }),
);

export const corsSettings = fragment(() =>
  object({
    allowOrigins: field(
      list(origin(), { max: 64, unique: true, rules: [wildcardAlone] }),
      'Origins whose pages may read responses: scheme, host and perhaps port. `*` alone allows every page of the Internet.',
    ),
    allowCredentials: field(
      bool(),
      'Whether pages may send cookies and authorization headers along. Together with `*` as origin this opens the backend to every page that a logged-in user visits.',
      { default: false },
    ),
    allowMethods: field(
      list(method(), { max: 9, unique: true, rules: [wildcardAlone] }),
      'Methods that pages may use beyond the simple ones (GET, HEAD, POST), as answered to preflight requests.',
    ),
    allowHeaders: field(
      list(headerName(), { max: 64, unique: true, rules: [wildcardAlone] }),
      'Request headers that pages may set beyond the simple ones, as answered to preflight requests.',
    ),
    exposeHeaders: field(
      list(headerName(), { max: 64, unique: true }),
      'Response headers that scripts of the page may read beyond the simple ones.',
    ),
    maxAge: field(int({ min: 1 }), 'How many seconds browsers may remember the answer to a preflight request.', {
      default: 5,
    }),
  }),
);
