import { at, entriesOf, has, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { isIpAddress } from '../addresses.ts';
import { field, fragment, map, object, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode, keysOf } from '../rules.ts';
import { domainProblem, isDnsLabel } from './hosts.ts';
import { PORT_NAME, portNumber, uint32 } from './port.ts';
import { isUnixSocket, UNIX_SOCKET_WITH_PORT, unixSocket } from './portBind.ts';
import { isFilled } from './serverTlsRules.ts';
import { workloadLabels } from './workloadLabels.ts';

/** One instance of a service outside Kubernetes: a WorkloadEntry, an endpoint of a ServiceEntry, the template of a WorkloadGroup. */

const MAX_PORT_NAME = 62;

const portNames: Rule = {
  facts: PORT_NAME,
  run(node, report) {
    for (const { key, node: where } of keysOf(node)) {
      if (key.includes('{{') || (key.length <= MAX_PORT_NAME && isDnsLabel(key))) continue;
      report(
        where,
        `\`${key}\` is not a port name: it must be at most ${MAX_PORT_NAME} letters, digits and hyphens, with a letter or digit at both ends.`,
      );
    }
  },
};

export const noPortsOnUnixSocket: Rule = {
  facts: UNIX_SOCKET_WITH_PORT,
  run(node, report) {
    const address = text(node, 'address');
    if (address === undefined || !isUnixSocket(address) || !has(node, 'ports')) return;
    report(fieldNode(node, 'ports'), 'An endpoint behind a Unix socket has no ports; remove `ports`.');
  },
};

const MISSING_ADDRESS: CheckFacts = {
  code: 'workload-address-missing',
  severity: 'error',
  what: 'A workload outside Kubernetes without an address.',
  why: 'Nothing could be sent to it; the API server refuses the resource. With `network` alone it is accepted, and reached only through a gateway of that network.',
  todo: 'Set `address` to an IP address, a DNS name or a Unix socket.',
  peers: ['CRD-CEL'],
  source:
    'istio/istio pkg/config/validation/validation.go, validateWorkloadEntry; istio/api CRDs, CEL rule on address and network',
};

export const hasAddress: Rule = {
  facts: MISSING_ADDRESS,
  needsWhole: true,
  run(node, report) {
    if (isFilled(node, 'address')) return;
    if (!isFilled(node, 'network')) {
      report(node, 'The workload needs `address`, or at least `network`.');
      return;
    }
    const message =
      'Without `address` this workload is reached only through an east-west gateway of its `network`; proxies without such a gateway cannot reach it.';
    report(fieldNode(node, 'network'), message, { severity: 'warning' });
  },
};

export const INVALID_ADDRESS: CheckFacts = {
  code: 'invalid-workload-address',
  severity: 'error',
  what: 'An address of a workload that is neither an IP address nor, where names can be resolved, a DNS name.',
  why: 'The proxy could not connect to it; the webhook of istiod refuses the resource.',
  todo: 'Write an IP address without a port; ports belong into `ports`. For DNS names in a ServiceEntry set `resolution: DNS`.',
  source: 'istio/istio pkg/config/validation/validation.go, validateWorkloadEntry and ValidateServiceEntry',
};

const ADDRESS_WITH_PORT = /^[^:]+:\d+$/;

/** Reports an address, at its scalar, when it does not have one of the allowed forms. Empty ones are not judged. */
export function addressRule(allowed: { names: boolean; sockets: boolean }): Rule {
  return {
    facts: INVALID_ADDRESS,
    run(node, report) {
      const address = text(node, 'address');
      if (address === undefined || address === '' || isIpAddress(address)) return;
      const where = at(node, 'address') ?? node;
      if (isUnixSocket(address)) {
        if (!allowed.sockets) report(where, 'A Unix socket needs `resolution: STATIC`.');
      } else if (!allowed.names) {
        report(
          where,
          `\`${address}\` is not an IP address, and with \`resolution: STATIC\` names are not looked up; use \`DNS\` for names.`,
        );
      } else {
        const problem = ADDRESS_WITH_PORT.test(address) ? 'a port belongs into `ports`' : domainProblem(address);
        if (problem) report(where, `\`${address}\` is neither an IP address nor a DNS name: ${problem}.`);
      }
    },
  };
}

const LOCALITY =
  'Where the workload runs, as `region/zone/subzone`, for locality-aware load balancing. Taken from the proxy when the workload has one.';

/** The fields that all three places share. */
const endpointFields = fragment(() => ({
  address: field(
    string({ max: 256, rules: [unixSocket] }),
    'Where the workload is reached: an IP address, a DNS name (for `resolution: DNS`), or `unix:///path` (for `STATIC`). Never with a port.',
  ),
  ports: field(
    map(portNumber(), { max: 128, rules: [portNames] }),
    'Ports of this workload that differ from those of the service, by the **name** of the service port. A port that is not listed is reached at `targetPort`, or else at the number of the service port.',
  ),
  labels: field(
    workloadLabels(),
    'Labels of the workload, by which selectors, subsets of DestinationRules and policies find it. Nothing sets them for you outside Kubernetes.',
  ),
  network: field(
    string({ max: 2048 }),
    'Name of the network the workload is in. Proxies of the same network connect directly, others through an east-west gateway. Without it the workload counts as directly reachable.',
  ),
  locality: field(string({ max: 2048 }), LOCALITY),
  weight: field(
    uint32(),
    'Share of the traffic relative to the other endpoints of the service. 0 counts as 1; it does not take the endpoint out.',
    { default: 1 },
  ),
  serviceAccount: field(
    string({ max: 253 }),
    'Service account under which the proxy of the workload got its certificate. Clients check it in mutual TLS, and policies see it as the identity, so it must be the real one and in the same namespace.',
  ),
}));

export function workloadEndpoint(rules: readonly Rule[] = []) {
  return object(endpointFields(), { rules: [noPortsOnUnixSocket, ...rules] });
}

/** The names of the ports that an endpoint maps, with their keys. */
export function mappedPorts(endpoint: YamlNode) {
  return entriesOf(at(endpoint, 'ports')).map(({ key }) => ({ name: key.text, key }));
}
