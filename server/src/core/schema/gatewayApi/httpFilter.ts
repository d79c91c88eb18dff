import { num } from '../../yaml/access.ts';
import { INVALID_ENUM_VALUE } from '../checks.ts';
import { choice, field, fragment, int, list, object, type Reader, required, string, type ValueDoc } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atMostOneOf, fieldNode, neededWhen, onlyWhen } from '../rules.ts';
import { backendObjectReference } from './backendRef.ts';
import { corsSettings } from './cors.ts';
import { numberOr } from './defaults.ts';
import { externalAuth } from './externalAuth.ts';
import { filterFieldRules, HTTP_FILTER_FIELDS, notRepeated, redirectOrRewrite } from './filterRules.ts';
import { requestHeaderModifier, responseHeaderModifier } from './headers.ts';
import { apiGroup, crdRule, kindName, objectName, portNumber, preciseHostname } from './names.ts';

/** What a rule of a route does to a request beside choosing its backend. */

const PATH_MODIFIER: CheckFacts = {
  code: 'path-modifier-mismatch',
  severity: 'error',
  what: 'The `type` of a path change and the field that holds the new path do not agree.',
  why: 'The API server refuses the route.',
  todo: 'Use `replaceFullPath` with type `ReplaceFullPath`, and `replacePrefixMatch` with type `ReplacePrefixMatch`.',
  peers: [
    'CRD-CEL',
    crdRule('type-must-be-replacefullpath-when-replacefullpath-is-set'),
    crdRule('replacefullpath-must-be-specified-when-type-is-set-to-replacefullpath'),
    crdRule('type-must-be-replaceprefixmatch-when-replaceprefixmatch-is-set'),
    crdRule('replaceprefixmatch-must-be-specified-when-type-is-set-to-replaceprefixmatch'),
  ],
  source: 'Gateway API CRDs, CEL rules on requestRedirect.path and urlRewrite.path',
};

export const pathModifier = fragment(() =>
  object(
    {
      type: required(
        choice({
          ReplaceFullPath: 'The whole path becomes `replaceFullPath`; the query stays.',
          ReplacePrefixMatch:
            "Only the part that the rule's `PathPrefix` matched is exchanged, the rest of the path stays. Needs exactly one match in the rule, of type `PathPrefix`.",
        }),
        'How much of the path is exchanged.',
      ),
      replaceFullPath: field(
        string({ max: 1024 }),
        'The new path, for type `ReplaceFullPath`. Linkerd refuses one that does not begin with `/`.',
      ),
      replacePrefixMatch: field(
        string({ max: 1024 }),
        'What takes the place of the matched prefix, for type `ReplacePrefixMatch`. Slashes at the joint are put right: `/a` to `/` turns `/a/b` into `/b`.',
      ),
    },
    {
      rules: [
        neededWhen('replaceFullPath', 'type', 'ReplaceFullPath', { facts: PATH_MODIFIER }),
        neededWhen('replacePrefixMatch', 'type', 'ReplacePrefixMatch', { facts: PATH_MODIFIER }),
        onlyWhen('replaceFullPath', 'type', 'ReplaceFullPath', { facts: PATH_MODIFIER }),
        onlyWhen('replacePrefixMatch', 'type', 'ReplacePrefixMatch', { facts: PATH_MODIFIER }),
      ],
    },
  ),
);

const FRACTION: CheckFacts = {
  code: 'fraction-above-one',
  severity: 'error',
  what: 'A fraction whose numerator is larger than its denominator.',
  why: 'More requests than there are cannot be mirrored; the API server refuses the route.',
  todo: 'Lower `numerator` or raise `denominator`, which is 100 when absent.',
  peers: ['CRD-CEL', crdRule('numerator-must-be-less-than-or-equal-to-denominator')],
  source: 'Gateway API CRDs, CEL rule on requestMirror.fraction',
};

const atMostOne: Rule = {
  facts: FRACTION,
  run(node, report) {
    const numerator = num(node, 'numerator');
    const denominator = numberOr(node, 'denominator', 100);
    if (numerator === undefined || denominator === undefined || numerator <= denominator) return;
    report(fieldNode(node, 'numerator'), `\`numerator\` ${numerator} is larger than the denominator ${denominator}.`);
  },
};

export const requestMirror = fragment(() =>
  object(
    {
      backendRef: required(
        backendObjectReference(),
        'Where the copies go. Their responses are thrown away, and callers do not wait for them.',
      ),
      percent: field(
        int({ min: 0, max: 100 }),
        'How many requests of a hundred are copied. All are when neither this nor `fraction` is set.',
        {
          since: '1.3',
        },
      ),
      fraction: field(
        object(
          {
            numerator: required(int({ min: 0 }), 'How many requests are copied, out of as many as `denominator` says.'),
            denominator: field(int({ min: 1 }), 'Out of how many requests `numerator` ones are copied.', {
              default: 100,
            }),
          },
          { rules: [atMostOne] },
        ),
        'Share of requests that is copied, for shares finer than a whole percent.',
        { since: '1.3' },
      ),
    },
    { rules: [atMostOneOf(['percent', 'fraction'])] },
  ),
);

const REDIRECT_CODES = [301, 302, 303, 307, 308];

const REDIRECT_STATUSES = {
  301: 'Moved for good: browsers remember it, and may repeat a POST as GET.',
  302: 'Found elsewhere this time; a POST may be repeated as GET.',
  303: 'The answer is elsewhere, to be fetched with GET. Since Gateway API 1.5.',
  307: 'Found elsewhere this time; the method is kept. Since Gateway API 1.5.',
  308: 'Moved for good, and the method is kept. Since Gateway API 1.5.',
};

const redirectStatus: Rule = {
  facts: INVALID_ENUM_VALUE,
  run(node, report) {
    const code = num(node);
    if (code !== undefined && !REDIRECT_CODES.includes(code)) {
      report(node, `A redirect cannot have the status ${code}; use one of ${REDIRECT_CODES.join(', ')}.`);
    }
  },
};

const requestRedirect = fragment(() =>
  object({
    scheme: field(
      choice({
        http: 'Sends the caller to the plain-text address.',
        https: 'Sends the caller to the TLS address: the usual way to force HTTPS at a gateway.',
      }),
      "Scheme of the address in the `Location` header; the request's own when absent.",
    ),
    hostname: field(preciseHostname(), "Host of the address in the `Location` header; the request's own when absent."),
    path: field(
      pathModifier(),
      'How the path in the `Location` header differs from the requested one; unchanged when absent.',
    ),
    port: field(
      portNumber(),
      'Port of the address in the `Location` header. When absent it is the default of `scheme`, if that is set, and else the port of the listener.',
    ),
    statusCode: field(
      int({ rules: [redirectStatus], suggest: REDIRECT_STATUSES }),
      'Status of the response: 301 and 308 may be remembered by browsers for good, 302, 303 and 307 are temporary. 307 and 308 keep the method, 303 turns it into GET. 303, 307 and 308 came with Gateway API 1.5.',
      { default: 302 },
    ),
  }),
);

const urlRewrite = fragment(() =>
  object({
    hostname: field(preciseHostname(), 'Takes the place of the `Host` header when the request goes on to the backend.'),
    path: field(pathModifier(), 'How the path changes when the request goes on to the backend; unchanged when absent.'),
  }),
);

export const extensionRef = fragment(() =>
  object({
    group: required(apiGroup(), "API group of the implementation's own filter resource."),
    kind: required(kindName(), "Kind of the implementation's own filter resource."),
    name: required(objectName(), 'Which filter resource to apply, in the namespace of the route.'),
  }),
);

const NOT_LINKERD: readonly Reader[] = ['waypoint', 'sidecar', 'gateway'];

const TYPES: Record<keyof typeof HTTP_FILTER_FIELDS, string | ValueDoc> = {
  RequestHeaderModifier: 'Changes request headers before the backend gets them. Istio and Linkerd both do this.',
  ResponseHeaderModifier: 'Changes response headers before the caller gets them. Istio and Linkerd both do this.',
  RequestMirror:
    'Sends a copy of requests to another backend. Istio does; Linkerd refuses the whole route because of it.',
  RequestRedirect: 'Answers with a redirect instead of calling a backend. The rule must have no `backendRefs`.',
  URLRewrite:
    'Changes host or path before the backend gets the request. Istio does; Linkerd refuses the whole route because of it.',
  ExtensionRef: 'A filter that only one implementation knows. Istio and Linkerd have none.',
  CORS: {
    doc: 'Answers preflight requests and adds CORS headers. Istio does; Linkerd refuses the whole route because of it.',
    since: '1.5',
  },
  ExternalAuth: {
    doc: 'Asks an authorization server about each request. Check that your gateway implements it.',
    since: '1.4',
    channel: 'experimental',
  },
};

const httpFilter = fragment(() =>
  object(
    {
      type: required(choice(TYPES), 'What the filter does; the settings stand in the field of that name.'),
      requestHeaderModifier: field(
        requestHeaderModifier(),
        'Settings of a `RequestHeaderModifier`: headers to set, add or remove on the way to the backend.',
      ),
      responseHeaderModifier: field(
        responseHeaderModifier(),
        'Settings of a `ResponseHeaderModifier`: headers to set, add or remove on the way back.',
      ),
      requestMirror: field(
        requestMirror(),
        'Settings of a `RequestMirror`: who gets copies, and of how many requests. May stand several times in a list.',
        { readBy: NOT_LINKERD },
      ),
      requestRedirect: field(
        requestRedirect(),
        'Settings of a `RequestRedirect`: the address that the caller is sent to.',
      ),
      urlRewrite: field(urlRewrite(), 'Settings of a `URLRewrite`: the host and path that the backend sees.', {
        readBy: NOT_LINKERD,
      }),
      cors: field(
        corsSettings(),
        'Settings of a `CORS` filter: which web pages of other origins may read the responses.',
        { since: '1.5', readBy: NOT_LINKERD },
      ),
      externalAuth: field(
        externalAuth(),
        'Settings of an `ExternalAuth` filter: the server that is asked, and what it is told.',
        {
          channel: 'experimental',
          since: '1.4',
          readBy: NOT_LINKERD,
        },
      ),
      extensionRef: field(
        extensionRef(),
        "Settings of an `ExtensionRef`: a resource of the implementation, in the route's namespace.",
      ),
    },
    { rules: filterFieldRules(HTTP_FILTER_FIELDS) },
  ),
);

const ONCE = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite', 'CORS'];

export const httpFilters = fragment(() =>
  list(httpFilter(), { max: 16, rules: [notRepeated(ONCE), redirectOrRewrite] }),
);
