import { enrolmentOf } from '../../mesh/enrolment.ts';
import { serverMtls } from '../../mesh/mutualTls.ts';
import { targetsOf } from '../../mesh/targets.ts';
import { addresseeBinding } from '../../mesh/waypoints.ts';
import { allowsAt } from '../../mesh/ztunnelCallers.ts';
import { actionOf } from '../../mesh/ztunnelPolicy.ts';
import type { Workload } from '../../model/workloads.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { workloadList } from './phrases.ts';

/** A policy at a waypoint, before pods that take everybody's calls. */
export const plaintextClientBypassesWaypoint = workspaceCheck({
  facts: {
    code: 'plaintext-client-bypasses-waypoint',
    severity: 'info',
    what: 'A policy is enforced at a waypoint, and the pods behind it take calls from anybody, in plaintext too.',
    why: 'Only ambient clients go through a waypoint. What is outside the mesh, and what calls a pod by its address, reaches the pods without it, and is subject to no policy.',
    todo: 'Set mTLS to `STRICT` by a PeerAuthentication, and allow only the waypoint by an AuthorizationPolicy with a selector.',
    source: 'istio/ztunnel@1.30.3:src/proxy/inbound.rs',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    if (actionOf(located.root) === 'AUDIT') return;
    for (const target of targetsOf(located.root)) {
      const service = target.key === '/Service' ? scope.world.service(located.namespace, target.name) : undefined;
      if (!service || addresseeBinding(scope.world, service.located).state !== 'bound') continue;
      const open = scope.world.endpointsOf(service).filter((workload) => isOpen(scope, workload));
      if (open.length === 0) continue;
      scope.report(
        target.nameNode,
        `Clients outside the mesh get past the waypoint and this policy: ${workloadList(open, '')} ${open.length === 1 ? 'takes' : 'take'} plaintext from anybody.`,
      );
    }
  },
});

function isOpen({ world, settings }: Scope, workload: Workload): boolean {
  const { dataPlane, certain } = enrolmentOf(world, workload);
  if (dataPlane !== 'ambient' || !certain) return false;
  return (
    serverMtls(world, settings.rootNamespace, workload).mode !== 'STRICT' &&
    allowsAt(world, settings.rootNamespace, workload).length === 0
  );
}
