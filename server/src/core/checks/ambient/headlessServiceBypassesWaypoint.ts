import { isAmbientAddressee } from '../../mesh/hostTargets.ts';
import { attachedTo } from '../../mesh/targets.ts';
import { addresseeBinding, USE_WAYPOINT, workloadBinding } from '../../mesh/waypoints.ts';
import { serviceOf } from '../../model/workloads.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A waypoint for a Service without an address of its own. */
export const headlessServiceBypassesWaypoint = workspaceCheck({
  facts: {
    code: 'headless-service-bypasses-waypoint',
    severity: 'warning',
    what: 'A headless Service has a waypoint that takes traffic to Services.',
    why: 'The name of a headless Service resolves to the addresses of its pods, so clients call the pods: the waypoint, its policies and its routes are bypassed.',
    todo: 'Use a waypoint for workloads (`istio.io/waypoint-for: workload` or `all`, and `use-waypoint` on the pods), or give the Service a cluster IP.',
    source: 'istio/ztunnel@1.30.3:src/proxy/outbound.rs',
  },
  kinds: ['/Service'],
  run(located, scope) {
    const service = serviceOf(located);
    const node = at(located.root, 'spec', 'clusterIP');
    if (!service?.headless || !node || !isAmbientAddressee(scope.world, located)) return;
    const binding = addresseeBinding(scope.world, located);
    const attached = attachedTo(scope.world, '/Service', located.namespace, located.name);
    // That a namespace has a waypoint says nothing about each Service in it.
    if (binding.state !== 'bound' || (attached.length === 0 && !service.labels.has(USE_WAYPOINT))) return;
    const pods = scope.world.endpointsOf(service);
    if (pods.length > 0 && pods.every((workload) => workloadBinding(scope.world, workload).state === 'bound')) return;
    scope.report(
      node,
      `Clients of a headless Service call its pods directly, past waypoint \`${binding.waypoint.name}\`, which takes traffic to Services.`,
      {
        related: [...binding.because, ...attached].map((site) => ({ site, message: 'Expects the waypoint' })),
      },
    );
  },
});
