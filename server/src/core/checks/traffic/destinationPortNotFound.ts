import { fullHost, ownersOfHost } from '../../model/hosts.ts';
import { virtualServiceFacts } from '../../model/traffic.ts';
import { at, items, num } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { workspaceCheck } from '../check.ts';

/** Numbers beyond are no ports at all, which is said elsewhere. */
const MAX_PORT = 65535;

/** A port that the host of a route does not have. */
export const destinationPortNotFound = workspaceCheck({
  facts: {
    code: 'destination-port-not-found',
    severity: 'error',
    what: 'A route names a port that its Service or ServiceEntry does not have.',
    why: 'No endpoints are known for that port, so that requests which take the route are answered with 503.',
    todo: 'Write a port of the Service (`spec.ports[].port`, not the `targetPort` of the container).',
    peers: ['IST0101'],
    source: 'istio/istio pkg/config/analysis/analyzers/virtualservice/destinationhosts.go',
  },
  kinds: ['networking.istio.io/VirtualService'],
  run(located, scope) {
    for (const { host, node } of virtualServiceFacts(located).destinations) {
      const portNode = at(node, 'port', 'number');
      const port = num(portNode);
      if (!portNode || port === undefined || port < 1 || port > MAX_PORT || host.includes('*')) continue;
      const owners = ownersOfHost(scope.world, host, located.namespace);
      const ports = owners.flatMap((owner) => portsOf(owner.located.root, owner.located.resource.kind));
      if (ports.length === 0 || ports.includes(port)) continue;
      const known = ports.map((each) => `\`${each}\``).join(', ');
      scope.report(
        portNode,
        `\`${fullHost(host, located.namespace)}\` has no port ${port}; it has ${known}. Requests that take this route are answered with 503.`,
        {
          related: owners.flatMap((owner) => {
            const list = at(owner.located.root, 'spec', 'ports');
            return list ? [{ site: { located: owner.located, node: list }, message: 'the ports of this host' }] : [];
          }),
        },
      );
    }
  },
});

function portsOf(root: YamlNode, kind: string): number[] {
  return items(root, 'spec', 'ports').flatMap((port) => num(port, kind === 'Service' ? 'port' : 'number') ?? []);
}
