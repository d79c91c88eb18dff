import { serviceOfHost } from '../model/hosts.ts';
import type { Located, Site } from '../model/located.ts';
import { virtualServiceFacts } from '../model/traffic.ts';
import type { World } from '../model/world.ts';
import { at, items, text } from '../yaml/access.ts';
import { hostTargetsOf } from './hostTargets.ts';
import { isForMesh } from './l7.ts';
import { isWaypoint } from './waypoints.ts';

/** What gateways send to which Service, and which VirtualServices route the traffic to it inside the mesh. */

type Index = ReadonlyMap<string, readonly Site[]>;

const exposed = new WeakMap<World, Index>();
const routed = new WeakMap<World, Index>();

const GATEWAY_ROUTES = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'] as const;

/** Where routes of gateways name a Service as their backend. */
export function exposuresOf(world: World, service: Located): readonly Site[] {
  return lookUp(exposed, world, indexExposures, service);
}

/** The hosts by which VirtualServices for the mesh route the traffic to a Service or ServiceEntry. */
export function meshVirtualServicesOf(world: World, addressee: Located): readonly Site[] {
  return lookUp(routed, world, indexVirtualServices, addressee);
}

function lookUp(
  cache: WeakMap<World, Index>,
  world: World,
  make: (world: World) => Index,
  of: Located,
): readonly Site[] {
  let index = cache.get(world);
  if (!index) {
    index = make(world);
    cache.set(world, index);
  }
  return index.get(`${of.resource.kind}/${of.namespace}/${of.name}`) ?? [];
}

function add(index: Map<string, Site[]>, id: string, site: Site): void {
  const sites = index.get(id);
  if (sites) sites.push(site);
  else index.set(id, [site]);
}

function indexExposures(world: World): Index {
  const index = new Map<string, Site[]>();
  for (const located of GATEWAY_ROUTES.flatMap((kind) => world.ofKind(`gateway.networking.k8s.io/${kind}`))) {
    if (!hasGatewayParent(world, located)) continue;
    for (const backend of items(located.root, 'spec', 'rules').flatMap((rule) => items(rule, 'backendRefs'))) {
      const node = at(backend, 'name');
      if (node && (text(backend, 'kind') ?? 'Service') === 'Service') {
        add(index, `Service/${text(backend, 'namespace') ?? located.namespace}/${text(node)}`, { located, node });
      }
    }
  }
  for (const located of world.ofKind('networking.istio.io/VirtualService')) {
    const facts = virtualServiceFacts(located);
    if (!facts.gateways.some(({ name }) => name !== 'mesh')) continue;
    for (const { host, hostNode } of facts.destinations) {
      const service = serviceOfHost(host, located.namespace);
      if (service) add(index, `Service/${service.namespace}/${service.name}`, { located, node: hostNode });
    }
  }
  return index;
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

function indexVirtualServices(world: World): Index {
  const index = new Map<string, Site[]>();
  for (const located of world.ofKind('networking.istio.io/VirtualService')) {
    if (!isForMesh(located)) continue;
    for (const { addressee, node } of hostTargetsOf(world, located)) {
      if (addressee)
        add(index, `${addressee.resource.kind}/${addressee.namespace}/${addressee.name}`, { located, node });
    }
  }
  return index;
}
