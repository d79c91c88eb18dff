import { has, num, text } from '../../yaml/access.ts';
import { INVALID_ENUM_VALUE, PATTERN_MISMATCH } from '../checks.ts';
import { choice, field, fragment, int, list, object, required, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode, neededWhen } from '../rules.ts';

/** What a policy.linkerd.io HTTPRoute can do to requests that it matches. */

const headerName = fragment(() =>
  string({
    min: 1,
    max: 256,
    pattern: /^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$/,
    means: 'an HTTP header name: letters, digits and dashes',
  }),
);

export const hostname = fragment(() =>
  string({
    min: 1,
    max: 253,
    pattern: /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/,
    means: 'a host name in lower case, without a port',
  }),
);

const headers = fragment(() =>
  list(
    object({
      name: required(headerName(), 'The header, in any case of letters.'),
      value: required(string({ min: 1, max: 4096 }), 'The text that the header gets.'),
    }),
    { max: 16, mapKeys: ['name'] },
  ),
);

/** The CRD takes any text here; the policy controller reads it as a header name. */
const headerToken: Rule = {
  facts: PATTERN_MISMATCH,
  run(node, report) {
    const name = text(node);
    if (name === undefined || /^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$/.test(name)) return;
    report(node, `\`${name}\` is not an HTTP header name: letters, digits and dashes. Linkerd refuses the route.`);
  },
};

const headerModifier = fragment(() =>
  object({
    set: field(headers(), 'Headers that replace those of the same name, or are added.'),
    add: field(headers(), 'Headers that are added beside those of the same name.'),
    remove: field(list(string({ rules: [headerToken] }), { max: 16 }), 'Names of headers that are taken away.'),
  }),
);

const redirectStatus: Rule = {
  facts: INVALID_ENUM_VALUE,
  run(node, report) {
    const status = num(node);
    if (status !== undefined && status !== 301 && status !== 302)
      report(node, `A redirect answers with 301 or 302, not with ${status}.`);
  },
};

const redirectPath = fragment(() =>
  object(
    {
      type: required(
        choice({
          ReplaceFullPath: 'Nothing is kept of the old path: it becomes `replaceFullPath`.',
          ReplacePrefixMatch: 'The part of the path that a `PathPrefix` match covers becomes `replacePrefixMatch`.',
        }),
        'Which part of the path is replaced.',
      ),
      replaceFullPath: field(
        string({ max: 1024 }),
        'The new path, beginning with a slash. For `type: ReplaceFullPath`.',
      ),
      replacePrefixMatch: field(
        string({ max: 1024 }),
        'What takes the place of the matched prefix, beginning with a slash. For `type: ReplacePrefixMatch`.',
      ),
    },
    {
      rules: [
        neededWhen('replaceFullPath', 'type', 'ReplaceFullPath'),
        neededWhen('replacePrefixMatch', 'type', 'ReplacePrefixMatch'),
      ],
    },
  ),
);

const requestRedirect = fragment(() =>
  object({
    scheme: field(
      choice({ http: 'The client is sent to a plain-text address.', https: 'The client is sent to a TLS address.' }),
      'The scheme that the client is sent to, to move it from plain text to TLS or back.',
      { default: 'the scheme of the request' },
    ),
    hostname: field(hostname(), 'The host of the new address.', { default: 'the host of the request' }),
    path: field(redirectPath(), 'Which part of the path the client is sent to differs from the one it asked for.', {
      default: 'unchanged',
      since: '2.13',
    }),
    port: field(int({ min: 1, max: 65535 }), 'The port that the client is sent to.', {
      default: 'the usual port of `scheme`, else that of the request',
    }),
    statusCode: field(
      int({
        rules: [redirectStatus],
        suggest: { 301: 'Moved permanently; clients remember it.', 302: 'Found elsewhere this time.' },
      }),
      'The status of the answer: 301 for permanently moved, 302 for found elsewhere.',
      { default: 302 },
    ),
  }),
);

const IGNORED_FILTER: CheckFacts = {
  code: 'ignored-filter-field',
  severity: 'warning',
  what: 'A filter has the settings of another type than its own.',
  why: 'Linkerd reads only the settings that `type` names and ignores the others.',
  todo: 'Change `type`, or move the settings into a filter of their own.',
  source: 'linkerd/linkerd2@edge-26.8.3:policy-controller/k8s/api/src/policy/httproute.rs',
};

const FIELD_OF_TYPE = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestRedirect: 'requestRedirect',
} as const;

type FilterType = keyof typeof FIELD_OF_TYPE;

/** The settings of the type are there, and no others. */
function typeRules(types: readonly FilterType[]): Rule[] {
  const ignored: Rule = {
    facts: IGNORED_FILTER,
    run(node, report) {
      const type = text(node, 'type');
      if (!types.some((known) => known === type)) return;
      for (const other of types) {
        const name = FIELD_OF_TYPE[other];
        if (other !== type && has(node, name)) {
          report(
            fieldNode(node, name),
            `\`${name}\` is not read in a filter of the type ${type}; it needs a filter of its own.`,
          );
        }
      }
    },
  };
  return [...types.map((type) => neededWhen(FIELD_OF_TYPE[type], 'type', type)), ignored];
}

const HEADER_REQUEST = 'Changes headers of the request before it is passed on.';
const REDIRECT = 'Answers the request with a redirect in place of passing it on.';
const TYPE = 'What the filter does; its settings stand in the field of the same name.';

export const ruleFilters = fragment(() =>
  list(
    object(
      {
        type: required(choice({ RequestHeaderModifier: HEADER_REQUEST, RequestRedirect: REDIRECT }), TYPE),
        requestHeaderModifier: field(headerModifier(), 'Which headers of the request are set, added or removed.'),
        requestRedirect: field(requestRedirect(), 'Where the client is sent.'),
      },
      { rules: typeRules(['RequestHeaderModifier', 'RequestRedirect']) },
    ),
    { max: 16 },
  ),
);

export const backendFilters = fragment(() =>
  list(
    object(
      {
        type: required(
          choice({
            RequestHeaderModifier: HEADER_REQUEST,
            ResponseHeaderModifier:
              'Meant to change headers of the response. Linkerd 2.20 applies it to the **request** in this kind; the HTTPRoute of gateway.networking.k8s.io does it right.',
            RequestRedirect: REDIRECT,
          }),
          TYPE,
        ),
        requestHeaderModifier: field(headerModifier(), 'Which headers of the request are set, added or removed.'),
        responseHeaderModifier: field(headerModifier(), 'Which headers of the response are set, added or removed.'),
        requestRedirect: field(requestRedirect(), 'Where the client is sent.'),
      },
      { rules: typeRules(['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect']) },
    ),
    { max: 16 },
  ),
);
