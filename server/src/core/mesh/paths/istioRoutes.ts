import { fullHost } from '../../model/hosts.ts';
import type { Located } from '../../model/located.ts';
import { LINKERD_POLICY } from '../../model/routes.ts';
import { items, text } from '../../yaml/access.ts';
import { routesOfAddressee } from '../routing/attachedRoutes.ts';
import type { Choice } from '../routing/choice.ts';
import { chooseConnectionRoute } from '../routing/connectionRoutes.ts';
import { chooseRanked } from '../routing/rank.ts';
import type { RouteRequest } from '../routing/request.ts';
import { chooseVirtualService, type VirtualServiceReader } from '../routing/virtualServices.ts';
import { hostOf } from './clientRules.ts';
import type { PathContext } from './context.ts';
import { addressedResource, type Destination, type Ends } from './ends.ts';
import type { Router } from './router.ts';

/** Which routes sidecars and waypoints read for what is addressed. */

const MESH: ReadonlySet<string> = new Set(['mesh']);

/** Undefined where no route is for it, or where what no rule takes goes on as it is addressed. */
export function chooseInMesh(
  context: PathContext,
  { destination }: Ends,
  request: RouteRequest,
  router: Router,
): Choice | undefined {
  const attached = byGatewayApi(context, destination, request, router);
  // A sidecar finds the route of a request by its Host, and that of a connection by where it goes.
  const isByHost = router.reader === 'sidecar' && request.section === 'http';
  const host = isByHost ? request.host : hostOf(destination);
  if (host === undefined || router.isForeign) return attached;
  const virtual = byVirtualService(context, host, destination, request, router);
  // Which of the two kinds Istio prefers for one Service is not defined.
  if (virtual && attached) return { ...virtual, state: 'unknown', rule: virtual.rule ?? attached.rule };
  return virtual ?? attached;
}

function byGatewayApi(
  context: PathContext,
  destination: Destination,
  request: RouteRequest,
  router: Router,
): Choice | undefined {
  const addressee = addressedResource(destination);
  const routes = addressee ? attachedFor(context, addressee, request, router) : [];
  if (routes.length === 0) return undefined;
  if (request.section === 'http')
    return chooseRanked(
      routes.map((route) => ({ route, hostRank: 0 })),
      request,
    );
  const choice = chooseConnectionRoute(routes, request.sni);
  return choice.state === 'none' && !refusesNames(destination, request, router) ? undefined : choice;
}

/** The routes of the Gateway API that a proxy reads for a Service or ServiceEntry. */
export function attachedFor(
  { world, settings }: PathContext,
  addressee: Located,
  { section = 'http', port }: Pick<RouteRequest, 'section' | 'port'>,
  { reader, namespace }: Router,
): readonly Located[] {
  if (section !== 'http' && !settings.istiod.enableAlphaGatewayApi) return [];
  const all = routesOfAddressee(world, addressee, port, section).filter(
    ({ resource }) => resource.group !== LINKERD_POLICY,
  );
  const producers = all.filter((route) => route.namespace === addressee.namespace);
  if (reader === 'waypoint')
    return section === 'tls'
      ? producers.filter((route) => namesOnly(route, fullHost(addressee.name, addressee.namespace)))
      : producers;
  // In a sidecar the routes of the client's own namespace replace those of the Service's.
  const own = all.filter((route) => route.namespace === namespace);
  return own.length > 0 ? own : producers;
}

/** Waypoints understand one name in TLS handshakes, that of the Service. */
function namesOnly(route: Located, host: string): boolean {
  const hostnames = items(route.root, 'spec', 'hostnames');
  return hostnames.length === 1 && text(hostnames[0]) === host;
}

function byVirtualService(
  { world }: PathContext,
  host: string,
  destination: Destination,
  request: RouteRequest,
  router: Router,
): Choice | undefined {
  const reader = readerOf(router, addressedResource(destination), host);
  const choice = chooseVirtualService(world, host, request, reader);
  if (choice?.state !== 'none' || request.section === 'http') return choice;
  // Connections that no rule takes go where they are addressed, unless a rule would take them for another name.
  const others = chooseVirtualService(world, host, { ...request, sni: undefined }, reader);
  return refusesNames(destination, request, router) && others?.state !== 'none' ? choice : undefined;
}

export function readerOf(
  { reader, namespace }: Router,
  addressee: Located | undefined,
  host: string,
): VirtualServiceReader {
  if (reader === 'sidecar') return { readBy: MESH, namespace };
  const near = new Set([namespace, addressee?.namespace]);
  return {
    readBy: MESH,
    namespace,
    dropsSourceLabels: true,
    onlySni: host,
    accepts: (located) => near.has(located.namespace),
  };
}

/** A sidecar listens for a Service at its address, where it takes connections only by the names that it knows. */
function refusesNames(destination: Destination, { section }: RouteRequest, { reader }: Router): boolean {
  if (section !== 'tls' || reader !== 'sidecar') return false;
  if (destination.kind === 'service') return !destination.service.headless;
  return destination.kind === 'entry' && items(destination.entry.root, 'spec', 'addresses').length > 0;
}
