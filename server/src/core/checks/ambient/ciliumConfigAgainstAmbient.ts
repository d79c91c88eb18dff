import { usesAmbient } from '../../mesh/enrolment.ts';
import { asScalar, at, text } from '../../yaml/access.ts';
import { replaceWithSource } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

/** Settings of Cilium with which it does not let Istio's ambient mode work. */
export const ciliumConfigAgainstAmbient = workspaceCheck({
  facts: {
    code: 'cilium-config-against-ambient',
    severity: 'warning',
    what: 'Cilium is set up to be the only CNI plugin, or to choose the pod behind a Service in the socket of the client, in a workspace with ambient mode.',
    why: 'As the only plugin it removes the one of Istio, and no pod joins ambient mode. Where it replaces the address of a Service before ztunnel sees it, requests go to pods, past the waypoint of the Service.',
    todo: 'Install Cilium with `cni.exclusive: false` and `socketLB.hostNamespaceOnly: true`.',
    source: 'istio.io: ambient/install/platform-prerequisites; istio/istio issue 52208',
  },
  kinds: ['/ConfigMap'],
  run(located, { world, report }) {
    if (located.name !== 'cilium-config' || !usesAmbient(world)) return;
    const data = at(located.root, 'data');
    const exclusive = asScalar(at(data, 'cni-exclusive'));
    if (exclusive && text(exclusive) === 'true')
      report(exclusive, 'Cilium removes the CNI plugin of Istio, so that no pod joins ambient mode.', {
        severity: 'error',
        fixes: [{ title: 'Change to `"false"`', safe: false, edits: [replaceWithSource(exclusive, '"false"')] }],
      });
    const socket = asScalar(at(data, 'bpf-lb-sock'));
    if (socket && text(socket) === 'true' && text(data, 'bpf-lb-sock-hostns-only') !== 'true')
      report(
        socket,
        'Cilium chooses the pod behind a Service before ztunnel sees the request, which then goes past the waypoint of the Service; set `bpf-lb-sock-hostns-only` to "true".',
      );
  },
});
