import type { Located } from '../../model/located.ts';
import { worldIndex } from '../../model/worldIndex.ts';
import { at, items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { workspaceCheck } from '../check.ts';

const GATEWAY = 'gateway.networking.k8s.io/Gateway';

interface HostPort {
  readonly gateway: Located;
  readonly node: YamlNode;
  readonly host: string;
  readonly key: string;
}

/** Two Gateways of one namespace and class that answer for the same host and port. */
export const gatewayListenerShared = workspaceCheck({
  facts: {
    code: 'gateway-listener-shared',
    severity: 'warning',
    what: 'Two Gateways of a namespace have a listener for the same host and port.',
    why: 'Each has its own address and its own routes. DNS decides which one clients reach, and the routes of the other are not seen.',
    todo: 'Keep one of them, or give them different hosts.',
    peers: ['KIA1501'],
    source: 'kiali/kiali business/checkers/k8sgateways/multi_match_checker.go',
  },
  kinds: [GATEWAY],
  run(located, { world, report }) {
    for (const listener of hostPortsOf(located)) {
      const other = sharing(world, listener.key).find(({ gateway }) => gateway.name !== located.name);
      if (!other) continue;
      report(
        listener.node,
        `Gateway \`${other.gateway.name}\` has a listener for \`${listener.host}\` on this port as well; requests come to one of the two, as DNS says.`,
        {
          related: [{ site: { located: other.gateway, node: other.node }, message: 'the other listener' }],
        },
      );
    }
  },
});

/** Listeners without a host are left out: two Gateways for everything, one public and one internal, are common. */
function hostPortsOf(gateway: Located): HostPort[] {
  const className = text(gateway.root, 'spec', 'gatewayClassName');
  return items(gateway.root, 'spec', 'listeners').flatMap((listener) => {
    const node = at(listener, 'hostname');
    const host = text(node);
    const port = num(listener, 'port');
    if (!node || host === undefined || port === undefined || className === undefined) return [];
    return [{ gateway, node, host, key: JSON.stringify([gateway.namespace, className, host.toLowerCase(), port]) }];
  });
}

const sharing = worldIndex([GATEWAY], (gateway) => hostPortsOf(gateway).map((listener) => [listener.key, listener]));
