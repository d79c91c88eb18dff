import { admitsNamespace } from '../../model/allowedRoutes.ts';
import type { Located } from '../../model/located.ts';
import { ROUTE_KINDS, type RouteParent, routeFacts } from '../../model/routes.ts';
import type { World } from '../../model/world.ts';
import { worldIndex } from '../../model/worldIndex.ts';
import { items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { AttachedRoute } from './rank.ts';

/** Which HTTPRoutes and GRPCRoutes are attached to a Service or a Gateway, found by their parent. */

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

const HTTP_KINDS: ReadonlySet<string> = new Set(['HTTPRoute', 'GRPCRoute']);

/** The routes of requests for a Service or ServiceEntry, on one of its ports. Their `hostnames` mean nothing there. */
export function routesOfAddressee(world: World, addressee: Located, port: number | undefined): readonly Located[] {
  const { group, kind } = addressee.resource;
  const attached = byParent(world, parentKey(`${group}/${kind}`, addressee)).filter(
    ({ route, parent }) =>
      HTTP_KINDS.has(route.resource.kind) && (parent.port === undefined || port === undefined || parent.port === port),
  );
  return [...new Set(attached.map(({ route }) => route))];
}

/** The routes of a Gateway that are reached by a host; any host where none is known. */
export function routesOfGateway(world: World, gateway: Located, host: string | undefined): readonly AttachedRoute[] {
  const ranks = new Map<Located, number>();
  for (const { route, parent } of byParent(world, parentKey('gateway.networking.k8s.io/Gateway', gateway))) {
    if (!HTTP_KINDS.has(route.resource.kind)) continue;
    for (const listener of listenersFor(world, gateway, parent, route)) {
      const rank = hostRank(listener, route, host);
      if (rank !== undefined) ranks.set(route, Math.max(rank, ranks.get(route) ?? 0));
    }
  }
  return [...ranks].map(([route, rank]) => ({ route, hostRank: rank }));
}

/** The Gateways that take requests for a host, with the routes that they then use. */
export function gatewayRoutesFor(world: World, host: string): readonly AttachedRoute[] {
  const gateways = new Set(
    hostnamesCovering(host)
      .flatMap((hostname) => byHostname(world, hostname))
      .flatMap((route) => routeFacts(route).parents)
      .flatMap(({ key, namespace, name }) =>
        key === 'gateway.networking.k8s.io/Gateway' ? world.findAll(key, namespace, name) : [],
      ),
  );
  return [...gateways].flatMap((gateway) => routesOfGateway(world, gateway, host));
}

function hostnamesCovering(host: string): string[] {
  const labels = host.split('.');
  return [host, ...labels.slice(1).map((_, at) => `*.${labels.slice(at + 1).join('.')}`)];
}

function listenersFor(world: World, gateway: Located, parent: RouteParent, route: Located): YamlNode[] {
  return items(gateway.root, 'spec', 'listeners').filter(
    (listener) =>
      (parent.sectionName === undefined || text(listener, 'name') === parent.sectionName) &&
      (parent.port === undefined || num(listener, 'port') === parent.port) &&
      admitsNamespace(world, gateway, listener, route.namespace) === true,
  );
}

/** Larger for more specific hostnames; undefined where the listener or the route is not for the host. */
function hostRank(listener: YamlNode, route: Located, host: string | undefined): number | undefined {
  if (host === undefined) return 0;
  const ofListener = specificity(text(listener, 'hostname'), host);
  if (ofListener === undefined) return undefined;
  const hostnames = items(route.root, 'spec', 'hostnames').map((node) => text(node));
  if (hostnames.length === 0) return ofListener;
  const ranks = hostnames.flatMap((hostname) => (hostname === undefined ? [] : (specificity(hostname, host) ?? [])));
  return ranks.length === 0 ? undefined : Math.max(...ranks, ofListener);
}

/** Longer than any hostname may be, so that an exact one always ranks above a wildcard. */
const EXACT = 1000;

function specificity(hostname: string | undefined, host: string): number | undefined {
  const pattern = hostname?.toLowerCase() ?? '';
  if (pattern === '') return 0;
  if (pattern === host) return EXACT + pattern.length;
  return pattern.startsWith('*.') && host.endsWith(pattern.slice(1)) ? pattern.length : undefined;
}
