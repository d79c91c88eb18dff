import { serverMtls } from '../../mesh/mutualTls.ts';
import { unguardedServices } from '../../mesh/unguardedPods.ts';
import { workspaceCheck } from '../check.ts';
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
  run(located, { world, settings: { rootNamespace }, report }) {
    for (const { nameNode, pods } of unguardedServices(world, rootNamespace, located)) {
      const open = pods.filter((workload) => serverMtls(world, rootNamespace, workload).mode !== 'STRICT');
      if (open.length === 0) continue;
      report(
        nameNode,
        `Clients outside the mesh get past the waypoint and this policy: ${workloadList(open, '')} ${open.length === 1 ? 'takes' : 'take'} plaintext from anybody.`,
      );
    }
  },
});
