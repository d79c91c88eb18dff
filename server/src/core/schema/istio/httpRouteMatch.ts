import { asScalar, entriesOf, isPresent, text } from '../../yaml/access.ts';
import { replaceWithSource } from '../../yaml/edits.ts';
import { bool, field, fragment, map, object, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { keysOf } from '../rules.ts';
import { headerNameProblem, INVALID_HEADER_NAME } from './headers.ts';
import { isDnsLabel } from './hosts.ts';
import { matchCanHold } from './httpRoutePitfalls.ts';
import { labels } from './labels.ts';
import { portRange, uint32 } from './port.ts';
import { absentHeaderMatch, pathMatch, stringMatch } from './stringMatch.ts';
import { gateways } from './virtualServiceGateways.ts';

/** `match` of HTTP rules: which requests a rule is about. Conditions of one item must all hold; one item is enough. */

/** True for pseudo headers that stand for a claim of a verified token: `@request.auth.claims.groups`, `@request.auth.claims[groups]`. */
export function isClaimMatch(header: string): boolean {
  return /^@request\.auth\.claims(?:\..+|\[.+\])$/is.test(header);
}

const headerKeys: Rule = {
  facts: INVALID_HEADER_NAME,
  run(node, report) {
    for (const { key, node: where } of keysOf(node)) {
      if (isClaimMatch(key) || key.includes('{{')) continue;
      const problem = headerNameProblem(key);
      if (!problem) continue;
      const hint = key.startsWith('@')
        ? ' A claim of a token is written `@request.auth.claims.<name>`.'
        : key.startsWith(':')
          ? ' Match the request line with `uri`, `method`, `scheme` or `authority`.'
          : '';
      report(where, `\`${key}\` is not a header name: ${problem}.${hint}`);
    }
  },
};

const NULL_HEADER_MATCH: CheckFacts = {
  code: 'header-match-without-value',
  severity: 'error',
  what: 'A header to match has nothing after its colon.',
  why: 'That is null, which the webhook of istiod refuses; it does not mean that the header must be there.',
  todo: 'Write `{}` for "is there, whatever its value", or say `exact`, `prefix` or `regex`.',
  source: 'istio/istio pkg/config/validation/virtualservice.go, validateHTTPRouteMatchRequest',
};

const noNullHeader: Rule = {
  facts: NULL_HEADER_MATCH,
  run(node, report) {
    for (const { key, value } of entriesOf(node)) {
      if (isPresent(value)) continue;
      const scalar = asScalar(value);
      const fixes = scalar
        ? [{ title: 'Match whenever the header is there', safe: false, edits: [replaceWithSource(scalar, '{}')] }]
        : [];
      report(key, `\`${key.text}\` has no match; write \`{}\` if it only has to be there.`, { fixes });
    }
  },
};

const INVALID_NAMESPACE: CheckFacts = {
  code: 'invalid-source-namespace',
  severity: 'error',
  what: '`sourceNamespace` is not the name of a namespace.',
  why: 'No client could be in it; the webhook of istiod refuses the resource. It takes no wildcard and no list.',
  todo: 'Write one name of a namespace, or repeat the match for each.',
  source: 'istio/istio pkg/config/validation/virtualservice.go, validateHTTPRouteMatchRequest',
};

const sourceNamespace: Rule = {
  facts: INVALID_NAMESPACE,
  run(node, report) {
    const name = text(node);
    if (name !== undefined && name !== '' && !isDnsLabel(name)) {
      report(node, `\`${name}\` is not the name of a namespace; wildcards are not allowed.`);
    }
  },
};

export const httpMatch = fragment(() =>
  object(
    {
      name: field(
        string(),
        'A name for this match; with the name of the rule it appears in access logs and in statistics.',
      ),
      uri: field(
        pathMatch(),
        'The path, without query. `prefix: /api` also matches `/apis`, because it is compared letter by letter.',
      ),
      ignoreUriCase: field(bool(), 'Compares `uri` without regard to case, for `exact` and `prefix` only.', {
        default: false,
      }),
      scheme: field(stringMatch(), 'The scheme of the URL, `http` or `https`, as the request says it.'),
      method: field(stringMatch(), 'The HTTP method, in upper case. Plain gRPC calls are all `POST`.'),
      authority: field(
        stringMatch(),
        'The `Host` of the request, port included where the client sends one. Only useful to divide a wildcard host.',
      ),
      headers: field(
        map(stringMatch(), { rules: [headerKeys, noNullHeader] }),
        'Headers by lower-case name. An empty match `{}` means the header is there, whatever its value. At gateways, `@request.auth.claims.<name>` matches a claim of a verified token.',
      ),
      withoutHeaders: field(
        map(absentHeaderMatch(), { rules: [headerKeys] }),
        'Headers that must **not** match. `{}` means the header must be absent.',
      ),
      queryParams: field(
        map(stringMatch()),
        'Parameters of the query by name, case included. `{}` means the parameter is there.',
      ),
      port: field(
        uint32([portRange({ zeroAllowed: true })]),
        'The port of the service that the request is for. Needed only when the host has several ports.',
      ),
      sourceLabels: field(
        labels(),
        'Labels of the **client** pod, which its sidecar knows. A waypoint drops a match with this condition; a gateway compares its own labels.',
        { readBy: ['sidecar'] },
      ),
      sourceNamespace: field(
        string({ rules: [sourceNamespace] }),
        'The namespace of the client. A waypoint compares it with its **own** namespace, so it rarely does there what is meant.',
        { readBy: ['sidecar', 'waypoint'] },
      ),
      gateways: field(
        gateways(),
        'Which of the gateways of this resource the match is for; it replaces the list at the top.',
      ),
      statPrefix: field(string(), 'Envoy keeps statistics for this route under this prefix.'),
    },
    { rules: [matchCanHold] },
  ),
);
