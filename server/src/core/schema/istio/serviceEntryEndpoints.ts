import { at, items, text } from '../../yaml/access.ts';
import { renameKey } from '../../yaml/edits.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { listOf } from '../rules.ts';
import { isUnixSocket } from './portBind.ts';
import { isFilled } from './serverTlsRules.ts';
import { isDns, resolutionOf, WEBHOOK } from './serviceEntryResolution.ts';
import { addressRule, INVALID_ADDRESS, mappedPorts } from './workloadEndpoint.ts';

/** What a ServiceEntry may say about its endpoints, which depends on its resolution; these rules get its spec. */

/** Addresses of endpoints: IP addresses and sockets for STATIC, IP addresses and names for DNS. */
const endpointAddresses: Rule = {
  facts: INVALID_ADDRESS,
  run(node, report, context) {
    const resolution = resolutionOf(node);
    if (resolution !== 'STATIC' && !isDns(resolution)) return;
    for (const endpoint of items(node, 'endpoints')) {
      addressRule({ names: isDns(resolution), sockets: resolution === 'STATIC' }).run(endpoint, report, context);
      if (isDns(resolution) && isFilled(endpoint, 'network') && !isFilled(endpoint, 'address')) {
        report(endpoint, `With resolution \`${resolution}\` every endpoint needs an \`address\`.`);
      }
    }
  },
};

const UNDEFINED_PORT: CheckFacts = {
  code: 'endpoint-port-undefined',
  severity: 'error',
  what: 'An endpoint maps a port whose name the ServiceEntry does not define.',
  why: 'The keys are names of the service ports; a mapping to an unknown one is never used, and the webhook of istiod refuses the resource.',
  todo: 'Use the name of one of the `ports` of the ServiceEntry.',
  source: WEBHOOK,
};

const endpointPortsDefined: Rule = {
  facts: UNDEFINED_PORT,
  needsWhole: true,
  run(node, report) {
    const resolution = resolutionOf(node);
    if (resolution !== 'STATIC' && !isDns(resolution)) return;
    const ports = items(node, 'ports');
    const names = ports.flatMap((port) => text(port, 'name') ?? []);
    // A name that comes from a template could be any.
    if (names.length < ports.length) return;
    for (const endpoint of items(node, 'endpoints')) {
      const mapped = mappedPorts(endpoint);
      for (const { name, key } of mapped) {
        if (names.includes(name) || key.templated) continue;
        const known = names.length > 0 ? `its ports are named ${listOf(names)}` : 'it has no `ports`';
        const [only, ...others] = names;
        const fixes =
          only === undefined || others.length > 0 || mapped.length > 1
            ? []
            : [{ title: `Rename to ${only}`, safe: false, edits: [renameKey(key, only)] }];
        report(key, `The ServiceEntry has no port named \`${name}\`; ${known}.`, { fixes });
      }
    }
  },
};

const SOCKET_PORTS: CheckFacts = {
  code: 'unix-endpoint-one-port',
  severity: 'error',
  what: 'A Unix socket as endpoint of a ServiceEntry that does not have exactly one port.',
  why: 'A socket cannot tell ports apart; the webhook of istiod refuses the resource.',
  todo: 'Keep one port in the ServiceEntry; make another ServiceEntry for the others.',
  source: WEBHOOK,
};

const socketHasOnePort: Rule = {
  facts: SOCKET_PORTS,
  needsWhole: true,
  run(node, report) {
    const count = items(node, 'ports').length;
    if (resolutionOf(node) !== 'STATIC' || count === 1) return;
    for (const endpoint of items(node, 'endpoints')) {
      const address = text(endpoint, 'address');
      if (address === undefined || !isUnixSocket(address)) continue;
      report(
        at(endpoint, 'address') ?? endpoint,
        `A Unix socket needs a ServiceEntry with exactly one port, and this one has ${count}.`,
      );
    }
  },
};

export const endpointRules: readonly Rule[] = [endpointAddresses, endpointPortsDefined, socketHasOnePort];
