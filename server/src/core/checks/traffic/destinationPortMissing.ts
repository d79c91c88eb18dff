import { fullHost, ownersOfHost } from '../../model/hosts.ts';
import { virtualServiceFacts } from '../../model/traffic.ts';
import { asMap, at, items, num } from '../../yaml/access.ts';
import { addEntry } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

/** A route to a host of several ports that does not say which. */
export const destinationPortMissing = workspaceCheck({
  facts: {
    code: 'destination-port-missing',
    severity: 'error',
    what: 'A route names no port, and its host has several.',
    why: 'Istio takes the port of the request; at a gateway, or with a port that the host lacks, the route leads nowhere.',
    todo: 'Add `port.number` to the destination.',
    peers: ['IST0112'],
    source: 'istio/istio pkg/config/analysis/analyzers/virtualservice/destinationhosts.go',
  },
  kinds: ['networking.istio.io/VirtualService'],
  run(located, scope) {
    for (const { host, hostNode, node } of virtualServiceFacts(located).destinations) {
      if (host.includes('*') || at(node, 'port')) continue;
      const owner = ownersOfHost(scope.world, host, located.namespace)[0];
      const ports = items(owner?.located.root, 'spec', 'ports').flatMap(
        (port) => num(port, owner?.located.resource.kind === 'Service' ? 'port' : 'number') ?? [],
      );
      const distinct = [...new Set(ports)];
      if (!owner || distinct.length < 2) continue;
      const map = asMap(node);
      const { text } = located.document;
      scope.report(
        hostNode,
        `\`${fullHost(host, located.namespace)}\` has the ports ${distinct.map((port) => `\`${port}\``).join(', ')}; say which one with \`port.number\`.`,
        {
          related: [
            {
              site: { located: owner.located, node: at(owner.located.root, 'spec', 'ports') ?? owner.located.root },
              message: 'the ports of this host',
            },
          ],
          fixes: map
            ? distinct.slice(0, 4).map((port) => ({
                title: `Add port ${port}`,
                safe: false,
                edits: [addEntry(text, map, 'port', `{number: ${port}}`)],
              }))
            : [],
        },
      );
    }
  },
});
