import { enrolmentOf } from '../../mesh/enrolment.ts';
import { describeLocated } from '../../model/located.ts';
import { serviceOf } from '../../model/workloads.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** Ports of Services that Linkerd's proxies do not see. */
export const linkerdUdpPort = workspaceCheck({
  facts: {
    code: 'linkerd-udp-port',
    severity: 'info',
    what: 'A Service sends UDP to pods with the proxy of Linkerd.',
    why: 'The proxy takes TCP alone: datagrams go past it, unencrypted, and no policy of Linkerd decides on them.',
    todo: 'Know that this port is outside the mesh; say by a NetworkPolicy who may send to it.',
    peers: ['LKD:inject-skip'],
    source: 'linkerd/linkerd2@0467b8dc:pkg/inject/report.go',
  },
  kinds: ['/Service'],
  run(located, { world, report }) {
    const service = serviceOf(located);
    const ports = service?.ports.filter(({ protocol }) => protocol === 'UDP') ?? [];
    if (!service || ports.length === 0) return;
    const pod = world.endpointsOf(service).find((workload) => enrolmentOf(world, workload).dataPlane === 'linkerd');
    if (!pod) return;
    for (const { node, port } of ports)
      report(
        at(node, 'protocol') ?? node,
        `Port ${port} takes UDP, which goes past the proxy of Linkerd in ${describeLocated(pod.located)}: it is neither encrypted nor subject to Linkerd's policies.`,
      );
  },
});
