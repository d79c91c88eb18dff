import { hostKey } from '../../model/hostIndex.ts';
import type { Located } from '../../model/located.ts';
import { virtualServiceFacts } from '../../model/traffic.ts';
import type { World } from '../../model/world.ts';
import { worldIndex } from '../../model/worldIndex.ts';
import { text } from '../../yaml/access.ts';
import { routesAt } from '../routing/attachedRoutes.ts';
import { type Choice, namedInHandshake } from '../routing/choice.ts';
import { chooseConnectionRoute } from '../routing/connectionRoutes.ts';
import { admitsVirtualService, listenersOf, type Opening, openness, serversOf } from '../routing/openings.ts';
import { type AttachedRoute, chooseRanked } from '../routing/rank.ts';
import type { RouteRequest, Section } from '../routing/request.ts';
import { gatewayKey } from '../routing/virtualServiceMatch.ts';
import { chooseVirtualService, type VirtualServiceReader } from '../routing/virtualServices.ts';
import { hostOf } from './clientRules.ts';
import type { PathContext } from './context.ts';
import { type Ends, nameOf, type Source } from './ends.ts';

/** Which routes a gateway follows: those of its listeners and servers that are for the host of the request. */

/** Every opening of a gateway, of the Gateway API and of Istio's. */
export function openingsOf(world: World, source: Source): Opening[] {
  if (source.kind !== 'gateway') return [];
  const { gateway, workload } = source;
  const listeners = gateway.resource.kind === 'Gateway' ? listenersOf(world, gateway) : [];
  return [...listeners, ...(workload ? serversOf(world, workload) : [])];
}

/** `request` has the host by which the gateway is called, where the question says it. */
export function chooseAtGateway(context: PathContext, ends: Ends, request: RouteRequest): Choice | undefined {
  const { world } = context;
  const openings = ends.entered ? [ends.entered] : openingsOf(world, ends.source);
  const { host } = request;
  const open = openings.filter(
    (opening) => (host === undefined || openness(opening, host) !== undefined) && (!opening.redirects || ends.entered),
  );
  const sections: readonly Section[] = ends.entered ? [ends.entered.section] : ends.http ? ['http'] : ['tls', 'tcp'];
  for (const section of sections) {
    const fitting = open.filter((opening) => opening.section === section);
    const asked = { ...request, section, port: request.port ?? onlyPort(fitting) };
    const choice = byGatewayApi(context, ends, fitting, asked) ?? byVirtualService(world, ends, fitting, asked);
    if (choice) return section === 'tls' ? namedInHandshake(choice, request.sni) : choice;
  }
  return undefined;
}

/** The port at which a request came in goes without saying where there is but one. */
function onlyPort(openings: readonly Opening[]): number | undefined {
  const ports = new Set(openings.map(({ port }) => port));
  return ports.size === 1 ? openings[0]?.port : undefined;
}

function byGatewayApi(
  { world, settings }: PathContext,
  { source }: Ends,
  openings: readonly Opening[],
  request: RouteRequest,
): Choice | undefined {
  const routes = routesAt(world, openings, request.host);
  if (routes.length === 0 || source.kind !== 'gateway') return undefined;
  if (request.section === 'http') return withDoubt(chooseRanked(routes, request), routes);
  if (isOfIstio(world, source.gateway) && !settings.istiod.enableAlphaGatewayApi) return undefined;
  const choice = chooseConnectionRoute(
    routes.map(({ route }) => route),
    request.sni,
  );
  return withDoubt(choice, routes);
}

/** Says so where labels of a namespace that no file has let a listener take the route. */
function withDoubt(choice: Choice, routes: readonly AttachedRoute[]): Choice {
  const chosen = routes.find(({ route }) => route === choice.rule?.route);
  if (!chosen?.isDoubtful) return choice;
  const { resource, namespace } = chosen.route;
  const doubt = `A listener takes ${resource.kind} ${nameOf(chosen.route)} by the labels of Namespace ${namespace}, which the workspace does not have.`;
  return { ...choice, assume: [...choice.assume, doubt] };
}

const ISTIO_CONTROLLER = 'istio.io/gateway-controller';

function isOfIstio(world: World, gateway: Located): boolean {
  const className = text(gateway.root, 'spec', 'gatewayClassName') ?? 'istio';
  const gatewayClass = world.find('gateway.networking.k8s.io/GatewayClass', '', className);
  return gatewayClass
    ? text(gatewayClass.root, 'spec', 'controllerName') === ISTIO_CONTROLLER
    : className.startsWith('istio');
}

function byVirtualService(
  world: World,
  ends: Ends,
  openings: readonly Opening[],
  request: RouteRequest,
): Choice | undefined {
  const servers = openings.filter(({ owner }) => owner.resource.group === 'networking.istio.io');
  if (servers.length === 0) return undefined;
  const host = request.host ?? calledBy(world, ends, servers);
  if (host === undefined) return undefined;
  const choice = chooseVirtualService(world, host, { ...request, host, sni: host }, readerAt(ends, servers, host));
  if (!choice || request.host !== undefined) return choice;
  return { ...choice, assume: [...choice.assume, `The gateway is called as ${host}.`] };
}

function readerAt(ends: Ends, servers: readonly Opening[], host: string): VirtualServiceReader {
  const namespace = ends.source.kind === 'gateway' ? ends.source.gateway.namespace : undefined;
  return {
    readBy: new Set(servers.map(({ owner }) => nameOf(owner))),
    namespace,
    accepts: (located) => {
      const named = virtualServiceFacts(located).gateways.map(({ name }) => gatewayKey(name, located.namespace));
      return servers.some(
        (server) => named.includes(nameOf(server.owner)) && admitsVirtualService(server, located.namespace, host),
      );
    },
  };
}

const byGateway = worldIndex<Located>(['networking.istio.io/VirtualService'], (located) =>
  virtualServiceFacts(located).gateways.map(({ name }) => [gatewayKey(name, located.namespace), located] as const),
);

/** A host under which the gateway sends to what the question names as its backend. */
function calledBy(world: World, { destination }: Ends, servers: readonly Opening[]): string | undefined {
  const backend = hostOf(destination);
  if (backend === undefined) return undefined;
  const wanted = hostKey(backend, '');
  for (const { owner } of servers) {
    for (const located of byGateway(world, nameOf(owner))) {
      const { hosts, destinations } = virtualServiceFacts(located);
      const leads = destinations.some(({ host }) => hostKey(host, located.namespace) === wanted);
      if (leads && hosts[0]) return hosts[0].host.toLowerCase();
    }
  }
  return undefined;
}
