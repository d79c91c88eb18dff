import { text } from '../../yaml/access.ts';
import { isAddressOrNetwork } from '../addresses.ts';
import { changeTo } from '../fixes.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { nearestName } from '../unknownField.ts';

/** Rules about single values of an AuthorizationPolicy: what a matcher takes, and what can never match. */

const WEBHOOK = 'istio/istio pkg/config/security/security.go';

const EMPTY_MATCH: CheckFacts = {
  code: 'empty-match-value',
  severity: 'error',
  what: 'An empty text among the values of an authorization rule.',
  why: 'The webhook of istiod refuses the policy.',
  todo: 'Give the value, or remove the item. To match anything, write `*`.',
  source: WEBHOOK,
};

export const notEmpty: Rule = {
  facts: EMPTY_MATCH,
  run(node, report) {
    if (text(node) === '') report(node, 'A value to match must not be empty; `*` matches anything that is not empty.');
  },
};

const IP_BLOCK: CheckFacts = {
  code: 'authorization-ip-block',
  severity: 'error',
  what: 'An address range of an authorization rule that is neither an IP address nor a network.',
  why: 'The webhook of istiod refuses the policy. Without the webhook, ztunnel drops the range silently.',
  todo: 'Write an address such as `10.1.2.3` or a network such as `10.1.0.0/16`. Host names are not looked up.',
  source: WEBHOOK,
};

export const ipBlock: Rule = {
  facts: IP_BLOCK,
  run(node, report) {
    const value = text(node);
    if (value === undefined || value === '' || isAddressOrNetwork(value)) return;
    report(node, `\`${value}\` is neither an IP address such as \`10.1.2.3\` nor a network such as \`10.1.0.0/16\`.`);
  },
};

const PORT: CheckFacts = {
  code: 'authorization-port',
  severity: 'error',
  what: 'A port of an authorization rule that is not a port number.',
  why: 'The webhook of istiod refuses the policy.',
  todo: 'Write the number in quotes, such as `"8080"`. Names, ranges and wildcards are not taken.',
  source: WEBHOOK,
};

export const portNumber: Rule = {
  facts: PORT,
  run(node, report) {
    const value = text(node);
    if (value === undefined || value === '' || (/^\d+$/.test(value) && Number(value) <= 65535)) return;
    report(node, `\`${value}\` is not a port number from 0 to 65535; names, ranges and wildcards are not taken here.`);
  },
};

const SERVICE_ACCOUNT: CheckFacts = {
  code: 'service-account-form',
  severity: 'error',
  what: 'A service account that is not written as `name` or `namespace/name`.',
  why: 'The webhook of istiod refuses the policy.',
  todo: 'Write `name` for the namespace of the policy or `namespace/name` for another one. Wildcards are not taken; for these use `principals` or `namespaces`.',
  source: WEBHOOK,
};

export const serviceAccount: Rule = {
  facts: SERVICE_ACCOUNT,
  run(node, report) {
    const value = text(node);
    if (value === undefined || value === '') return;
    if (value.includes('*')) {
      report(
        node,
        `\`${value}\`: service accounts are compared exactly, a wildcard is not taken; use \`principals\` or \`namespaces\` for patterns.`,
      );
    } else if (!/^[^/]+(?:\/[^/]+)?$/.test(value)) {
      const principal = /^[^/]+\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(value);
      const fixes = principal ? [changeTo(node, `${principal[1]}/${principal[2]}`)] : [];
      report(node, `\`${value}\` is not a service account; write \`name\` or \`namespace/name\`.`, { fixes });
    }
  },
};

/** The methods of HTTP, with what a rule about them is about. */
export const HTTP_METHODS: Readonly<Record<string, string>> = {
  GET: 'Requests that read.',
  HEAD: 'Requests that read the headers of the answer alone. A rule about `GET` does not cover them.',
  POST: 'Requests that hand something in; every gRPC call is one.',
  PUT: 'Requests that replace what is at the path.',
  PATCH: 'Requests that change a part of what is at the path.',
  DELETE: 'Requests that remove what is at the path.',
  CONNECT: 'Requests for a tunnel through the proxy.',
  OPTIONS: 'Requests for what is allowed; browsers send them before requests to another site (CORS).',
  TRACE: 'Requests that ask for themselves to be sent back.',
};
const METHODS = Object.keys(HTTP_METHODS);

const METHOD: CheckFacts = {
  code: 'unknown-http-method',
  severity: 'warning',
  what: 'A method of an authorization rule that is not an HTTP method.',
  why: 'Methods are compared as they stand on the wire, in upper case. One that nobody sends never matches: ALLOW refuses, DENY lets through.',
  todo: 'Use an HTTP method in upper case, or `*`. A gRPC call is a `POST`; its name belongs into `paths`.',
  peers: ['KIA0102'],
  source: 'kiali/kiali business/checkers/authorization',
};

export const httpMethod: Rule = {
  facts: METHOD,
  run(node, report) {
    const value = text(node);
    if (value === undefined || value === '' || matchesSomeMethod(value.trim())) return;
    const near = nearestName(value.toUpperCase(), METHODS);
    const fixes = near ? [changeTo(node, near)] : [];
    report(node, `\`${value}\` is not an HTTP method and never matches; ${methodAdvice(value, near)}`, { fixes });
  },
};

function methodAdvice(value: string, near: string | undefined): string {
  if (/^\/?[\w.]+\/\w+$/.test(value)) return 'a gRPC call is a `POST`, and its name belongs into `paths`.';
  return near ? `did you mean \`${near}\`?` : `methods are ${METHODS.join(', ')}, or \`*\`.`;
}

function matchesSomeMethod(pattern: string): boolean {
  if (pattern.startsWith('*')) return METHODS.some((method) => method.endsWith(pattern.slice(1)));
  if (pattern.endsWith('*')) return METHODS.some((method) => method.startsWith(pattern.slice(0, -1)));
  return METHODS.includes(pattern);
}

const PATH_TEMPLATE: CheckFacts = {
  code: 'path-template',
  severity: 'error',
  what: 'A path of an authorization rule uses `{*}` or `{**}` in a way that Envoy does not take.',
  why: 'The webhook of istiod refuses the policy.',
  todo: 'Use `{*}` for exactly one whole segment and `{**}` for any number of them, as the last template of the path. Do not mix them with `*`.',
  source: WEBHOOK,
};

const LITERAL_SEGMENT = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;

export const pathTemplate: Rule = {
  facts: PATH_TEMPLATE,
  run(node, report) {
    const value = text(node);
    const problem = value === undefined ? undefined : templateProblem(value);
    if (problem) report(node, `\`${value}\` is not a path template: ${problem}.`);
  },
};

function templateProblem(path: string): string | undefined {
  if (!/[{}]/.test(path)) return undefined;
  let restMatched = false;
  const isTemplate = /\{\*\*?\}/.test(path);
  for (const segment of segmentsOf(path)) {
    if (segment === '{*}' || segment === '{**}') {
      if (restMatched) return '`{**}` stands for any number of segments, so no template may follow it';
      restMatched = segment === '{**}';
    } else if (/[{}]/.test(segment)) {
      return `\`${segment}\` has braces; the only templates are \`{*}\` for one whole segment and \`{**}\` for any number of them`;
    } else if (isTemplate && !LITERAL_SEGMENT.test(segment)) {
      return segment === ''
        ? 'it has an empty segment'
        : `\`${segment}\` has a character that a template does not take`;
    }
  }
  return undefined;
}

/** The segments of a path, slashes at both ends left out. */
function segmentsOf(path: string): string[] {
  const parts = path.split('/');
  const first = parts.findIndex((part) => part !== '');
  return first === -1 ? [] : parts.slice(first, parts.findLastIndex((part) => part !== '') + 1);
}

const PATH_NEVER_MATCHES: CheckFacts = {
  code: 'path-never-matches',
  severity: 'warning',
  what: 'A path of an authorization rule that no request path can match as it is meant.',
  why: 'Paths are compared as plain text, from the slash on and without the query. A value that never matches makes ALLOW refuse and DENY let through.',
  todo: 'Start with `/` or `*`, leave the query out, and write prefixes as `/api/*`: regular expressions are not supported.',
  source: 'istio/istio pilot/pkg/security/authz/matcher/path.go',
};

export const pathCanMatch: Rule = {
  facts: PATH_NEVER_MATCHES,
  run(node, report) {
    const value = text(node);
    if (!value || /[{}]/.test(value)) return;
    const problem = pathProblem(value);
    if (problem) report(node, `\`${value}\` ${problem}.`);
  },
};

function pathProblem(path: string): string | undefined {
  if (!/^[/*]/.test(path)) return 'does not start with `/`, and every request path does, so it never matches';
  if (/[?#]/.test(path))
    return 'contains a query or fragment, which is cut off before paths are compared, so it never matches';
  if (looksLikeRegex(path)) {
    return 'looks like a regular expression; paths take only a `*` at one end, and every other character literally';
  }
  return undefined;
}

/** Bounded, so that a hostile path cannot make it slow. */
function looksLikeRegex(path: string): boolean {
  if (path.includes('.*') || path.includes('\\') || path.endsWith('$')) return true;
  const open = path.indexOf('(');
  return /\[[^\]]{1,40}\]/.test(path) || (open !== -1 && path.includes('|', open));
}
