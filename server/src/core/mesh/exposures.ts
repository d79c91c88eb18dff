import { hostIndex, hostKey } from '../model/hostIndex.ts';
import { ownersOfHost, serviceOfHost } from '../model/hosts.ts';
import type { Located, Site } from '../model/located.ts';
import { virtualServiceFacts } from '../model/traffic.ts';
import type { World } from '../model/world.ts';
import { worldIndex } from '../model/worldIndex.ts';
import { at, items, text } from '../yaml/access.ts';
import { isForMesh } from './l7.ts';
import { isWaypoint } from './waypoints.ts';

/** What gateways send to which Service, and which VirtualServices route the traffic to it inside the mesh. */

const GATEWAY_ROUTES = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'] as const;
const VIRTUAL_SERVICE = 'networking.istio.io/VirtualService';

const backends = worldIndex<Site>(
  GATEWAY_ROUTES.map((kind) => `gateway.networking.k8s.io/${kind}` as const),
  (located) =>
    items(located.root, 'spec', 'rules')
      .flatMap((rule) => items(rule, 'backendRefs'))
      .flatMap((backend) => {
        const node = at(backend, 'name');
        if (!node || (text(backend, 'kind') ?? 'Service') !== 'Service') return [];
        return [[`${text(backend, 'namespace') ?? located.namespace}/${text(node)}`, { located, node }] as const];
      }),
);

const destinations = worldIndex<Site>([VIRTUAL_SERVICE], (located) => {
  const facts = virtualServiceFacts(located);
  if (!facts.gateways.some(({ name }) => name !== 'mesh')) return [];
  return facts.destinations.flatMap(({ host, hostNode }) => {
    const service = serviceOfHost(host, located.namespace);
    return service ? [[`${service.namespace}/${service.name}`, { located, node: hostNode }] as const] : [];
  });
});

/** Where routes of gateways name a Service as their backend. */
export function exposuresOf(world: World, { resource, namespace, name }: Located): readonly Site[] {
  if (resource.kind !== 'Service') return [];
  const key = `${namespace}/${name}`;
  const routes = backends(world, key).filter(({ located }) => hasGatewayParent(world, located));
  return [...routes, ...destinations(world, key)];
}

const hosts = hostIndex<Site & { readonly host: string }>([VIRTUAL_SERVICE], (located) =>
  isForMesh(located)
    ? virtualServiceFacts(located).hosts.map(({ node, host }) => [
        hostKey(host, located.namespace),
        { located, node, host },
      ])
    : [],
);

/** The hosts by which VirtualServices for the mesh route the traffic to a Service or ServiceEntry. */
export function meshVirtualServicesOf(world: World, addressee: Located): readonly Site[] {
  const found = hostKeysOf(addressee)
    .flatMap((key) => [...hosts.exact(world, key), ...hosts.narrower(world, key)])
    .filter(({ located, host }) => ownersOfHost(world, host, located.namespace)[0]?.located === addressee);
  return [...new Map(found.map((site) => [site.node, site])).values()];
}

function hostKeysOf({ resource, root, namespace, name }: Located): string[] {
  if (resource.kind === 'Service') return [`${name}.${namespace}`];
  return items(root, 'spec', 'hosts').flatMap((node) => {
    const host = text(node);
    return host === undefined ? [] : [hostKey(host, namespace)];
  });
}

function hasGatewayParent(world: World, route: Located): boolean {
  return items(route.root, 'spec', 'parentRefs').some((parent) => {
    if ((text(parent, 'kind') ?? 'Gateway') !== 'Gateway') return false;
    const gateway = world.find(
      'gateway.networking.k8s.io/Gateway',
      text(parent, 'namespace') ?? route.namespace,
      text(parent, 'name') ?? '',
    );
    return !gateway || !isWaypoint(world, gateway);
  });
}
