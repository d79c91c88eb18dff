import { keysOfMesh, type MetadataKey } from './metadataKey.ts';
import {
  allOrCidrs,
  allOrPorts,
  anyInteger,
  anyText,
  boolean,
  cidrs,
  goDuration,
  integer,
  json,
  names,
  oneOf,
  port,
  ports,
  quantity,
} from './metadataValues.ts';

/** What Istio reads on pods: all of it belongs on the pod template, not on the Deployment around it. */

const { label, annotation } = keysOfMesh('istio');
const POD = ['Pod'];
const SECONDS = integer(0, 4_294_967_295);

export const ISTIO_INJECTION: readonly MetadataKey[] = [
  annotation(
    'sidecar.istio.io/inject',
    POD,
    boolean('Gives the pod a sidecar.', 'Gives the pod no sidecar.'),
    'Whether the pod gets a sidecar. The webhook selects by the label of the same name, so that the annotation alone cannot ask for one.',
    {
      deprecated: {
        note: 'The label of the same name has taken its place and wins over it.',
        use: { key: 'sidecar.istio.io/inject', place: 'label' },
      },
    },
  ),
  annotation(
    'inject.istio.io/templates',
    POD,
    names,
    'Which injection templates make the pod, separated by commas: `sidecar`, `gateway`, `grpc-agent` or your own.',
    { default: 'sidecar' },
  ),
  annotation(
    'sidecar.istio.io/nativeSidecar',
    POD,
    boolean(
      'Runs the proxy as an init container that stays, so that it starts before and stops after the application.',
      'Runs the proxy as an ordinary container.',
    ),
    'Whether the proxy is a **native sidecar** of Kubernetes. Jobs need one to finish.',
    {
      default: 'what istiod is set to',
    },
  ),
  annotation(
    'sidecar.istio.io/proxyImage',
    POD,
    anyText,
    'The image of the proxy, in place of the one of the installation.',
  ),
  annotation(
    'sidecar.istio.io/proxyImageType',
    POD,
    anyText,
    'The sort of proxy image: `default`, `debug` or `distroless`.',
  ),
  annotation(
    'sidecar.istio.io/proxyCPU',
    POD,
    quantity,
    'CPU that the proxy **requests**, such as `100m`. Setting any request replaces all defaults of the proxy, limits too.',
  ),
  annotation(
    'sidecar.istio.io/proxyCPULimit',
    POD,
    quantity,
    'The most CPU that the proxy gets. A tight limit shows up as latency of every request.',
  ),
  annotation(
    'sidecar.istio.io/proxyMemory',
    POD,
    quantity,
    'Memory that the proxy **requests**, such as `128Mi`. Setting any request replaces all defaults of the proxy, limits too.',
  ),
  annotation(
    'sidecar.istio.io/proxyMemoryLimit',
    POD,
    quantity,
    'The most memory that the proxy gets; beyond it the container is killed.',
  ),
  annotation(
    'sidecar.istio.io/userVolume',
    POD,
    json,
    'Volumes for the proxy, as a JSON list or map of Kubernetes volumes.',
  ),
  annotation(
    'sidecar.istio.io/userVolumeMount',
    POD,
    json,
    'Mounts of volumes into the proxy, as a JSON list or map of Kubernetes volume mounts.',
  ),
  annotation(
    'sidecar.istio.io/bootstrapOverride',
    POD,
    anyText,
    'The ConfigMap with an Envoy bootstrap configuration that takes the place of the generated one.',
  ),
  annotation(
    'proxy.istio.io/config',
    POD,
    anyText,
    'Settings of this **proxy**, as YAML text in the form of ProxyConfig: concurrency, tracing, `holdApplicationUntilProxyStarts` and others.',
  ),
  annotation(
    'sidecar.istio.io/discoveryAddress',
    POD,
    anyText,
    'The address of the istiod that the proxy connects to.',
    {
      deprecated: {
        note: 'Set `discoveryAddress` in `proxy.istio.io/config`.',
        use: { key: 'proxy.istio.io/config', place: 'annotation' },
      },
    },
  ),
  annotation(
    'sidecar.istio.io/logLevel',
    POD,
    anyText,
    'How much Envoy logs: `trace`, `debug`, `info`, `warning`, `error`, `critical` or `off`.',
    { default: 'warning' },
  ),
  annotation(
    'sidecar.istio.io/componentLogLevel',
    POD,
    anyText,
    'How much parts of Envoy log, such as `http:debug,router:trace`.',
    { default: 'misc:error' },
  ),
  annotation('sidecar.istio.io/agentLogLevel', POD, anyText, 'How much pilot-agent logs, such as `default:info`.'),
  annotation(
    'sidecar.istio.io/status',
    POD,
    anyText,
    'What injection added to the pod. A pod that has it never joins ambient mode.',
    { setByMesh: true },
  ),
  annotation(
    'proxy.istio.io/overrides',
    POD,
    anyText,
    'What the user had written in the proxy container before injection, so that it is not lost.',
    { setByMesh: true },
  ),
  annotation(
    'istio.io/rev',
    POD,
    anyText,
    'The revision that the proxy really has, as opposed to the label of the same name, which asks for one.',
    { setByMesh: true },
  ),
  label(
    'security.istio.io/tlsMode',
    POD,
    oneOf({ istio: 'Peers use mutual TLS.', disabled: 'Peers use plain text.' }),
    'Whether the workload can take mutual TLS, by which its peers decide how to connect.',
    { setByMesh: true },
  ),
];

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

export const ISTIO_HEALTH: readonly MetadataKey[] = [
  annotation(
    'sidecar.istio.io/rewriteAppHTTPProbers',
    POD,
    boolean('Leads HTTP probes through the agent, which works under strict mutual TLS.', 'Leaves probes as they are.'),
    'Whether HTTP probes of the application are led through pilot-agent. Without it, strict mutual TLS makes them fail.',
    { default: 'true' },
  ),
  annotation(
    'status.sidecar.istio.io/port',
    POD,
    port,
    'The port on which the proxy answers health checks; `0` for none.',
    { default: '15020' },
  ),
  annotation(
    'readiness.status.sidecar.istio.io/initialDelaySeconds',
    POD,
    SECONDS,
    'Seconds until the first readiness probe of the proxy.',
  ),
  annotation(
    'readiness.status.sidecar.istio.io/periodSeconds',
    POD,
    SECONDS,
    'Seconds between two readiness probes of the proxy.',
  ),
  annotation(
    'readiness.status.sidecar.istio.io/failureThreshold',
    POD,
    SECONDS,
    'How many probes must fail until the proxy counts as not ready.',
  ),
  annotation(
    'readiness.status.sidecar.istio.io/applicationPorts',
    POD,
    ports,
    'Ports of the application for which the proxy must be configured before it is ready.',
  ),
  annotation(
    'prometheus.istio.io/merge-metrics',
    POD,
    boolean('Serves the metrics of the application and the proxy together, on port 15020.', 'Keeps them apart.'),
    'Whether Prometheus gets the metrics of application and proxy in **one** scrape. Needs `prometheus.io/scrape` and its like on the pod.',
    {
      default: 'true',
    },
  ),
];

const STATS = 'Set `proxyStatsMatcher` in `proxy.istio.io/config`.';
const PROXY_CONFIG = { key: 'proxy.istio.io/config', place: 'annotation' } as const;

export const ISTIO_STATISTICS: readonly MetadataKey[] = [
  annotation(
    'sidecar.istio.io/statsInclusionPrefixes',
    POD,
    names,
    'Beginnings of the names of Envoy statistics that are kept beside the usual ones.',
    { deprecated: { note: STATS, use: PROXY_CONFIG } },
  ),
  annotation(
    'sidecar.istio.io/statsInclusionSuffixes',
    POD,
    names,
    'Endings of the names of Envoy statistics that are kept beside the usual ones.',
    { deprecated: { note: STATS, use: PROXY_CONFIG } },
  ),
  annotation(
    'sidecar.istio.io/statsInclusionRegexps',
    POD,
    anyText,
    'Regular expressions for the names of Envoy statistics that are kept beside the usual ones.',
    { deprecated: { note: STATS, use: PROXY_CONFIG } },
  ),
  annotation('sidecar.istio.io/extraStatTags', POD, names, 'Names of further dimensions of metrics.', {
    deprecated: {
      note: 'Telemetry resources declare their dimensions themselves; or set `extraStatTags` in `proxy.istio.io/config`.',
      use: PROXY_CONFIG,
    },
  }),
  annotation(
    'sidecar.istio.io/statsHistogramBuckets',
    POD,
    json,
    'The bounds of histogram buckets by the beginning of the metric name, as JSON: `{"istiocustom":[1,5,10,50]}`.',
  ),
  annotation(
    'sidecar.istio.io/statsFlushInterval',
    POD,
    goDuration,
    'How often statistics are pushed to sinks such as OTLP.',
    { default: '5s' },
  ),
  annotation(
    'sidecar.istio.io/statsEvictionInterval',
    POD,
    goDuration,
    'After how long without change the series of Istio metrics are dropped; rounded to whole flush intervals. Keeps memory low where labels change often.',
  ),
  annotation(
    'sidecar.istio.io/statsHistogramBins',
    POD,
    anyInteger,
    'How many bins each histogram of Istio metrics has. Fewer need less memory and are less exact.',
    { default: '100' },
  ),
  annotation(
    'sidecar.istio.io/statsCompression',
    POD,
    oneOf({ brotli: 'Compresses with Brotli.', gzip: 'Compresses with gzip.', zstd: 'Compresses with Zstandard.' }),
    'How the proxy compresses its statistics.',
    { deprecated: { note: 'The proxy follows what the scraper accepts.' } },
  ),
];
