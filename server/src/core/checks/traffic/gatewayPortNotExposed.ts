import { gatewayFacts, gatewayServices, ISTIO_GATEWAY } from '../../model/gateways.ts';
import { describeLocated } from '../../model/located.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A port of a Gateway that no Service leads to. */
export const gatewayPortNotExposed = workspaceCheck({
  facts: {
    code: 'gateway-port-not-exposed',
    severity: 'warning',
    what: 'No Service of the gateway proxies has the port that a Gateway opens.',
    why: 'The proxies listen on the port, but no request from outside arrives there.',
    todo: 'Add the port to the Service of the gateway proxies, or open one that it has.',
    peers: ['IST0162'],
    source: 'istio/istio pkg/config/analysis/analyzers/gateway/gateway.go',
  },
  kinds: [ISTIO_GATEWAY],
  run(located, scope) {
    const facts = gatewayFacts(located);
    if (!facts.selectorKnown) return;
    const services = gatewayServices(scope.world, facts);
    if (services.length === 0) return;
    const open = services.flatMap((service) => service.ports).filter(({ protocol }) => protocol !== 'UDP');
    for (const { port, portNode } of facts.servers) {
      if (
        port === undefined ||
        port === 0 ||
        !portNode ||
        open.some((each) => each.port === port || each.targetPort === port)
      )
        continue;
      const known = [...new Set(open.map((each) => `\`${each.port}\``))].join(', ');
      scope.report(
        portNode,
        `No Service of the gateway proxies has port ${port}; ${services.map((service) => `\`${service.name}\``).join(', ')} ${services.length === 1 ? 'has' : 'have'} ${known || 'none'}.`,
        {
          related: services.slice(0, 3).map((service) => ({
            site: {
              located: service.located,
              node: at(service.located.root, 'spec', 'ports') ?? service.located.root,
            },
            message: `the ports of ${describeLocated(service.located)}`,
          })),
        },
      );
    }
  },
});
