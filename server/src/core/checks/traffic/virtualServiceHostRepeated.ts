import { hostIndex } from '../../model/hostIndex.ts';
import { describeLocated, type Located, type Site } from '../../model/located.ts';
import { gatewayName, virtualServiceFacts } from '../../model/traffic.ts';
import { importsHost, seenTogether } from '../../model/visibility.ts';
import { worldIndex } from '../../model/worldIndex.ts';
import { items } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';

const VIRTUAL_SERVICE = 'networking.istio.io/VirtualService';

/** Two VirtualServices that say where the requests for one host go. */
export const virtualServiceHostRepeated = workspaceCheck({
  facts: {
    code: 'virtual-service-host-repeated',
    severity: 'error',
    what: 'Two VirtualServices for the same proxies have the same host.',
    why: 'Sidecars and waypoints take one of the two and ignore the other. Gateways put them together in an order that is not defined, so that a route for everything may hide the others.',
    todo: 'Put the routes into one VirtualService, or limit who sees each with `exportTo`.',
    source:
      'istio/istio pkg/config/analysis/analyzers/virtualservice/conflictingmeshgatewayhosts.go; kiali/kiali business/checkers/virtualservices/single_host_checker.go',
  },
  kinds: [VIRTUAL_SERVICE],
  run(located, scope) {
    const { hosts, gateways } = virtualServiceFacts(located);
    for (const { key, written, node } of hosts) {
      if (!importsHost(scope.world, located.namespace, key)) continue;
      const mesh = gateways.some(({ name }) => name === 'mesh');
      const rival = mesh ? byMeshHost.exact(scope.world, key).find((site) => isRival(located, site)) : undefined;
      if (rival) {
        report(
          scope,
          node,
          rival,
          `\`${written}\` has another ${describeLocated(rival.located)}. Sidecars and waypoints take one of the two and ignore the other.`,
          ['IST0109', 'KIA1106'],
        );
        continue;
      }
      const covered = mesh ? overlapping(scope, key).find((site) => isRival(located, site)) : undefined;
      if (covered) {
        const wide = key.startsWith('*') ? 'some of its hosts have' : 'the host also falls under';
        report(
          scope,
          node,
          covered,
          `\`${written}\`: ${wide} ${describeLocated(covered.located)}. Only the VirtualService with the narrower host applies.`,
          ['KIA1106'],
          'info',
        );
        continue;
      }
      reportAtGateways(located, scope, key, written, node);
    }
  },
});

const byMeshHost = hostIndex<Site>([VIRTUAL_SERVICE], (located) => {
  const { hosts, gateways } = virtualServiceFacts(located);
  return gateways.some(({ name }) => name === 'mesh')
    ? hosts.map(({ key, node }) => [key, { located, node }] as const)
    : [];
});

const byGatewayHost = worldIndex<Site>([VIRTUAL_SERVICE], (located) => {
  const { hosts } = virtualServiceFacts(located);
  return gatewayKeys(located).flatMap((gateway) =>
    hosts.map(({ key, node }) => [`${gateway}|${key}`, { located, node }] as const),
  );
});

function gatewayKeys(located: Located): string[] {
  return virtualServiceFacts(located).gateways.flatMap(({ name }) => {
    if (name === 'mesh') return [];
    const { namespace, gateway } = gatewayName(name, located.namespace);
    return [`${namespace}/${gateway}`];
  });
}

function overlapping(scope: Scope, key: string): readonly Site[] {
  const { world } = scope;
  return [...byMeshHost.wider(world, key), ...byMeshHost.narrower(world, key)];
}

/** The same VirtualService for another environment is no rival. */
function isRival(located: Located, { located: other }: Site): boolean {
  if (other === located || (other.name === located.name && other.namespace === located.namespace)) return false;
  return seenTogether(located, other);
}

/** At a gateway the routes of both are used. That is well as long as every one of them says what it is for. */
function reportAtGateways(located: Located, scope: Scope, key: string, written: string, node: YamlNode): void {
  for (const gateway of gatewayKeys(located)) {
    const rival = byGatewayHost(scope.world, `${gateway}|${key}`).find(
      (site) => isRival(located, site) && (takesEverything(located) || takesEverything(site.located)),
    );
    if (!rival) continue;
    report(
      scope,
      node,
      rival,
      `\`${written}\` has another ${describeLocated(rival.located)} at gateway \`${gateway}\`. The order of their routes is not defined, and one of them takes every request.`,
      ['KIA1106'],
      'warning',
    );
    return;
  }
}

function takesEverything({ root }: Located): boolean {
  const routes = items(root, 'spec', 'http');
  return routes.length === 0 || routes.some((route) => items(route, 'match').length === 0);
}

function report(
  scope: Scope,
  node: YamlNode,
  rival: Site,
  message: string,
  peers: readonly string[],
  severity?: 'info' | 'warning',
): void {
  scope.report(node, message, {
    peers,
    related: [{ site: rival, message: 'the other VirtualService' }],
    ...(severity ? { severity } : {}),
  });
}
