import { admitsKind, admitsNamespace } from '../../model/allowedRoutes.ts';
import type { Located } from '../../model/located.ts';
import { ROUTE_KINDS, type RouteParent, routeFacts } from '../../model/routes.ts';
import type { World } from '../../model/world.ts';
import { worldIndex } from '../../model/worldIndex.ts';
import { items, num, text } from '../../yaml/access.ts';
import { type Truth, truthOf } from '../truth.ts';
import { bestSpecificity } from './hostnames.ts';
import { GATEWAY, gatewayOfSet, LISTENER_SET, listenersOf, type Opening, openness } from './openings.ts';
import type { AttachedRoute } from './rank.ts';
import type { Section } from './request.ts';

/** Which routes of the Gateway API are attached to a Service or to listeners of a Gateway, found by their parent. */

interface Attachment {
  readonly route: Located;
  readonly parent: RouteParent;
}

const byParent = worldIndex<Attachment>(ROUTE_KINDS, (route) =>
  routeFacts(route).parents.map((parent) => [parentKey(parent.key, parent), { route, parent }] as const),
);

const byHostname = worldIndex<Located>(
  ['gateway.networking.k8s.io/HTTPRoute', 'gateway.networking.k8s.io/GRPCRoute'],
  (route) =>
    items(route.root, 'spec', 'hostnames').flatMap((node) => {
      const host = text(node)?.toLowerCase();
      return host === undefined ? [] : [[host, route] as const];
    }),
);

function parentKey(key: string, { namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${key} ${namespace}/${name}`;
}

/** What routes of a kind are about. */
export const SECTION_OF_KIND: ReadonlyMap<string, Section> = new Map([
  ['HTTPRoute', 'http'],
  ['GRPCRoute', 'http'],
  ['TLSRoute', 'tls'],
  ['TCPRoute', 'tcp'],
]);

/** The routes for a Service or ServiceEntry, on one of its ports. The `hostnames` of requests mean nothing there. */
export function routesOfAddressee(
  world: World,
  addressee: Located,
  port: number | undefined,
  section: Section = 'http',
): readonly Located[] {
  const { group, kind } = addressee.resource;
  const attached = byParent(world, parentKey(`${group}/${kind}`, addressee)).filter(
    ({ route, parent }) =>
      SECTION_OF_KIND.get(route.resource.kind) === section &&
      (parent.port === undefined || port === undefined || parent.port === port),
  );
  return [...new Set(attached.map(({ route }) => route))];
}

/** The routes of a Gateway that are reached by a host; any host where none is known. */
export function routesOfGateway(world: World, gateway: Located, host: string | undefined): readonly AttachedRoute[] {
  return routesAt(
    world,
    listenersOf(world, gateway).filter(({ section }) => section === 'http'),
    host,
  );
}

/** The routes of listeners that are reached by a host, of the kinds that the listeners understand. */
export function routesAt(
  world: World,
  openings: readonly Opening[],
  host: string | undefined,
): readonly AttachedRoute[] {
  const found = new Map<Located, AttachedRoute>();
  for (const opening of openings) {
    const { group, kind } = opening.owner.resource;
    for (const { route, parent } of byParent(world, parentKey(`${group}/${kind}`, opening.owner))) {
      const taken = takes(world, opening, parent, route);
      const rank = taken === 'no' ? undefined : hostRank(opening, route, host);
      const known = found.get(route);
      if (rank === undefined) continue;
      // One listener that surely takes the route is enough.
      const isDoubtful = taken === 'unknown' && known?.isDoubtful !== false;
      found.set(route, { route, hostRank: Math.max(rank, known?.hostRank ?? 0), isDoubtful });
    }
  }
  return [...found.values()];
}

/** The Gateways that take requests for a host, with the routes that they then use. */
export function gatewayRoutesFor(world: World, host: string): readonly AttachedRoute[] {
  const gateways = new Set(
    hostnamesCovering(host)
      .flatMap((hostname) => byHostname(world, hostname))
      .flatMap((route) => routeFacts(route).parents)
      .flatMap((parent) => gatewaysNamed(world, parent)),
  );
  return [...gateways].flatMap((gateway) => routesOfGateway(world, gateway, host));
}

/** A parent may be a Gateway, or a ListenerSet that adds to one. */
function gatewaysNamed(world: World, parent: Pick<RouteParent, 'key' | 'namespace' | 'name'>): readonly Located[] {
  const found = world.findAll(parent.key, parent.namespace, parent.name);
  if (parent.key === GATEWAY) return found;
  return parent.key === LISTENER_SET
    ? found.flatMap((set) =>
        gatewayOfSet(set).flatMap(({ key, namespace, name }) => world.findAll(key, namespace, name)),
      )
    : [];
}

function hostnamesCovering(host: string): string[] {
  const labels = host.split('.');
  return [host, ...labels.slice(1).map((_, at) => `*.${labels.slice(at + 1).join('.')}`)];
}

/** Unknown where labels of a namespace decide which the workspace does not have. */
function takes(world: World, { owner, node, section, tls }: Opening, parent: RouteParent, route: Located): Truth {
  const own = SECTION_OF_KIND.get(route.resource.kind);
  // What is left of TLS that a listener has ended may be routed by the name in it, or as bytes.
  const isUnderstood = own === section || (own === 'tls' && section === 'tcp' && tls === 'ended');
  const isMeant =
    (parent.sectionName === undefined || text(node, 'name') === parent.sectionName) &&
    (parent.port === undefined || num(node, 'port') === parent.port);
  if (!isUnderstood || !isMeant || !admitsKind(node, route)) return 'no';
  const admitted = admitsNamespace(world, owner, node, route.namespace);
  return admitted === undefined ? 'unknown' : truthOf(admitted);
}

/** Larger for more specific hostnames; undefined where the listener or the route is not for the host. */
function hostRank(opening: Opening, route: Located, host: string | undefined): number | undefined {
  if (host === undefined) return 0;
  const ofListener = openness(opening, host);
  if (ofListener === undefined) return undefined;
  const ofRoute = bestSpecificity(route.root, host);
  return ofRoute === undefined ? undefined : Math.max(ofRoute, ofListener);
}
