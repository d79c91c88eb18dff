import { fullHost } from '../../model/hosts.ts';
import type { Located } from '../../model/located.ts';
import type { World } from '../../model/world.ts';
import { items, text } from '../../yaml/access.ts';
import { routesOfAddressee, routesOfGateway } from '../routing/attachedRoutes.ts';
import type { Choice } from '../routing/choice.ts';
import { chooseRanked } from '../routing/rank.ts';
import { type RouteRequest, splitHost } from '../routing/request.ts';
import { chooseVirtualService, type VirtualServiceReader, virtualServicesFor } from '../routing/virtualServices.ts';
import type { PathContext } from './context.ts';
import type { Destination, Ends } from './ends.ts';
import { profileOf } from './serviceProfiles.ts';
import type { NodeId } from './vocabulary.ts';

/** Which routes a proxy reads for a request. */

/** Who routes, which decides what routes it reads and what of them it understands. */
export interface Router {
  readonly node: NodeId;
  readonly reader: 'sidecar' | 'waypoint' | 'gateway' | 'linkerd-outbound' | 'cilium-envoy';
  /** The namespace of the client that the proxy works for; of the waypoint or gateway itself. */
  readonly namespace: string;
}

/** What the routes that a proxy reads say; undefined where it reads none for what is addressed. */
export function choiceOf(context: PathContext, ends: Ends, router: Router): Choice | undefined {
  const request = requestOf(ends, router);
  if (!request) return undefined;
  return router.reader === 'gateway'
    ? choiceOfGateway(context, ends, request)
    : choiceTowards(context, ends, request, router);
}

/** A route for the addressed Service, and whose routing it takes part in. */
export interface ConcernedRoute {
  readonly route: Located;
  /** A producer route stands in the namespace of the Service and is for all clients; others are for their own. */
  readonly origin: 'producer' | 'consumer';
  /** The proxies that would respect it. */
  readonly readers: readonly Router['reader'][];
}

/** All routes for the addressed Service or ServiceEntry, whether a proxy on the path reads them or not. */
export function routesConcerning({ world }: PathContext, ends: Ends): readonly ConcernedRoute[] {
  const { destination } = ends;
  const addressee = addresseeOf(destination);
  if (!addressee) return [];
  const virtual = virtualServicesFor(world, hostOf(destination), { readBy: MESH, namespace: undefined });
  const attached = routesOfAddressee(world, addressee, portOf(destination));
  return [...virtual, ...attached].map((route) => {
    const origin = route.namespace === addressee.namespace ? 'producer' : 'consumer';
    return { route, origin, readers: readersOf(route, origin) };
  });
}

function readersOf({ resource }: Located, origin: ConcernedRoute['origin']): readonly Router['reader'][] {
  if (resource.group === 'policy.linkerd.io') return ['linkerd-outbound'];
  const istio: readonly Router['reader'][] = origin === 'producer' ? ['sidecar', 'waypoint'] : ['sidecar'];
  if (resource.kind === 'VirtualService') return istio;
  return origin === 'producer' ? [...istio, 'linkerd-outbound', 'cilium-envoy'] : [...istio, 'linkerd-outbound'];
}

const MESH: ReadonlySet<string> = new Set(['mesh']);

function requestOf({ source, destination, http }: Ends, { reader, namespace }: Router): RouteRequest | undefined {
  if (!http) return undefined;
  const written = http.host === undefined ? undefined : splitHost(http.host).host;
  const host = written ?? (reader === 'gateway' ? undefined : hostOf(destination));
  return {
    host,
    method: http.method,
    path: http.path,
    headers: http.headers ?? {},
    port: reader === 'gateway' ? undefined : portOf(destination),
    scheme: 'http',
    sourceNamespace: namespace,
    sourceLabels: source.kind === 'workload' ? source.workload.labels : undefined,
  };
}

function hostOf(destination: Destination): string {
  switch (destination.kind) {
    case 'service':
      return fullHost(destination.service.name, destination.service.namespace);
    case 'pod':
      return '';
    default:
      return destination.host;
  }
}

function portOf(destination: Destination): number {
  return destination.kind === 'service' ? destination.port.port : destination.port;
}

function addresseeOf(destination: Destination): Located | undefined {
  if (destination.kind === 'service') return destination.service.located;
  return destination.kind === 'entry' ? destination.entry : undefined;
}

function choiceOfGateway({ world }: PathContext, { source }: Ends, request: RouteRequest): Choice | undefined {
  if (source.kind !== 'gateway') return undefined;
  const routes = routesOfGateway(world, source.gateway, request.host);
  return routes.length === 0 ? undefined : chooseRanked(routes, request);
}

function choiceTowards({ world }: PathContext, ends: Ends, request: RouteRequest, router: Router): Choice | undefined {
  const { destination } = ends;
  const addressee = addresseeOf(destination);
  const attached = addressee ? attachedFor(world, ends, addressee, router) : [];
  const ranked =
    attached.length === 0
      ? undefined
      : chooseRanked(
          attached.map((route) => ({ route, hostRank: 0 })),
          request,
        );
  if (router.reader !== 'sidecar' && router.reader !== 'waypoint') return ranked;
  const host = router.reader === 'sidecar' ? (request.host ?? '') : hostOf(destination);
  if (host === '') return ranked;
  const virtual = chooseVirtualService(world, host, request, readerOf(router, addressee));
  // Which of the two kinds Istio prefers for one Service is not defined.
  if (virtual && ranked) return { ...virtual, state: 'unknown', rule: virtual.rule ?? ranked.rule };
  return virtual ?? ranked;
}

function readerOf({ reader, namespace }: Router, addressee: Located | undefined): VirtualServiceReader {
  if (reader === 'sidecar') return { readBy: MESH, namespace };
  const near = new Set([namespace, addressee?.namespace]);
  return { readBy: MESH, namespace, dropsSourceLabels: true, accepts: (located) => near.has(located.namespace) };
}

/** The routes of the Gateway API that a proxy reads for a Service or ServiceEntry. */
function attachedFor(world: World, ends: Ends, addressee: Located, { reader, namespace }: Router): readonly Located[] {
  const all = routesOfAddressee(world, addressee, portOf(ends.destination));
  const producers = all.filter((route) => route.namespace === addressee.namespace);
  const consumers = all.filter((route) => route.namespace === namespace && route.namespace !== addressee.namespace);
  if (reader === 'linkerd-outbound') return linkerdRoutes(world, ends, [...consumers, ...producers]);
  const standard = (route: Located) => route.resource.group !== 'policy.linkerd.io';
  // In a sidecar the routes of the client's own namespace replace those of the Service's.
  const own = consumers.filter(standard);
  return reader === 'sidecar' && own.length > 0 ? own : producers.filter(standard);
}

/** Linkerd merges the routes of both namespaces. Of several kinds on a port one counts, and a ServiceProfile above all. */
function linkerdRoutes(world: World, ends: Ends, routes: readonly Located[]): readonly Located[] {
  if (profileOf(world, ends)) return [];
  const accepted = routes.filter((route) => !hasRefusedFilter(route));
  const grpc = accepted.filter(({ resource }) => resource.kind === 'GRPCRoute');
  return grpc.length > 0 ? grpc : accepted;
}

const REFUSED_FILTERS: ReadonlySet<string | undefined> = new Set([
  'RequestMirror',
  'URLRewrite',
  'ExtensionRef',
  'CORS',
]);

/** Linkerd takes no route that has a filter which it cannot apply. */
function hasRefusedFilter({ root }: Located): boolean {
  const rules = items(root, 'spec', 'rules');
  const holders = [...rules, ...rules.flatMap((rule) => items(rule, 'backendRefs'))];
  return holders.some((holder) => items(holder, 'filters').some((filter) => REFUSED_FILTERS.has(text(filter, 'type'))));
}
