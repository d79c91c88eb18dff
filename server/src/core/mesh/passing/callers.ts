import { gatewayFacts, gatewayWorkloads, ISTIO_GATEWAY } from '../../model/gateways.ts';
import type { Located } from '../../model/located.ts';
import { GATEWAY_API, isRoute, routeFacts } from '../../model/routes.ts';
import { gatewayName, virtualServiceFacts } from '../../model/traffic.ts';
import { type Workload, workloadOf } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { isGatewayPod } from '../enrolment.ts';
import { type PathContext, planeOf } from '../paths/context.ts';
import { nameOf } from '../paths/ends.ts';
import { selectedBy } from '../paths/selecting.ts';
import { targetsOf } from '../targets.ts';
import { isWaypoint } from '../waypoints.ts';
import type { Addressed } from './addresses.ts';
import { namedCallers } from './namedCallers.ts';

/** Who sends a request so that it passes a resource: `from` of a request. */
export function callerFor(context: PathContext, located: Located, addressed: Addressed): string {
  const gateway = gatewaysOf(context, located)[0];
  if (gateway) return gateway;
  const servers = serversOf(context.world, addressed);
  // A workload that serves nobody is shown by what it asks of others.
  const isServer = servers.some((server) => server.located === located);
  if (!isServer && workloadOf(located)) return nameOf(located);
  const named = namedCallers(context, located);
  const isCaller = (workload: Workload) => !servers.includes(workload) && named?.(workload) === true;
  const caller = context.world.workloads().find(isCaller) ?? neighborOf(context, located, addressed, servers);
  return caller ? nameOf(caller) : 'outside';
}

/** Another workload of the namespace, or of any; a Sidecar is about what its own workloads send. */
function neighborOf(
  context: PathContext,
  located: Located,
  addressed: Addressed,
  servers: readonly Workload[],
): Workload | undefined {
  const { world } = context;
  if (located.resource.kind === 'Sidecar') return selectedBy(context, located)[0];
  const others = (workloads: readonly Workload[]) => workloads.find((workload) => !servers.includes(workload));
  const near = others(world.workloads(namespaceOf(addressed) ?? located.namespace));
  return near ?? others(world.workloads());
}

function namespaceOf(addressed: Addressed): string | undefined {
  if ('host' in addressed) return undefined;
  return 'service' in addressed ? addressed.service.namespace : addressed.workload.namespace;
}

export function serversOf(world: World, addressed: Addressed): readonly Workload[] {
  if ('host' in addressed) return [];
  return 'service' in addressed ? world.endpointsOf(addressed.service) : [addressed.workload];
}

/** More of a kind than any Service has pods, in most workspaces: one of them is no pod of it. */
const ENOUGH = 20;

/**
 * Who is asked about for a policy: one client that it names, and one of each kind that there is besides, near what is
 * addressed where one is. The workloads are looked through once for all that is addressed.
 */
export function callersFor(context: PathContext, policy: Located): (addressed: Addressed) => readonly string[] {
  const { world } = context;
  // What a gateway decides, it decides about what comes through it.
  const gateways = gatewaysOf(context, policy);
  if (gateways.length > 0) return () => gateways;
  const named = namedCallers(context, policy);
  const kindOf = (workload: Workload) => (named?.(workload) === true ? 'named' : planeOf(context, workload));
  const everywhere = byKind(world.workloads(), kindOf);
  const beyond = [...ingressGateways(world).slice(0, 1), 'outside'];
  return (addressed) => {
    const servers = serversOf(world, addressed);
    const near = byKind(world.workloads(namespaceOf(addressed) ?? policy.namespace), kindOf);
    const first = [...everywhere].flatMap(([kind, workloads]) => {
      const candidates = [...(near.get(kind) ?? []), ...workloads];
      return candidates.find((workload) => !servers.includes(workload)) ?? [];
    });
    // Where nobody else is there, a workload that calls its own Service takes the same way.
    const only = first.length === 0 && 'service' in addressed ? servers.slice(0, 1) : [];
    return [...[...first, ...only].map(nameOf), ...beyond];
  };
}

/** Workloads by how they call, the named ones first. Those without a proxy call as those outside do. */
function byKind(workloads: readonly Workload[], kindOf: (workload: Workload) => string): Map<string, Workload[]> {
  const found = new Map<string, Workload[]>([['named', []]]);
  for (const workload of workloads) {
    const kind = kindOf(workload);
    const list = found.get(kind) ?? [];
    if (list.length === 0) found.set(kind, list);
    if (list.length < ENOUGH) list.push(workload);
  }
  found.delete('none');
  found.delete('gateway');
  return found;
}

/** Kubernetes Gateways through which requests come into the mesh, as requests name them. */
export function ingressGateways(world: World): string[] {
  return world
    .ofKind(`${GATEWAY_API}/Gateway`)
    .filter((gateway) => !isWaypoint(world, gateway))
    .map((gateway) => `gateway:${nameOf(gateway)}`);
}

/** The gateways at which a resource decides about requests; none for what decides inside the mesh. */
function gatewaysOf(context: PathContext, located: Located): string[] {
  const { world } = context;
  if (isRoute(located)) {
    return routeFacts(located).parents.flatMap(({ key, namespace, name }) =>
      kubernetesGateway(world, key, namespace, name),
    );
  }
  switch (located.kindKey) {
    case 'networking.istio.io/VirtualService':
      return virtualServiceFacts(located).gateways.flatMap(({ name }) => {
        const { namespace, gateway } = gatewayName(name, located.namespace);
        const found = name === 'mesh' ? undefined : world.find(ISTIO_GATEWAY, namespace, gateway);
        return found ? istioGateway(world, found) : [];
      });
    case ISTIO_GATEWAY:
      return istioGateway(world, located);
    case `${GATEWAY_API}/Gateway`:
      return isWaypoint(world, located) ? [] : [`gateway:${nameOf(located)}`];
    default:
      return [
        ...targetsOf(located.root).flatMap(({ key, name }) => kubernetesGateway(world, key, located.namespace, name)),
        ...gatewayPodsOf(context, located).map((pod) => `gateway:${nameOf(pod)}`),
      ];
  }
}

/** The pods that a policy selects, if these are gateways and nothing else. */
function gatewayPodsOf(context: PathContext, policy: Located): readonly Workload[] {
  if (policy.resource.group !== 'security.istio.io' || targetsOf(policy.root).length > 0) return [];
  const pods = selectedBy(context, policy);
  return pods.every(isGatewayPod) ? pods : [];
}

function kubernetesGateway(world: World, key: string, namespace: string, name: string): string[] {
  const gateway = key === `${GATEWAY_API}/Gateway` ? world.find(key, namespace, name) : undefined;
  return gateway && !isWaypoint(world, gateway) ? [`gateway:${nameOf(gateway)}`] : [];
}

/** Istio's own Gateways configure workloads, and those send the requests on. */
function istioGateway(world: World, gateway: Located): string[] {
  return gatewayWorkloads(world, gatewayFacts(gateway)).map((workload) => `gateway:${nameOf(workload)}`);
}
