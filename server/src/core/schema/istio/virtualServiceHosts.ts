import { at, entriesOf, has, items } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { isIpAddress } from '../addresses.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode, lacksItems, textsOf } from '../rules.ts';
import { hostsOverlap, INVALID_HOST, wildcardDomainProblem } from './hosts.ts';
import { isClaimMatch } from './httpRouteMatch.ts';

/** What the hosts, gateways and rules of a VirtualService must be together. A resource without hosts is a delegate. */

const SOURCE = 'istio/istio pkg/config/validation/validation.go, ValidateVirtualService';
const MESH = 'mesh';

/** Whether the routes are for gateways alone. Undefined when a template decides. */
function onlyGateways(spec: YamlNode): boolean | undefined {
  const named = textsOf(spec, 'gateways');
  if (named.some((name) => name.text === MESH)) return false;
  if (lacksItems(spec, 'gateways')) return false;
  return named.length > 0 && named.length === items(spec, 'gateways').length ? true : undefined;
}

const virtualHost: Rule = {
  facts: INVALID_HOST,
  run(node, report) {
    for (const { text: host, node: item } of textsOf(node, 'hosts')) {
      // Gateways between networks take names that istiod makes, which hold underscores.
      if (isIpAddress(host) || (host.startsWith('outbound_.') && items(node, 'tls').length > 0)) continue;
      const problem = wildcardDomainProblem(host);
      if (problem) report(item, `\`${host}\` is not a valid host: ${problem}.`);
    }
  },
};

const MESH_WILDCARD: CheckFacts = {
  code: 'mesh-wildcard-host',
  severity: 'error',
  what: 'The host `*` in a VirtualService that is for the proxies of workloads.',
  why: 'It would take over every request in the mesh; the webhook of istiod refuses it. At a gateway `*` is fine.',
  todo: 'Name the hosts, or list only Gateways in `gateways`.',
  source: SOURCE,
};

const noMeshWildcard: Rule = {
  facts: MESH_WILDCARD,
  needsWhole: true,
  run(node, report) {
    if (onlyGateways(node) !== false) return;
    for (const { text: host, node: item } of textsOf(node, 'hosts')) {
      if (host === '*') {
        report(
          item,
          '`*` is only allowed when all `gateways` are Gateways; without `gateways` the rules are for the whole mesh.',
        );
      }
    }
  },
};

const OVERLAPPING_HOSTS: CheckFacts = {
  code: 'overlapping-hosts',
  severity: 'error',
  what: 'Two hosts of one VirtualService mean the same names, such as `*.example.com` and `www.example.com`.',
  why: 'Envoy takes each name only once in a route table; the webhook of istiod refuses the resource.',
  todo: 'Keep the wider of the two, or split the resource.',
  source: SOURCE,
};

const distinctHosts: Rule = {
  facts: OVERLAPPING_HOSTS,
  run(node, report) {
    const hosts = textsOf(node, 'hosts').filter((host) => !wildcardDomainProblem(host.text) || isIpAddress(host.text));
    for (const [index, host] of hosts.entries()) {
      const earlier = hosts.slice(0, index).find((other) => hostsOverlap(other.text, host.text));
      if (earlier) {
        report(
          host.node,
          earlier.text === host.text
            ? `\`${host.text}\` is listed twice.`
            : `\`${host.text}\` and \`${earlier.text}\` overlap; a name may belong to one host only.`,
        );
      }
    }
  },
};

const INVALID_DELEGATE: CheckFacts = {
  code: 'delegate-with-gateways',
  severity: 'error',
  what: 'A VirtualService without `hosts`, which is a delegate, has `gateways`, `tls` or `tcp`.',
  why: 'A delegate only lends its HTTP rules to the resource that names it; the webhook of istiod refuses the rest.',
  todo: 'Add `hosts` if it is no delegate; otherwise remove the field.',
  source: SOURCE,
};

const plainDelegate: Rule = {
  facts: INVALID_DELEGATE,
  needsWhole: true,
  run(node, report) {
    if (!lacksItems(node, 'hosts')) return;
    for (const name of ['gateways', 'tls', 'tcp']) {
      if (items(node, name).length > 0) {
        report(fieldNode(node, name), `Without \`hosts\` this is a delegate, and a delegate has no \`${name}\`.`);
      }
    }
  },
};

const NO_ROUTES: CheckFacts = {
  code: 'virtual-service-without-rules',
  severity: 'error',
  what: 'A VirtualService with neither `http`, nor `tls`, nor `tcp`.',
  why: 'It would answer 404 to everything; the webhook of istiod refuses it.',
  todo: 'Add rules under `http`, `tls` or `tcp`.',
  source: SOURCE,
};

const someRules: Rule = {
  facts: NO_ROUTES,
  needsWhole: true,
  run(node, report) {
    const lists = ['http', 'tls', 'tcp'];
    if (!lists.every((name) => lacksItems(node, name))) return;
    const empty = lists.find((name) => has(node, name));
    report(
      empty ? fieldNode(node, empty) : node,
      'A VirtualService needs rules: at least one of `http`, `tls` and `tcp`.',
    );
  },
};

const CLAIM_WITHOUT_GATEWAY: CheckFacts = {
  code: 'claim-match-without-gateway',
  severity: 'error',
  what: 'A route that depends on a claim of a token, in a VirtualService that is not for gateways alone.',
  why: 'Only gateways verify tokens before they choose a route; the webhook of istiod refuses the resource.',
  todo: 'List only Gateways in `gateways` and remove `mesh`, or match a header instead.',
  source: SOURCE,
};

const claimsAtGateways: Rule = {
  facts: CLAIM_WITHOUT_GATEWAY,
  needsWhole: true,
  run(node, report) {
    if (onlyGateways(node) !== false) return;
    for (const rule of items(node, 'http')) {
      for (const match of items(rule, 'match')) {
        for (const { key } of [...entriesOf(at(match, 'headers')), ...entriesOf(at(match, 'withoutHeaders'))]) {
          if (isClaimMatch(key.text)) {
            report(key, 'Routes can depend on claims only at gateways; list Gateways, and not `mesh`, in `gateways`.');
          }
        }
      }
    }
  },
};

export const virtualServiceRules: readonly Rule[] = [
  virtualHost,
  noMeshWildcard,
  distinctHosts,
  plainDelegate,
  someRules,
  claimsAtGateways,
];
