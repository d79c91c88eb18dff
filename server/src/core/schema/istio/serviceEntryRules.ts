import { asScalar, at, has, items, num, text } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { isAddressOrNetwork } from '../addresses.ts';
import type { CheckFacts, Rule, RuleContext } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { protocolClass } from './portProtocol.ts';
import { resolutionOf, WEBHOOK } from './serviceEntryResolution.ts';

/** What istiod says about the hosts, addresses and ports of a ServiceEntry, whatever its resolution. */

const ANY_HOST: CheckFacts = {
  code: 'service-entry-any-host',
  severity: 'error',
  what: '`*` as a host of a ServiceEntry.',
  why: 'It would capture all traffic that no other service takes; the API server refuses it.',
  todo: 'Name the hosts, with a wildcard at most for a domain (`*.example.com`). To let everything out, set `outboundTrafficPolicy`.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRD ServiceEntry, CEL rule on .spec.hosts[]',
};

export const notEveryHost: Rule = {
  facts: ANY_HOST,
  run(node, report) {
    if (text(node) === '*')
      report(node, '`*` cannot be a host of a ServiceEntry; name a domain, such as `*.example.com`.');
  },
};

const PARTIAL_WILDCARD: CheckFacts = {
  code: 'partial-wildcard-host',
  severity: 'warning',
  what: 'A wildcard that stands for part of a label, such as `*shop.com`.',
  why: 'Proxies match whole labels; such a host is accepted but not matched reliably by TLS and DNS.',
  todo: 'Put a dot after the wildcard: `*.shop.com`.',
  source: WEBHOOK,
};

export const wholeLabelWildcard: Rule = {
  facts: PARTIAL_WILDCARD,
  run(node, report) {
    const host = text(node);
    if (host === undefined || host === '*' || !host.includes('*') || host.startsWith('*.')) return;
    const scalar = asScalar(node);
    const whole = `*.${host.slice(1)}`;
    const fixes =
      scalar && /^\*[^*.]/.test(host)
        ? [{ title: `Change to ${whole}`, safe: false, edits: [replaceScalar(scalar, whole)] }]
        : [];
    report(node, `\`${host}\`: a wildcard stands for whole labels; write it with a dot, as in \`*.example.com\`.`, {
      fixes,
    });
  },
};

const INVALID_VIRTUAL_ADDRESS: CheckFacts = {
  code: 'invalid-virtual-address',
  severity: 'error',
  what: 'An entry of `addresses` that is neither an IP address nor a network.',
  why: 'Proxies compare these with the destination of a connection; the webhook of istiod refuses the resource.',
  todo: 'Write an address such as `10.1.2.3`, or a network such as `10.1.0.0/16`. Names belong into `hosts` or `endpoints`.',
  source: WEBHOOK,
};

export const virtualAddress: Rule = {
  facts: INVALID_VIRTUAL_ADDRESS,
  run(node, report) {
    const address = text(node);
    if (address === undefined || isAddressOrNetwork(address)) return;
    report(node, `\`${address}\` is neither an IP address nor a network such as \`10.0.0.0/8\`.`);
  },
};

const DUPLICATE_PORT: CheckFacts = {
  code: 'duplicate-service-port',
  severity: 'error',
  what: 'Two ports of a ServiceEntry with the same number.',
  why: 'Proxies find a port by its number; the API server refuses the resource.',
  todo: 'Keep one port for each number.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRD ServiceEntry, CEL rule on .spec.ports',
};

export const uniquePortNumbers: Rule = {
  facts: DUPLICATE_PORT,
  run(node, report) {
    const first = new Map<number, YamlNode>();
    for (const port of items(node)) {
      const value = num(port, 'number');
      const where = at(port, 'number');
      if (value === undefined || where === undefined) continue;
      const earlier = first.get(value);
      if (!earlier) first.set(value, where);
      else
        report(where, `Port ${value} is defined twice.`, {
          related: [{ span: { start: earlier.start, end: earlier.end }, message: 'first defined here' }],
        });
    }
  },
};

const SHARED_PORT: CheckFacts = {
  code: 'hosts-share-tcp-port',
  severity: 'error',
  what: 'Several hosts in a ServiceEntry with a port whose protocol carries no host name.',
  why: 'HTTP names the host in each request and TLS in the handshake; plain TCP does not, so proxies cannot tell the hosts apart, and the webhook of istiod refuses the resource.',
  todo: 'Make one ServiceEntry for each host, or set the protocol to HTTP, HTTPS or TLS if that is what is spoken.',
  source: WEBHOOK,
};

export const hostsCanBeTold: Rule = {
  facts: SHARED_PORT,
  run(node, report) {
    const resolution = resolutionOf(node);
    const hosts = items(node, 'hosts').length;
    if (resolution === undefined || resolution === 'NONE' || resolution === 'DYNAMIC_DNS' || hosts < 2) return;
    const addressed = resolution.startsWith('DNS') && items(node, 'addresses').length > 0;
    for (const port of items(node, 'ports')) {
      const protocol = has(port, 'protocol') ? text(port, 'protocol') : '';
      if (protocol === undefined) continue;
      const seen = protocolClass(protocol);
      if (seen === 'http' || (seen === 'unknown' && protocol !== '')) continue;
      const where = at(port, 'protocol') ?? at(port, 'name') ?? port;
      if (seen !== 'tls') {
        const name = protocol === '' ? 'without a protocol' : `with protocol \`${protocol}\``;
        report(where, `A port ${name} cannot be shared by ${hosts} hosts: nothing in the traffic names the host.`);
      } else if (addressed) {
        const message = `${hosts} hosts share \`addresses\` on a port with protocol \`${protocol}\`: by address alone they cannot be told apart.`;
        report(where, message, { severity: 'warning' });
      }
    }
  },
};

const TCP_WITHOUT_ADDRESS: CheckFacts = {
  code: 'tcp-port-without-address',
  severity: 'warning',
  what: 'A TCP port in a ServiceEntry without `addresses`, where Istio assigns none by itself.',
  why: 'A TCP connection is recognized by its destination address alone. Without one, the proxy takes every connection to that port number for this service.',
  todo: 'Add `addresses`, or let Istio assign one: set `resolution`, and do not opt out by the label `networking.istio.io/enable-autoallocate-ip`.',
  peers: ['IST0134'],
  source: WEBHOOK,
};

/** Since 1.25 istiod assigns addresses, except to entries without resolution and those that opt out. */
function isAutoAllocated(spec: YamlNode, context: RuleContext): boolean | undefined {
  const resolution = resolutionOf(spec);
  if (resolution === undefined) return undefined;
  const optOut = text(context.root, 'metadata', 'labels', 'networking.istio.io/enable-autoallocate-ip');
  return resolution !== 'NONE' && optOut?.toLowerCase() !== 'false';
}

export const tcpPortHasAddress: Rule = {
  facts: TCP_WITHOUT_ADDRESS,
  needsWhole: true,
  run(node, report, context) {
    // A manifest taken from a cluster carries the addresses that istiod has assigned.
    const assigned = items(context.root, 'status', 'addresses').length > 0;
    if (assigned || items(node, 'addresses').length > 0 || isAutoAllocated(node, context) !== false) return;
    for (const port of items(node, 'ports')) {
      const protocol = has(port, 'protocol') ? text(port, 'protocol') : '';
      if (protocol !== '' && protocol?.toUpperCase() !== 'TCP') continue;
      const where = has(port, 'protocol') ? fieldNode(port, 'protocol') : (at(port, 'name') ?? port);
      const which = protocol === '' ? 'A port without a protocol' : 'A TCP port';
      report(
        where,
        `${which} needs \`addresses\`: without them proxies take every connection to that port number for this service.`,
      );
    }
  },
};
