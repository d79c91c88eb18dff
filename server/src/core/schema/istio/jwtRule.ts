import { at, has, text } from '../../yaml/access.ts';
import { bool, field, fragment, list, object, required, string } from '../define.ts';
import { changeTo } from '../fixes.ts';
import { duration } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atMostOneOf, presentOf } from '../rules.ts';
import { jwksIsKeySet, jwksIsPublic } from './jwtKeys.ts';

/** One rule of a RequestAuthentication: an issuer of tokens, its keys, and where tokens are found. */

const WEBHOOK = 'istio/istio pkg/config/validation/validation.go, validateJwtRule';

const ONE_KEY_SOURCE: CheckFacts = {
  code: 'jwt-one-key-source',
  severity: 'error',
  what: 'A JWT rule gives its keys in two ways.',
  why: 'The API server refuses `jwks` together with `jwksUri`, because only one of them could be used.',
  todo: 'Keep `jwksUri`, which follows key rotation, or `jwks`.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRD RequestAuthentication, CEL rule on .spec.jwtRules[]',
};

const ISSUER_OR_URI: CheckFacts = {
  code: 'jwt-needs-issuer',
  severity: 'error',
  what: 'A JWT rule with neither `issuer` nor `jwksUri`.',
  why: 'The webhook of istiod refuses it: a token could not be tied to any issuer.',
  todo: 'Give the `issuer` exactly as it stands in the claim `iss` of the tokens.',
  source: WEBHOOK,
};

const needsIssuer: Rule = {
  facts: ISSUER_OR_URI,
  needsWhole: true,
  run(node, report) {
    if (isGiven('issuer') || isGiven('jwksUri') || isGiven('jwks_uri')) return;
    report(node, 'A JWT rule needs `issuer`, or at least `jwksUri`.');

    function isGiven(name: string): boolean {
      return has(node, name) && text(node, name) !== '';
    }
  },
};

const KEYS_URL: CheckFacts = {
  code: 'jwks-uri-scheme',
  severity: 'error',
  what: 'A `jwksUri` that is not an `http` or `https` URL.',
  why: 'The API server refuses the resource.',
  todo: 'Write the whole URL, such as `https://issuer.example.com/.well-known/jwks.json`.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRD RequestAuthentication, CEL rule on .spec.jwtRules[].jwksUri',
};

/** Scheme, host, and a port that is a number; nothing after them is judged. */
const HTTP_URL = /^https?:\/\/(?:[^\s/?#@]*@)?(?:\[[^\s\]]*\]|[^\s/?#:[\]]+)(?::\d*)?(?:[/?#]\S*)?$/i;

const httpUrl: Rule = {
  facts: KEYS_URL,
  run(node, report) {
    const value = text(node);
    if (!value || HTTP_URL.test(value)) return;
    const fixes = /^[\w-]+(?:\.[\w-]+)+(?:\/\S*)?$/.test(value) ? [changeTo(node, `https://${value}`)] : [];
    const wanted = /^https?:\/\/[^\s/?#]/i.test(value)
      ? 'after its host there may be a port, which is a number, and a path'
      : 'it begins with `https://` or `http://` and a host';
    report(node, `\`${value}\` is not the URL of a key set: ${wanted}.`, { fixes });
  },
};

const DISCOVERED_KEYS: CheckFacts = {
  code: 'jwt-keys-by-discovery',
  severity: 'info',
  what: 'A JWT rule names no keys, and its issuer is not a URL.',
  why: 'istiod then asks the issuer for its OpenID configuration. An issuer that is no URL cannot be asked, so every request with a token is refused.',
  todo: 'Give `jwksUri` or `jwks`.',
  source: 'istio/istio pilot/pkg/model/jwks_resolver.go',
};

const keysCanBeFound: Rule = {
  facts: DISCOVERED_KEYS,
  needsWhole: true,
  run(node, report) {
    const issuer = text(node, 'issuer');
    if (!issuer || presentOf(node, ['jwksUri', 'jwks_uri', 'jwks']).length > 0 || /^https?:\/\//.test(issuer)) return;
    report(
      at(node, 'issuer') ?? node,
      `Without \`jwksUri\` or \`jwks\`, the keys are looked up at the issuer, and \`${issuer}\` is not a URL; tokens of this issuer will all be refused.`,
    );
  },
};

const keysUrl = fragment(() => string({ min: 1, max: 2048, rules: [httpUrl] }));
const name = fragment(() => string({ min: 1 }));

const tokenHeader = fragment(() =>
  object({
    name: required(string({ min: 1 }), 'The header that carries the token, such as `x-jwt-assertion`.'),
    prefix: field(
      string(),
      'Text in front of the token that is cut off, with its blank: `"Bearer "`. A header without it is passed over.',
    ),
  }),
);

const claimToHeader = fragment(() =>
  object({
    header: required(
      string({ min: 1, pattern: /^[-_A-Za-z0-9]+$/, means: 'a header name of letters, digits, `-` and `_`' }),
      'The request header that the application gets. What a client sent under this name is replaced.',
    ),
    claim: required(
      string({ min: 1 }),
      'The claim whose value is copied: text, number or boolean; nested claims as `a.b`.',
    ),
  }),
);

export const jwtRule = fragment(() =>
  object(
    {
      issuer: field(
        name(),
        'The issuer, exactly as in the claim `iss`; a closing slash matters. Tokens of other issuers are judged by other rules, or refused when there is none.',
      ),
      audiences: field(
        list(string({ min: 1 })),
        'Accepted values of the claim `aud`; one must be in the token. Without the list, every audience is accepted, among them tokens made for other services.',
        { default: 'any audience' },
      ),
      jwksUri: field(
        keysUrl(),
        'Where the public keys are. **istiod** fetches them and renews them, so it must reach the URL. When absent and no `jwks` is given, the OpenID configuration of the issuer is asked.',
      ),
      jwks_uri: field(keysUrl(), 'The same as `jwksUri`, in another spelling.', {
        deprecated: { note: 'Write `jwksUri`.', use: 'jwksUri' },
      }),
      jwks: field(
        string({ rules: [jwksIsKeySet, jwksIsPublic] }),
        'The public keys themselves, as the JSON of a key set. They do not follow the rotation of keys at the issuer.',
      ),
      fromHeaders: field(
        list(tokenHeader()),
        'Headers to look for the token in. Naming any place switches the default off.',
        { default: '`Authorization: Bearer …` and the query parameter `access_token`' },
      ),
      fromParams: field(
        list(name()),
        'Query parameters to look for the token in. URLs end up in logs, so prefer headers.',
      ),
      fromCookies: field(
        list(name()),
        'Names of cookies whose value may be the token. Any site can make a browser send a cookie, so guard against forged requests.',
        { since: '1.21' },
      ),
      outputPayloadToHeader: field(
        string(),
        'A header in which the application gets the whole validated payload, base64url-encoded.',
      ),
      forwardOriginalToken: field(
        bool(),
        'Whether the token stays in the request after it was validated. Needed when the application or the next hop reads it too.',
        { default: false },
      ),
      outputClaimToHeaders: field(
        list(claimToHeader()),
        'Claims that are copied into headers of the request once the token is validated.',
      ),
      timeout: field(string({ rules: [duration({ minMs: 1 })] }), 'How long to wait for the keys from `jwksUri`.', {
        default: '5s',
        since: '1.22',
      }),
      spaceDelimitedClaims: field(
        list(string({ min: 1 }), { max: 64 }),
        'Claims, beside `scope` and `permission`, whose text is a list separated by blanks, so that each part can be matched.',
        { since: '1.28' },
      ),
    },
    { rules: [atMostOneOf(['jwksUri', 'jwks_uri', 'jwks'], { facts: ONE_KEY_SOURCE }), needsIssuer, keysCanBeFound] },
  ),
);
