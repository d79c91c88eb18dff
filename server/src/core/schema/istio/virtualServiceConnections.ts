import { at, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { isAddressOrNetwork, isIpAddress } from '../addresses.ts';
import { field, fragment, list, object, required, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { lacksItems, textsOf } from '../rules.ts';
import { connectionDestinations } from './destinationWeights.ts';
import { hostWithin, INVALID_HOST, wildcardDomainProblem } from './hosts.ts';
import { labels } from './labels.ts';
import { portRange, uint32 } from './port.ts';
import { gateways } from './virtualServiceGateways.ts';

/** The rules of `tls` and `tcp`: connections whose content the proxy does not read. */

const SOURCE = 'istio/istio pkg/config/validation/validation.go';

const NO_CONNECTION_ROUTE: CheckFacts = {
  code: 'connection-rule-incomplete',
  severity: 'error',
  what: 'A `tls` or `tcp` rule without destination, or a `tls` rule without match or SNI host.',
  why: 'The webhook of istiod refuses the resource.',
  todo: 'Add `route` with a destination; a `tls` rule also needs `match` with `sniHosts`.',
  source: `${SOURCE}, validateTLSRoute and validateTCPRoute`,
};

/** An empty list counts as absent; required lists that are absent are reported by their definition. */
function notEmpty(name: string, message: string, options: { required?: boolean } = {}): Rule {
  return {
    facts: NO_CONNECTION_ROUTE,
    needsWhole: true,
    run(node, report) {
      const value = at(node, name);
      if (lacksItems(node, name) && (value || !options.required)) report(value ?? node, message);
    },
  };
}

const INVALID_SUBNET: CheckFacts = {
  code: 'invalid-subnet',
  severity: 'error',
  what: 'A destination subnet that is neither an IP address nor a network.',
  why: 'The webhook of istiod refuses the resource. Names are not resolved here.',
  todo: 'Write an address such as `10.1.2.3`, or a network such as `10.1.0.0/16`.',
  source: `${SOURCE}, validateTCPMatch`,
};

const subnet: Rule = {
  facts: INVALID_SUBNET,
  run(node, report) {
    const value = text(node);
    if (value !== undefined && !isAddressOrNetwork(value)) {
      report(node, `\`${value}\` is neither an IP address nor a network such as \`10.1.0.0/16\`.`);
    }
  },
};

const SNI_OUTSIDE_HOSTS: CheckFacts = {
  code: 'sni-outside-hosts',
  severity: 'error',
  what: 'An SNI host that no entry of `hosts` includes, or one that is an IP address.',
  why: 'The rules of the resource are only looked at for its own hosts, so such a rule could never match; the webhook of istiod refuses it. TLS clients send no SNI for IP addresses.',
  todo: 'Add the name to `hosts`, or correct it.',
  source: `${SOURCE}, validateSniHost`,
};

/** Names that istiod makes for gateways between networks; they may hold underscores. */
function isGenerated(name: string): boolean {
  return name.startsWith('outbound_.');
}

const sniForm: Rule = {
  facts: INVALID_HOST,
  run(node, report) {
    const name = text(node);
    if (name === undefined || isIpAddress(name) || isGenerated(name)) return;
    const problem = wildcardDomainProblem(name);
    if (problem) report(node, `\`${name}\` is not a valid SNI host: ${problem}.`);
  },
};

/** For the spec, whose hosts are read once. */
export const sniWithinHosts: Rule = {
  facts: SNI_OUTSIDE_HOSTS,
  needsWhole: true,
  run(node, report) {
    const hosts = textsOf(node, 'hosts').map((host) => host.text);
    // Hosts from a template may well include a name; without hosts at all another rule speaks.
    const hostsKnown = hosts.length > 0 && hosts.length === items(node, 'hosts').length;
    for (const { text: name, node: item } of sniHostsOf(node)) {
      const isName = wildcardDomainProblem(name) === undefined || isGenerated(name);
      if (!isName && isIpAddress(name)) {
        report(
          item,
          `\`${name}\` is an IP address, and TLS clients send no SNI for those; match with \`destinationSubnets\`.`,
          {
            severity: 'warning',
          },
        );
      } else if (isName && hostsKnown && !hosts.some((host) => hostWithin(name, host))) {
        report(item, `No entry of \`hosts\` includes \`${name}\`, so this rule can never match.`);
      }
    }
  },
};

function sniHostsOf(spec: YamlNode): { text: string; node: YamlNode }[] {
  return items(spec, 'tls').flatMap((rule) => items(rule, 'match').flatMap((match) => textsOf(match, 'sniHosts')));
}

const connectionMatch = {
  destinationSubnets: () =>
    field(list(string({ rules: [subnet] })), 'IP addresses or networks that the connection goes to.'),
  port: () => field(uint32([portRange({ zeroAllowed: true })]), 'The port of the service that the connection is for.'),
  sourceLabels: () =>
    field(labels(), 'Labels of the **client** pod, which its sidecar knows. A gateway compares its own labels.', {
      readBy: ['sidecar'],
    }),
  sourceNamespace: () =>
    field(string(), 'The namespace of the client, as the proxy of the client knows it.', {
      readBy: ['sidecar', 'waypoint'],
    }),
  gateways: () =>
    field(gateways(), 'Which of the gateways of this resource the match is for; it replaces the list at the top.'),
};

const tlsMatch = fragment(() =>
  object(
    {
      sniHosts: required(
        list(string({ rules: [sniForm] })),
        'Names that the client asks for in its TLS handshake (SNI), with wildcards in front. Each must lie within `hosts`.',
      ),
      destinationSubnets: connectionMatch.destinationSubnets(),
      port: connectionMatch.port(),
      sourceLabels: connectionMatch.sourceLabels(),
      sourceNamespace: connectionMatch.sourceNamespace(),
      gateways: connectionMatch.gateways(),
    },
    { rules: [notEmpty('sniHosts', 'A TLS match needs at least one SNI host.', { required: true })] },
  ),
);

export const tlsRoute = fragment(() =>
  object(
    {
      match: required(
        list(tlsMatch()),
        'Which connections the rule is about: those for which one item holds. It must not be empty.',
      ),
      route: field(connectionDestinations(), 'Where connections are sent, still encrypted as the client sent them.'),
    },
    {
      rules: [
        notEmpty('match', 'A TLS rule needs a match with SNI hosts.', { required: true }),
        notEmpty('route', 'A TLS rule needs `route` with a destination.'),
      ],
    },
  ),
);

const tcpMatch = fragment(() =>
  object({
    destinationSubnets: connectionMatch.destinationSubnets(),
    port: connectionMatch.port(),
    sourceLabels: connectionMatch.sourceLabels(),
    sourceNamespace: connectionMatch.sourceNamespace(),
    sourceSubnet: field(string(), 'Was meant for the address of the client; Istio does not implement it.'),
    gateways: connectionMatch.gateways(),
  }),
);

export const tcpRoute = fragment(() =>
  object(
    {
      match: field(list(tcpMatch()), 'Which connections the rule is about; without it, all of the host and port.'),
      route: field(connectionDestinations(), 'Where connections are sent, divided by weight.'),
    },
    { rules: [notEmpty('route', 'A TCP rule needs `route` with a destination.')] },
  ),
);
