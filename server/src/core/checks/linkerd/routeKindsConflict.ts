import { isLinkerdNamespace } from '../../mesh/linkerdNamespaces.ts';
import { routesAttachedTo } from '../../mesh/linkerdServers.ts';
import type { Located } from '../../model/located.ts';
import { LINKERD_POLICY, ROUTE_KINDS, type RouteParent, routeFacts } from '../../model/routes.ts';
import type { World } from '../../model/world.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** The kinds of which Linkerd takes one for each port: the first that is there. */
const PRECEDENCE = ['GRPCRoute', 'HTTPRoute', 'TLSRoute', 'TCPRoute'];

/** Routes of different kinds on one port of a Service. */
export const routeKindsConflict = workspaceCheck({
  facts: {
    code: 'route-kinds-conflict',
    severity: 'error',
    what: 'Routes of different kinds are attached to the same port of a Service or EgressNetwork.',
    why: 'Linkerd takes one kind for each port: GRPCRoutes before HTTPRoutes, these before TLSRoutes, and TCPRoutes last. The others have no effect; only their status says so.',
    todo: 'Use one kind for the port, or give each route its own `port` in `parentRefs`.',
    peers: ['LKD:route-conflicted'],
    source: 'linkerd/linkerd2:policy-controller/k8s/status/src/index.rs, RouteReasonConflicted',
  },
  kinds: ROUTE_KINDS,
  run(route, { world, report }) {
    for (const parent of routeFacts(route).parents) {
      const winner = isLinkerds(world, parent) ? winnerOver(world, route, parent) : undefined;
      if (!winner) continue;
      report(
        parent.nameNode,
        `${winner.resource.kind} \`${winner.namespace}/${winner.name}\` is attached to ${parent.kind} \`${parent.name}\` as well and wins, so this ${route.resource.kind} has no effect there.`,
        {
          related: [
            {
              site: { located: winner, node: at(winner.root, 'metadata', 'name') ?? winner.root },
              message: 'the route that wins',
            },
          ],
        },
      );
    }
  },
});

function isLinkerds(world: World, parent: RouteParent): boolean {
  return (
    parent.key === `${LINKERD_POLICY}/EgressNetwork` ||
    (parent.key === '/Service' && isLinkerdNamespace(world, parent.namespace))
  );
}

function winnerOver(world: World, route: Located, parent: RouteParent): Located | undefined {
  const rank = PRECEDENCE.indexOf(route.resource.kind);
  if (rank === -1) return undefined;
  const rival = routesAttachedTo(world, parent.key, parent).find((other) => {
    const otherRank = PRECEDENCE.indexOf(other.route.resource.kind);
    const samePort = parent.port === undefined || other.parent.port === undefined || other.parent.port === parent.port;
    return otherRank !== -1 && otherRank < rank && samePort;
  });
  return rival?.route;
}
