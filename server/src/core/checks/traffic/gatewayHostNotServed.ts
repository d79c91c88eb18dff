import { type GatewayHost, gatewayFacts, ISTIO_GATEWAY } from '../../model/gateways.ts';
import { hostsOverlap } from '../../model/hosts.ts';
import type { Located } from '../../model/located.ts';
import { gatewayName, virtualServiceFacts } from '../../model/traffic.ts';
import { isTemplated, items } from '../../yaml/access.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** A host of a VirtualService that the Gateway does not let in. */
export const gatewayHostNotServed = workspaceCheck({
  facts: {
    code: 'gateway-host-not-served',
    severity: 'warning',
    what: 'A VirtualService is bound to a Gateway that does not serve its host.',
    why: 'The Gateway gives the routes no requests; clients get 404.',
    todo: 'Add the host to a server of the Gateway (for this namespace), or correct the host.',
    peers: ['IST0132'],
    source: 'istio/istio pkg/config/analysis/analyzers/virtualservice/gateways.go',
  },
  kinds: ['networking.istio.io/VirtualService'],
  run(located, scope) {
    const { hosts, gateways } = virtualServiceFacts(located);
    if (items(located.root, 'spec', 'hosts').some(isTemplated)) return;
    const bound = gateways.flatMap(({ name, node }) => {
      const served = node && name !== 'mesh' ? hostsOfGateway(located, scope, name) : undefined;
      return node && served ? [{ name, node, ...served }] : [];
    });
    const acceptedBy = (served: readonly GatewayHost[], written: string) =>
      served.some((host) => accepts(host, written, located.namespace));
    const allKnown = bound.length === gateways.length;
    for (const { name, hosts: served, gateways: sites } of bound) {
      const lost = hosts.filter(({ written }) => !acceptedBy(served, written));
      const nowhere = allKnown
        ? lost.filter(({ written }) => !bound.some((other) => acceptedBy(other.hosts, written)))
        : [];
      const shown = lost.length === hosts.length ? lost : nowhere;
      if (shown.length === 0 || !shown[0]) continue;
      const known = served.map(({ from, host }) => `\`${from === '*' ? host : `${from}/${host}`}\``);
      scope.report(
        shown[0].node,
        `Gateway \`${name}\` serves ${known.slice(0, 6).join(', ') || 'no host'}, but not ${shown.map(({ written }) => `\`${written}\``).join(', ')} from namespace \`${located.namespace}\`.`,
        {
          related: sites.map((gateway) => ({ site: { located: gateway, node: gateway.root }, message: 'the Gateway' })),
        },
      );
    }
  },
});

function hostsOfGateway(
  located: Located,
  scope: Scope,
  name: string,
): { gateways: readonly Located[]; hosts: GatewayHost[] } | undefined {
  const { namespace, gateway } = gatewayName(name, located.namespace);
  const gateways = scope.world.findAll(ISTIO_GATEWAY, namespace, gateway);
  const unknown = gateways.some(({ root }) =>
    items(root, 'spec', 'servers').some((server) => items(server, 'hosts').some(isTemplated)),
  );
  if (gateways.length === 0 || unknown) return undefined;
  return { gateways, hosts: gateways.flatMap((each) => gatewayFacts(each).servers.flatMap((server) => server.hosts)) };
}

function accepts({ from, host }: GatewayHost, written: string, namespace: string): boolean {
  return (from === '*' || from === namespace) && hostsOverlap(host.toLowerCase(), written.toLowerCase());
}
