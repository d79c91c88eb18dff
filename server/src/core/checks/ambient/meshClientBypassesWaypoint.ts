import { serverMtls } from '../../mesh/mutualTls.ts';
import { unguardedServices } from '../../mesh/unguardedPods.ts';
import { addresseeBinding, workloadBinding } from '../../mesh/waypoints.ts';
import type { Service, Workload } from '../../model/workloads.ts';
import { at } from '../../yaml/access.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { listed, workloadList } from './phrases.ts';

/** A policy at a waypoint, before pods that take the calls of everybody in the mesh. */
export const meshClientBypassesWaypoint = workspaceCheck({
  facts: {
    code: 'mesh-client-bypasses-waypoint',
    severity: 'info',
    what: 'A policy for a Service is enforced at its waypoint, and the pods behind it take calls from everybody in the mesh.',
    why: 'What a client dials decides: a request to the address of a pod, or to another Service of the same pods without the waypoint, arrives under the identity of the client, and no policy decides on it.',
    todo: 'Allow only the waypoint by an AuthorizationPolicy with a selector for these pods; or use the waypoint for the pods as well.',
    source: 'istio/ztunnel@1.30.3:src/proxy/outbound.rs; istio.io issue 17520',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const { world, settings, meshConfig, report } = scope;
    for (const { service, waypoint, nameNode, pods } of unguardedServices(world, meshConfig.rootNamespace, located)) {
      const open = pods.filter((workload) => isOpenToMesh(scope, workload));
      if (open.length === 0) continue;
      const others = otherWays(scope, service, open);
      // The cluster may well have a guard that this workspace lacks; a Service that leads past the waypoint is written here.
      if (others.length === 0 && !settings.closedWorld) continue;
      const ways = ['by the address of a pod', ...others.map(({ name }) => `as Service \`${name}\``)];
      report(
        nameNode,
        `Clients of the mesh that call ${workloadList(open, '')} ${listed(ways)} get past waypoint \`${waypoint.name}\` and this policy: nothing at the pods says who may call.`,
        {
          related: others.map(({ located: other }) => ({
            site: { located: other, node: at(other.root, 'metadata', 'name') ?? other.root },
            message: 'Leads to the same pods without the waypoint',
          })),
        },
      );
    }
  },
});

/** Whoever is outside the mesh gets no answer here; of pods that take plaintext another check tells. */
function isOpenToMesh({ world, meshConfig }: Scope, workload: Workload): boolean {
  return (
    serverMtls(world, meshConfig.rootNamespace, workload).mode === 'STRICT' &&
    workloadBinding(world, workload).state !== 'bound'
  );
}

function otherWays({ world }: Scope, service: Service, pods: readonly Workload[]): Service[] {
  const services = new Set(pods.flatMap((workload) => world.servicesOf(workload)));
  return [...services].filter(
    (other) => other !== service && (other.headless || addresseeBinding(world, other.located).state !== 'bound'),
  );
}
