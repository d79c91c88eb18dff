import { asSeq, at, text } from '../../yaml/access.ts';
import { containsNetwork, parseNetwork } from '../addresses.ts';
import { field, fragment, list, object, required, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { textsOf } from '../rules.ts';

/** Lists of networks, by which Linkerd's policies say from where or to where. */

const SOURCE = 'linkerd/linkerd2@edge-26.8.3:policy-controller/runtime/src/admission.rs';

const INVALID_NETWORK: CheckFacts = {
  code: 'invalid-network',
  severity: 'error',
  what: 'A network that is neither in CIDR form nor a single address.',
  why: 'The Linkerd policy controller cannot read the resource and refuses it.',
  todo: 'Write a network such as `10.0.0.0/8` or `fd00::/8`, or one address.',
  peers: ['LKD:cidr-invalid'],
  source: SOURCE,
};

const networkText: Rule = {
  facts: INVALID_NETWORK,
  run(node, report) {
    const value = text(node);
    if (value !== undefined && !parseNetwork(value))
      report(
        node,
        `\`${value}\` is not a network; write one such as \`10.0.0.0/8\` or \`fd00::/8\`, or a single address.`,
      );
  },
};

const NETWORK_EXCEPTION: CheckFacts = {
  code: 'network-exception-mismatch',
  severity: 'error',
  what: 'An exception of a network that lies outside of it, or that takes all of it away.',
  why: 'The Linkerd policy controller refuses the resource: the exception has no effect, or nothing is left of the network.',
  todo: 'Except a part of the network, or remove the entry.',
  peers: ['LKD:cidr-negated', 'LKD:cidr-except-outside'],
  source: SOURCE,
};

const exceptionsInside: Rule = {
  facts: NETWORK_EXCEPTION,
  run(node, report) {
    const cidr = text(node, 'cidr');
    const network = cidr === undefined ? undefined : parseNetwork(cidr);
    if (!network) return;
    for (const { text: value, node: item } of textsOf(node, 'except')) {
      const exception = parseNetwork(value);
      if (!exception) continue;
      if (containsNetwork(exception, network))
        report(item, `\`${value}\` takes all of \`${cidr}\` away, so that nothing is left.`);
      else if (!containsNetwork(network, exception))
        report(item, `\`${value}\` is not in \`${cidr}\`, so there is nothing to except.`);
    }
  },
};

const NO_NETWORKS: CheckFacts = {
  code: 'no-networks',
  severity: 'error',
  what: 'An empty list of networks.',
  why: 'The Linkerd policy controller refuses it: no address could ever match.',
  todo: 'List at least one network; `0.0.0.0/0` and `::/0` stand for all addresses.',
  peers: ['LKD:networks-empty'],
  source: SOURCE,
};

/** At least one network. Stands on the object that holds `networks`. */
export const someNetworks: Rule = {
  facts: NO_NETWORKS,
  needsWhole: true,
  run(node, report) {
    const networks = at(node, 'networks');
    if (networks && asSeq(networks)?.items.length === 0) {
      report(
        networks,
        '`networks` is empty; list at least one network (`0.0.0.0/0` and `::/0` stand for all addresses).',
      );
    }
  },
};

export const networks = fragment(() =>
  list(
    object(
      {
        cidr: required(
          string({ rules: [networkText] }),
          'The network in CIDR form, IPv4 or IPv6, or a single address.',
        ),
        except: field(
          list(string({ rules: [networkText] })),
          'Parts of the network that do not count. Each must lie inside it and leave something of it.',
        ),
      },
      { rules: [exceptionsInside] },
    ),
  ),
);
