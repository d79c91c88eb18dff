import { attachedTo } from '../../mesh/targets.ts';
import { isUnguarded } from '../../mesh/unguardedPods.ts';
import { addresseeBinding, isWaypoint, workloadBinding } from '../../mesh/waypoints.ts';
import type { Located } from '../../model/located.ts';
import type { Service, Workload } from '../../model/workloads.ts';
import { at } from '../../yaml/access.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { workloadList } from './phrases.ts';

const GATEWAY = 'gateway.networking.k8s.io/Gateway';

/** A waypoint for Services, and pods behind it that take calls to their own addresses. */
export const podAddressBypassesWaypoint = workspaceCheck({
  facts: {
    code: 'pod-address-bypasses-waypoint',
    severity: 'info',
    what: 'A waypoint takes only traffic to Services, and the pods behind it take calls to their own addresses as well.',
    why: 'What a client dials decides: a request to the address of a pod does not go through a waypoint for Services, whatever Service the pod belongs to.',
    todo: 'Where that matters, use the waypoint for the pods too (`istio.io/waypoint-for: all`, and `use-waypoint` on pods or namespace), or let the pods admit the waypoint alone, by an AuthorizationPolicy with a selector.',
    source: 'istio/ztunnel@1.30.3:src/proxy/outbound.rs',
  },
  kinds: [GATEWAY],
  run(located, scope) {
    const { world, settings } = scope;
    // That nothing guards the pods can only be said of a workspace that is the whole cluster.
    if (!settings.closedWorld) return;
    const name = at(located.root, 'metadata', 'name');
    if (!name || !isWaypoint(world, located)) return;
    const services = servicesBehind(scope, located);
    // Where policies are attached, they are the ones that tell how they are bypassed.
    if (services.length === 0 || isUsed(scope, located, services)) return;
    const open = [...new Set(services.flatMap((service) => world.endpointsOf(service)))].filter((workload) =>
      isOpen(scope, workload),
    );
    if (open.length === 0) return;
    scope.report(
      name,
      `Requests to the addresses of pods go past this waypoint, which takes traffic to Services: ${workloadList(open, '')}.`,
      {
        related: services.slice(0, 3).map((service) => ({
          site: {
            located: service.located,
            node: at(service.located.root, 'metadata', 'name') ?? service.located.root,
          },
          message: 'A Service of this waypoint',
        })),
      },
    );
  },
});

function servicesBehind({ world }: Scope, waypoint: Located): Service[] {
  return world.services().filter((service) => {
    const binding = addresseeBinding(world, service.located);
    return !service.headless && binding.state === 'bound' && binding.waypoint === waypoint;
  });
}

function isUsed({ world }: Scope, waypoint: Located, services: readonly Service[]): boolean {
  return (
    attachedTo(world, GATEWAY, waypoint.namespace, waypoint.name).length > 0 ||
    services.some((service) => attachedTo(world, '/Service', service.namespace, service.name).length > 0)
  );
}

function isOpen({ world, meshConfig }: Scope, workload: Workload): boolean {
  return workloadBinding(world, workload).state !== 'bound' && isUnguarded(world, meshConfig.rootNamespace, workload);
}
