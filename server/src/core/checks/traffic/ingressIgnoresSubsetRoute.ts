import { hostIndex, hostKey } from '../../model/hostIndex.ts';
import { describeLocated, type Site } from '../../model/located.ts';
import { virtualServiceFacts } from '../../model/traffic.ts';
import { seenTogether } from '../../model/visibility.ts';
import { workspaceCheck } from '../check.ts';

const VIRTUAL_SERVICE = 'networking.istio.io/VirtualService';

/** A gateway that sends to a host directly, past the routes that sidecars use for the host. */
export const ingressIgnoresSubsetRoute = workspaceCheck({
  facts: {
    code: 'ingress-ignores-subset-route',
    severity: 'warning',
    what: 'A VirtualService of a gateway sends to a host without a subset, while another one for the mesh sends requests for that host to subsets.',
    why: 'A gateway uses only its own routes: requests from outside go to all versions, whatever the routes for the mesh say.',
    todo: 'Name the subset in the route of the gateway, too.',
    peers: ['IST0140'],
    source: 'istio/istio pkg/config/analysis/analyzers/virtualservice/destinationhosts.go',
  },
  kinds: [VIRTUAL_SERVICE],
  run(located, scope) {
    const { gateways, destinations } = virtualServiceFacts(located);
    if (gateways.some(({ name }) => name === 'mesh')) return;
    for (const { host, hostNode, subset } of destinations) {
      if (subset) continue;
      const rule = withSubsets
        .exact(scope.world, hostKey(host, located.namespace))
        .find((site) => site.located !== located && seenTogether(site.located, located));
      if (!rule) continue;
      scope.report(
        hostNode,
        `Sidecars send requests for \`${host}\` to subsets, as ${describeLocated(rule.located)} says. This route of a gateway sends to all versions.`,
        {
          related: [{ site: rule, message: 'the subset that sidecars use' }],
        },
      );
    }
  },
});

const withSubsets = hostIndex<Site>([VIRTUAL_SERVICE], (located) => {
  const { gateways, hosts, destinations } = virtualServiceFacts(located);
  if (!gateways.some(({ name }) => name === 'mesh')) return [];
  return hosts.flatMap(({ key }) => {
    const target = destinations.find(({ host, subset }) => subset && hostKey(host, located.namespace) === key);
    return target?.subset ? [[key, { located, node: target.subset.node }] as const] : [];
  });
});
