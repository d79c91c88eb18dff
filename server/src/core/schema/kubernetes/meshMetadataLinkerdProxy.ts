import { keysOfMesh, type MetadataKey } from './metadataKey.ts';
import {
  anyInteger,
  boolean,
  cidrs,
  decimal,
  port,
  portRanges,
  portRangesOrNames,
  ports,
  quantity,
} from './metadataValues.ts';

/** What the injector of Linkerd reads on namespaces and pods about the ports and resources of the proxy. */

const { annotation } = keysOfMesh('linkerd');
const INJECTED = ['Namespace', 'Pod'];

export const LINKERD_CAPTURE: readonly MetadataKey[] = [
  annotation(
    'config.linkerd.io/skip-inbound-ports',
    INJECTED,
    portRanges,
    'Ports that are reached **past** the proxy: no mutual TLS, no policy, no metrics there. For protocols that only fail detection, `opaque-ports` is the better choice.',
  ),
  annotation(
    'config.linkerd.io/skip-outbound-ports',
    INJECTED,
    portRanges,
    'Destination ports that the application reaches **past** the proxy, in plain text and without its identity.',
  ),
  annotation(
    'config.linkerd.io/opaque-ports',
    ['Namespace', 'Pod', 'Service'],
    portRangesOrNames,
    'Ports that are proxied as **plain TCP**: with mutual TLS, without routes and per-request metrics. For protocols in which the server speaks first. It replaces the default list, does not add to it, and must say the same on the Service and its pods.',
    {
      default: '25,587,3306,4444,5432,6379,9300,11211',
    },
  ),
  annotation(
    'config.linkerd.io/skip-subnets',
    INJECTED,
    cidrs,
    'Networks whose traffic goes past the proxy, in both directions; for example those of Docker in Docker.',
  ),
  annotation(
    'config.linkerd.io/pod-inbound-ports',
    INJECTED,
    ports,
    'The container ports of the pod, by which policy knows ports that no `containerPort` declares. The injector fills it in.',
  ),
  annotation(
    'config.linkerd.io/proxy-require-identity-inbound-ports',
    INJECTED,
    portRanges,
    'Ports on which the proxy takes connections with a mesh identity only. Policies say the same with more choice.',
  ),
  annotation('config.linkerd.io/control-port', INJECTED, port, 'The port for taps and other control of the proxy.', {
    default: '4190',
  }),
  annotation(
    'config.linkerd.io/inbound-port',
    INJECTED,
    port,
    'The port on which the proxy takes inbound traffic. NetworkPolicies must allow it.',
    { default: '4143' },
  ),
  annotation(
    'config.linkerd.io/outbound-port',
    INJECTED,
    port,
    'The port on which the proxy takes outbound traffic of the application.',
    { default: '4140' },
  ),
  annotation('config.linkerd.io/admin-port', INJECTED, port, 'The port of health checks and metrics of the proxy.', {
    default: '4191',
  }),
  annotation(
    'config.linkerd.io/enable-gateway',
    INJECTED,
    boolean(
      'The proxy takes traffic for other services and passes it on.',
      'The proxy takes traffic for its own pod only.',
    ),
    'Whether the pod is a **gateway** between clusters. The multicluster extension sets it on its own.',
    { default: 'false' },
  ),
  annotation(
    'config.linkerd.io/enable-external-profiles',
    INJECTED,
    boolean(
      'Looks up ServiceProfiles for names outside of Kubernetes.',
      'Looks them up for services of the cluster only.',
    ),
    'Whether ServiceProfiles hold for names outside of Kubernetes.',
    { default: 'false' },
  ),
];

export const LINKERD_RESOURCES: readonly MetadataKey[] = [
  annotation(
    'config.linkerd.io/proxy-cpu-request',
    INJECTED,
    quantity,
    'CPU that the proxy **requests**, such as `100m`.',
    { default: 'none' },
  ),
  annotation(
    'config.linkerd.io/proxy-cpu-limit',
    INJECTED,
    quantity,
    'The most CPU that the proxy gets. It also decides how many worker threads it starts.',
    { default: 'none' },
  ),
  annotation(
    'config.linkerd.io/proxy-cpu-ratio-limit',
    INJECTED,
    decimal(0, 1),
    'How many worker threads the proxy starts, as a part of the CPUs of the node: `0.25` for one thread on each four.',
  ),
  annotation(
    'config.linkerd.io/proxy-memory-request',
    INJECTED,
    quantity,
    'Memory that the proxy **requests**, such as `20Mi`.',
    { default: 'none' },
  ),
  annotation(
    'config.linkerd.io/proxy-memory-limit',
    INJECTED,
    quantity,
    'The most memory that the proxy gets; beyond it the container is killed.',
    { default: 'none' },
  ),
  annotation(
    'config.linkerd.io/proxy-ephemeral-storage-request',
    INJECTED,
    quantity,
    'Local disk space that the proxy requests.',
    { default: 'none' },
  ),
  annotation(
    'config.linkerd.io/proxy-ephemeral-storage-limit',
    INJECTED,
    quantity,
    'The most local disk space that the proxy gets.',
    { default: 'none' },
  ),
  annotation(
    'config.linkerd.io/proxy-uid',
    INJECTED,
    anyInteger,
    'The user id that the proxy runs as. Traffic of this user is not captured, so that no container of the application may have it.',
    { default: '2102' },
  ),
  annotation(
    'config.linkerd.io/proxy-gid',
    INJECTED,
    anyInteger,
    'The group id that the proxy runs as; `-1` leaves it to the image.',
    { default: '-1' },
  ),
];
