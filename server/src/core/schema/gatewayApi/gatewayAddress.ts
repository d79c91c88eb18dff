import { at, items, text } from '../../yaml/access.ts';
import { parseAddress } from '../addresses.ts';
import { field, fragment, list, object, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { textOr } from './defaults.ts';
import { crdRule } from './names.ts';

/** The addresses that a Gateway asks for. */

const BAD_ADDRESS: CheckFacts = {
  code: 'gateway-address-invalid',
  severity: 'error',
  what: 'An address of a Gateway that is not what its `type` says.',
  why: 'The API server refuses the Gateway.',
  todo: 'Write an IPv4 or IPv6 address, or set `type: Hostname` for a name. `IPAddress` is the default.',
  peers: [
    'CRD-CEL',
    crdRule('hostname-value-must-be-empty-or-contain-only-valid-characters'),
    crdRule('invalid-value-addresses'),
  ],
  source: 'Gateway API CRDs, schema and CEL rule on Gateway .spec.addresses[]',
};

const HOSTNAME = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const fitsType: Rule = {
  facts: BAD_ADDRESS,
  run(node, report) {
    const type = textOr(node, 'type', 'IPAddress');
    const value = text(node, 'value');
    if (value === undefined) return;
    if (type === 'IPAddress' && !parseAddress(value)) {
      const hint = at(node, 'type')
        ? ''
        : ' Without `type`, an IP address is expected; for a name set `type: Hostname`.';
      report(fieldNode(node, 'value'), `\`${value}\` is not an IP address.${hint}`);
    }
    if (type === 'Hostname' && !HOSTNAME.test(value))
      report(fieldNode(node, 'value'), `\`${value}\` is not a lower-case DNS name.`);
  },
};

const DUPLICATE: CheckFacts = {
  code: 'duplicate-gateway-address',
  severity: 'error',
  what: 'A Gateway asks twice for one address.',
  why: 'The API server refuses the Gateway.',
  todo: 'Remove one of the two.',
  peers: ['CRD-CEL', crdRule('ipaddress-values-must-be-unique'), crdRule('hostname-values-must-be-unique')],
  source: 'Gateway API CRDs, CEL rules on Gateway .spec.addresses',
};

const distinct: Rule = {
  facts: DUPLICATE,
  run(node, report) {
    const seen = new Set<string>();
    for (const address of items(node)) {
      const type = textOr(address, 'type', 'IPAddress');
      const value = text(address, 'value');
      if (value === undefined || (type !== 'IPAddress' && type !== 'Hostname')) continue;
      const identity = `${type} ${value}`;
      if (seen.has(identity)) report(fieldNode(address, 'value'), `\`${value}\` is already in this list.`);
      seen.add(identity);
    }
  },
};

export const gatewayAddresses = fragment(() =>
  list(
    object(
      {
        type: field(
          string({
            min: 1,
            max: 253,
            pattern:
              /^Hostname|IPAddress|NamedAddress|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/,
            means:
              '`IPAddress`, `Hostname`, `NamedAddress`, or a type of the implementation such as `example.com/pool`',
          }),
          '`IPAddress`, `Hostname` or `NamedAddress`. With a single `Hostname`, Istio deploys no gateway of its own but configures the existing one behind that Service.',
          { default: 'IPAddress' },
        ),
        value: field(
          string({ max: 253 }),
          'Address or name, as `type` says. When empty, the implementation assigns one.',
        ),
      },
      { rules: [fitsType] },
    ),
    { max: 16, rules: [distinct] },
  ),
);
