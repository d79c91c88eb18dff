import { ownersOfHost } from '../../model/hosts.ts';
import type { World } from '../../model/world.ts';
import { gatewayRoutesFor, routesOfAddressee } from './attachedRoutes.ts';
import type { Choice } from './choice.ts';
import { chooseRanked } from './rank.ts';
import type { RouteRequest } from './request.ts';
import { chooseVirtualService } from './virtualServices.ts';

/** Who has routes for the same host: each of them is read by other proxies, or their order is not defined. */
export interface RouteAnswer {
  /** What wins where the question does not say which proxy routes; undefined where no route is for the host. */
  readonly choice: Choice | undefined;
  readonly notes: readonly string[];
}

/**
 * The rule that wins for a request by its host alone. A VirtualService for the host comes first, then routes that are
 * attached to the Service behind it, then those of Gateways.
 */
export function routeOf(world: World, request: RouteRequest & { readonly host: string }): RouteAnswer {
  const { host } = request;
  const choices = [
    chooseVirtualService(world, host, request, { readBy: undefined, namespace: undefined }),
    chooseAttached(world, host, request),
    chooseAtGateways(world, host, request),
  ].filter((choice) => choice !== undefined);
  const choice = choices.find(({ state }) => state !== 'none') ?? choices[0];
  return { choice, notes: [...(choice?.notes ?? []), ...(choices.length > 1 ? [SEVERAL] : [])] };
}

const SEVERAL =
  'Routes of several kinds are for this host. Which of them a proxy reads depends on the proxy: `meshpath path` shows it for a client.';

function chooseAttached(world: World, host: string, request: RouteRequest): Choice | undefined {
  const routes = ownersOfHost(world, host, 'default').flatMap(({ located }) =>
    routesOfAddressee(world, located, request.port),
  );
  return routes.length === 0
    ? undefined
    : chooseRanked(
        routes.map((route) => ({ route, hostRank: 0 })),
        request,
      );
}

function chooseAtGateways(world: World, host: string, request: RouteRequest): Choice | undefined {
  const routes = gatewayRoutesFor(world, host);
  return routes.length === 0 ? undefined : chooseRanked(routes, request);
}
