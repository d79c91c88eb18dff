import type { Located } from '../../model/located.ts';
import { worldIndex } from '../../model/worldIndex.ts';
import { at, items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { workspaceCheck } from '../check.ts';

const GATEWAY = 'gateway.networking.k8s.io/Gateway';

interface Address {
  readonly gateway: Located;
  readonly node: YamlNode;
  readonly value: string;
  readonly ports: readonly number[];
}

/** Two Gateways that ask for the same address. */
export const gatewayAddressShared = workspaceCheck({
  facts: {
    code: 'gateway-address-shared',
    severity: 'warning',
    what: 'Two Gateways ask for the same IP address.',
    why: 'Most load balancers give an address to one of them. The other stays without, or takes over ports of the first.',
    todo: 'Give each Gateway its own address, or put the listeners into one Gateway.',
    peers: ['KIA1502'],
    source: 'kiali/kiali business/checkers/k8sgateways/multi_match_checker.go',
  },
  kinds: [GATEWAY],
  run(located, { world, report }) {
    for (const address of addressesOf(located)) {
      const others = sharing(world, address.value);
      const other = others.find(
        ({ gateway }) => gateway.name !== located.name || gateway.namespace !== located.namespace,
      );
      if (!other) continue;
      const port = address.ports.find((candidate) => other.ports.includes(candidate));
      const apart = address.ports.length > 0 && other.ports.length > 0 && port === undefined;
      const also = port === undefined ? '' : `, and both have a listener on port ${port}`;
      report(
        address.node,
        `Gateway \`${other.gateway.namespace}/${other.gateway.name}\` asks for \`${address.value}\` as well${also}.`,
        {
          severity: apart ? 'info' : 'warning',
          related: [{ site: { located: other.gateway, node: other.node }, message: 'the other address' }],
        },
      );
    }
  },
});

/** Host names are left out: several Gateways for one proxy that is deployed by hand name its Service. */
function addressesOf(gateway: Located): Address[] {
  const ports = items(gateway.root, 'spec', 'listeners').flatMap((listener) => num(listener, 'port') ?? []);
  return items(gateway.root, 'spec', 'addresses').flatMap((address) => {
    const node = at(address, 'value');
    const value = text(node);
    return node && value !== undefined && (text(address, 'type') ?? 'IPAddress') === 'IPAddress'
      ? [{ gateway, node, value, ports }]
      : [];
  });
}

const sharing = worldIndex([GATEWAY], (gateway) => addressesOf(gateway).map((address) => [address.value, address]));
