import { keysOfMesh, type MetadataKey } from './metadataKey.ts';
import { allOrCidrs, allOrPorts, anyText, boolean, cidrs, names, oneOf, ports } from './metadataValues.ts';

/** What Istio reads on pods about the traffic that it captures. All of it belongs on the pod template. */

const { label, annotation } = keysOfMesh('istio');
const POD = ['Pod'];

export const ISTIO_CAPTURE: readonly MetadataKey[] = [
  annotation(
    'sidecar.istio.io/interceptionMode',
    POD,
    oneOf({
      REDIRECT: 'Redirects connections; the application sees the address of the proxy.',
      TPROXY: 'Passes connections on with the address of the client; needs more rights.',
      NONE: 'Redirects nothing: only connections to the proxy itself are in the mesh.',
    }),
    'How inbound connections get into the sidecar.',
    {
      default: 'REDIRECT',
    },
  ),
  annotation(
    'traffic.sidecar.istio.io/includeOutboundIPRanges',
    POD,
    allOrCidrs,
    'Destinations that go through the sidecar. An empty value captures no outbound traffic at all.',
    { default: '*' },
  ),
  annotation(
    'traffic.sidecar.istio.io/excludeOutboundIPRanges',
    POD,
    cidrs,
    'Destinations that go **past** the sidecar, and so past all its policies. Only with `includeOutboundIPRanges: "*"`.',
  ),
  annotation(
    'traffic.sidecar.istio.io/includeInboundPorts',
    POD,
    allOrPorts,
    'Container ports whose connections go through the sidecar. An empty value captures none.',
    { default: '*' },
  ),
  annotation(
    'traffic.sidecar.istio.io/excludeInboundPorts',
    POD,
    ports,
    'Container ports that are reached **past** the sidecar: no mutual TLS, no authorization there. Only with `includeInboundPorts: "*"`.',
  ),
  annotation(
    'traffic.sidecar.istio.io/includeOutboundPorts',
    POD,
    ports,
    'Destination ports that go through the sidecar whatever their address.',
  ),
  annotation(
    'traffic.sidecar.istio.io/excludeOutboundPorts',
    POD,
    ports,
    'Destination ports that go **past** the sidecar, such as those of databases outside.',
  ),
  annotation(
    'traffic.sidecar.istio.io/excludeInterfaces',
    POD,
    names,
    'Network interfaces of the pod whose traffic is left alone.',
  ),
  annotation(
    'traffic.sidecar.istio.io/kubevirtInterfaces',
    POD,
    names,
    'Interfaces of virtual machines in the pod whose inbound traffic counts as outbound.',
    {
      deprecated: {
        note: 'The new name works in ambient mode too.',
        use: { key: 'istio.io/reroute-virtual-interfaces', place: 'annotation' },
      },
    },
  ),
  annotation(
    'istio.io/reroute-virtual-interfaces',
    POD,
    names,
    'Virtual interfaces whose inbound traffic counts as outbound: KubeVirt, Docker in Docker and the like, such as `docker0`.',
  ),
  annotation(
    'ambient.istio.io/bypass-inbound-capture',
    POD,
    boolean('Captures outbound traffic only.', 'Captures both directions.'),
    'In ambient mode, leaves inbound connections alone. For ingress controllers, whose clients are outside of the mesh. Policies on inbound traffic are then **not enforced**.',
    {
      default: 'false',
    },
  ),
  annotation(
    'ambient.istio.io/dns-capture',
    POD,
    boolean('Answers DNS queries in the mesh.', 'Leaves DNS queries alone.'),
    'In ambient mode, whether DNS queries of the pod are answered by ztunnel. Without, ServiceEntries without addresses and egress waypoints do not work for it.',
    {
      default: 'what the installation says',
    },
  ),
  annotation(
    'ambient.istio.io/redirection',
    POD,
    oneOf({ enabled: 'The pod is in ambient mode.', pending: 'The pod is about to join.' }),
    'Whether the pod **is** in ambient mode. The label `istio.io/dataplane-mode` is what asks for it.',
    { setByMesh: true },
  ),
  label(
    'networking.istio.io/tunnel',
    POD,
    anyText,
    'The tunnel protocols that the workload accepts, `http` for HBONE. Injection sets it for sidecars that ambient clients can reach securely.',
    { setByMesh: true },
  ),
];
