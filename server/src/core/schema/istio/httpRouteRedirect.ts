import { num, text } from '../../yaml/access.ts';
import { choice, field, fragment, object, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atMostOneOf, fieldNode, isFilled } from '../rules.ts';
import { portRange, uint32 } from './port.ts';

/** `redirect`: the client is told to ask elsewhere. */

const INVALID_REDIRECT: CheckFacts = {
  code: 'invalid-redirect',
  severity: 'error',
  what: 'A redirect that changes nothing, changes the path twice, or uses a status or scheme that no redirect has.',
  why: 'The webhook of istiod refuses the resource. Statuses beside 301, 302, 303, 307 and 308 are accepted, but no route is made from them.',
  todo: 'Set `uri`, `prefixRewrite`, `authority`, `scheme`, `port` or `derivePort`; use 301, 302, 303, 307 or 308, and `http` or `https`.',
  source: 'istio/istio pkg/config/validation/validation.go, validateHTTPRedirect',
};

const redirectChanges: Rule = {
  facts: INVALID_REDIRECT,
  needsWhole: true,
  run(node, report) {
    const parts = ['uri', 'prefixRewrite', 'authority', 'scheme', 'port', 'derivePort'];
    if (!parts.some((name) => isFilled(node, name))) {
      report(node, 'A redirect needs something to change: `uri`, `authority`, `scheme`, `port` or `derivePort`.');
    }
  },
};

const onePath: Rule = {
  facts: INVALID_REDIRECT,
  run(node, report) {
    if (isFilled(node, 'uri') && isFilled(node, 'prefixRewrite')) {
      report(
        fieldNode(node, 'prefixRewrite'),
        '`uri` replaces the whole path and `prefixRewrite` a part of it; keep one of them.',
      );
    }
  },
};

const SUPPORTED_REDIRECTS = [301, 302, 303, 307, 308];

const redirectStatus: Rule = {
  facts: INVALID_REDIRECT,
  run(node, report) {
    const code = num(node);
    if (code === undefined || code === 0 || SUPPORTED_REDIRECTS.includes(code)) return;
    if (code < 300 || code > 399) report(node, `${code} is not a redirect; use 301, 302, 303, 307 or 308.`);
    else {
      report(node, `Istio makes no route from a redirect with ${code}; use 301, 302, 303, 307 or 308.`, {
        severity: 'warning',
      });
    }
  },
};

const redirectScheme: Rule = {
  facts: INVALID_REDIRECT,
  run(node, report) {
    const scheme = text(node);
    if (scheme !== undefined && !['', 'http', 'https'].includes(scheme)) {
      report(node, `\`${scheme}\` is not a scheme for redirects; use \`http\` or \`https\`.`);
    }
  },
};

export const redirect = fragment(() =>
  object(
    {
      uri: field(string(), 'The new path, in place of the whole old one. The query stays.'),
      prefixRewrite: field(
        string(),
        'What replaces the matched prefix of the path; the rest stays. Every match of the rule must then be by prefix.',
        { since: '1.31' },
      ),
      authority: field(string(), 'The new host in the URL.'),
      scheme: field(
        string({ rules: [redirectScheme] }),
        '`http` or `https`; with `https` and nothing else this is the usual upgrade to TLS.',
        { default: 'that of the request' },
      ),
      port: field(
        uint32([portRange({ zeroAllowed: true })]),
        'The port that the client is sent to, when it is not to be derived.',
      ),
      derivePort: field(
        choice({
          FROM_PROTOCOL_DEFAULT: '80 for `http` and 443 for `https`, so that the URL shows no port.',
          FROM_REQUEST_PORT: 'The port on which the request came in.',
        }),
        'How the port is found when `port` does not say it.',
        { default: 'FROM_PROTOCOL_DEFAULT' },
      ),
      redirectCode: field(
        uint32([redirectStatus]),
        'The status: 301 and 308 are remembered by browsers, 302, 303 and 307 are not; 307 and 308 keep the method.',
        { default: 301 },
      ),
    },
    { rules: [redirectChanges, onePath, atMostOneOf(['port', 'derivePort'])] },
  ),
);
