import { derive } from '../model/derivation.ts';
import { matchesSelector } from '../model/labels.ts';
import type { Located } from '../model/located.ts';
import { ROUTE_KINDS, type RouteParent, routeFacts } from '../model/routes.ts';
import type { Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { worldIndex } from '../model/worldIndex.ts';
import { at, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';

/** What Linkerd's Servers cover: pods, one port of them, and the routes that are attached. */

export const SERVER = 'policy.linkerd.io/Server';

export const serversIn = worldIndex([SERVER], (server) => [[server.namespace, server]]);

/** The pods of a Server. Machines outside Kubernetes are ExternalWorkloads to Linkerd, and not among them. */
export const podsOfServer = derive((world, server: Located): readonly Workload[] => {
  const selector = at(server.root, 'spec', 'podSelector');
  return selector ? world.workloads(server.namespace).filter((workload) => isSelected(selector, workload)) : [];
});

function isSelected(selector: YamlNode, { located, labels }: Workload): boolean {
  return located.resource.group !== 'networking.istio.io' && matchesSelector(selector, labels);
}

/** The number of the port that a Server covers on a pod; undefined where the pod has no port of the name. */
export function portOfServer(server: Located, pod: Workload): number | undefined {
  const written = text(server.root, 'spec', 'port');
  if (written === undefined) return undefined;
  return /^\d+$/.test(written) ? Number(written) : pod.ports.find(({ name }) => name === written)?.port;
}

export interface Attached {
  readonly route: Located;
  readonly parent: RouteParent;
}

const attachedTo = worldIndex<Attached>(ROUTE_KINDS, (route) =>
  routeFacts(route).parents.map((parent) => [`${parent.key}/${parent.namespace}/${parent.name}`, { route, parent }]),
);

/** The routes that name a resource as their parent. */
export function routesAttachedTo(
  world: World,
  key: string,
  parent: { readonly namespace: string; readonly name: string },
): readonly Attached[] {
  return attachedTo(world, `${key}/${parent.namespace}/${parent.name}`);
}

/** The routes that decide about requests to a Server: GRPCRoutes only where the Server says that it speaks gRPC. */
export function inboundRoutes(world: World, server: Located): readonly Located[] {
  const wanted = text(server.root, 'spec', 'proxyProtocol') === 'gRPC' ? 'GRPCRoute' : 'HTTPRoute';
  return routesAttachedTo(world, SERVER, server).flatMap(({ route }) =>
    route.resource.kind === wanted ? [route] : [],
  );
}
