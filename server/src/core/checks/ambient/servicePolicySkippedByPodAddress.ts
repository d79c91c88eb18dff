import { attachedTo, targetsOf } from '../../mesh/targets.ts';
import { addresseeBinding, workloadBinding } from '../../mesh/waypoints.ts';
import { actionOf } from '../../mesh/ztunnelPolicy.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { workloadList } from './phrases.ts';

/** A policy for a Service, at a waypoint that also takes calls to its pods. */
export const servicePolicySkippedByPodAddress = workspaceCheck({
  facts: {
    code: 'service-policy-skipped-by-pod-address',
    severity: 'warning',
    what: 'A policy has a Service as target, and the waypoint also takes requests to the addresses of the pods.',
    why: 'At the waypoint, a policy for a Service holds for requests to that Service. A request to the address of a pod, or through a headless Service, goes through the same waypoint without the policy.',
    todo: 'Attach the policy to the waypoint (`kind: Gateway`), where it holds for whatever comes through.',
    source: 'istio/istio@1.30.3:pilot/pkg/model/policyattachment.go',
  },
  kinds: ['security.istio.io/AuthorizationPolicy', 'security.istio.io/RequestAuthentication'],
  run(located, { world, report }) {
    if (located.resource.kind === 'AuthorizationPolicy' && actionOf(located.root) === 'AUDIT') return;
    for (const target of targetsOf(located.root)) {
      const service = target.key === '/Service' ? world.service(located.namespace, target.name) : undefined;
      if (!service || (addresseeBinding(world, service.located).state !== 'bound' && !service.headless)) continue;
      const reached = world.endpointsOf(service).flatMap((workload) => {
        const binding = workloadBinding(world, workload);
        return binding.state === 'bound' ? [{ workload, waypoint: binding.waypoint }] : [];
      });
      const [first] = reached;
      if (!first) continue;
      const { waypoint } = first;
      const key = 'gateway.networking.k8s.io/Gateway';
      // A policy of the same kind for the waypoint as a whole covers what this one does not.
      const covered = attachedTo(world, key, waypoint.namespace, waypoint.name).some(
        (site) => site.located.resource.kind === located.resource.kind,
      );
      if (covered) continue;
      report(
        target.nameNode,
        `Waypoint \`${waypoint.name}\` also takes requests to the addresses of ${workloadList(
          reached.map(({ workload }) => workload),
          'the pods',
        )}, and this policy holds only for those to Service \`${service.name}\`.`,
        {
          related: [
            {
              site: { located: waypoint, node: at(waypoint.root, 'metadata', 'name') ?? waypoint.root },
              message: 'The waypoint',
            },
          ],
        },
      );
    }
  },
});
