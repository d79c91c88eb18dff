import { keysOfMesh, type MetadataKey } from './metadataKey.ts';
import {
  anyInteger,
  anyText,
  boolean,
  cidrs,
  decimal,
  goDuration,
  integer,
  json,
  oneOf,
  port,
  portRanges,
  portRangesOrNames,
  ports,
  quantity,
  suggested,
  textLike,
} from './metadataValues.ts';

/** What Linkerd's injector reads on namespaces and pods. Pods inherit it from their namespace when they are created. */

const { label, annotation } = keysOfMesh('linkerd');
const INJECTED = ['Namespace', 'Pod'];
const PULL_POLICY = oneOf({
  Always: 'Asks the registry each time a container starts.',
  IfNotPresent: 'Uses the image of the node, where there is one.',
  Never: 'Only uses an image that the node already has.',
});

export const LINKERD_INJECTION: readonly MetadataKey[] = [
  annotation(
    'linkerd.io/inject',
    INJECTED,
    oneOf({
      enabled: 'Gives each new pod a proxy.',
      disabled: 'Gives the pod no proxy, whatever its namespace says.',
      ingress:
        'Gives the pod a proxy that routes each request by its `l5d-dst-override`, `:authority` or `Host`, for ingress controllers that address pods themselves.',
    }),
    'Whether new pods get a **Linkerd proxy**. An annotation, not a label; on a Deployment it belongs on the pod template. Pods with `hostNetwork` and pods that have a proxy already never get one.',
    {
      default: 'disabled',
      strict: true,
    },
  ),
  label(
    'config.linkerd.io/admission-webhooks',
    ['Namespace'],
    oneOf({ disabled: 'Keeps the webhooks of Linkerd away from the namespace.' }),
    'Takes a namespace out of the injection and validation of Linkerd. A **label**, because the webhooks select namespaces by it.',
  ),
  annotation(
    'config.linkerd.io/proxy-enable-native-sidecar',
    INJECTED,
    boolean('Runs the proxy as an init container that stays.', 'Runs the proxy as an ordinary container.'),
    'Whether the proxy is a **native sidecar** of Kubernetes, which starts before and stops after the application and lets Jobs finish.',
    { default: 'true' },
  ),
  annotation(
    'config.alpha.linkerd.io/proxy-enable-native-sidecar',
    INJECTED,
    boolean('Runs the proxy as an init container that stays.', 'Runs the proxy as an ordinary container.'),
    'The first name of the switch for native sidecars.',
    {
      deprecated: {
        note: 'The stable name has taken its place.',
        use: { key: 'config.linkerd.io/proxy-enable-native-sidecar', place: 'annotation' },
      },
    },
  ),
  annotation(
    'config.beta.linkerd.io/proxy-enable-native-sidecar',
    INJECTED,
    boolean('Runs the proxy as an init container that stays.', 'Runs the proxy as an ordinary container.'),
    'The second name of the switch for native sidecars. On a namespace, pods do not inherit it.',
    {
      deprecated: {
        note: 'The stable name has taken its place.',
        use: { key: 'config.linkerd.io/proxy-enable-native-sidecar', place: 'annotation' },
      },
    },
  ),
  annotation(
    'config.linkerd.io/proxy-await',
    INJECTED,
    oneOf({
      enabled: 'The containers of the application start after the proxy is ready.',
      disabled: 'All containers start at once; first connections may fail.',
    }),
    'Whether the application waits for the proxy.',
    { default: 'enabled' },
  ),
  annotation(
    'config.linkerd.io/proxy-image',
    INJECTED,
    anyText,
    'The image of the proxy without its tag, for registries of your own.',
  ),
  annotation(
    'config.linkerd.io/proxy-version',
    INJECTED,
    anyText,
    'The tag of the proxy image. Other releases than that of the control plane are for trying out.',
    { default: 'the release of the control plane' },
  ),
  annotation(
    'config.linkerd.io/image-pull-policy',
    INJECTED,
    PULL_POLICY,
    'When the images of proxy and init container are pulled.',
    { default: 'IfNotPresent' },
  ),
  annotation(
    'config.linkerd.io/enable-debug-sidecar',
    INJECTED,
    boolean('Adds the container.', 'Adds nothing.'),
    'Adds a container with tcpdump and other tools beside the proxy.',
    { default: 'false' },
  ),
  annotation('config.linkerd.io/debug-image', INJECTED, anyText, 'The image of the container with debugging tools.'),
  annotation('config.linkerd.io/debug-image-version', INJECTED, anyText, 'The tag of the image with debugging tools.'),
  annotation(
    'config.linkerd.io/debug-image-pull-policy',
    INJECTED,
    PULL_POLICY,
    'When the image with debugging tools is pulled.',
  ),
  annotation(
    'config.linkerd.io/proxy-additional-env',
    INJECTED,
    json,
    'Further environment variables of the proxy, as a JSON list of `name` and `value`. Pod, namespace and installation are joined by name, the nearest wins.',
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

export const LINKERD_BEHAVIOR: readonly MetadataKey[] = [
  annotation(
    'config.linkerd.io/default-inbound-policy',
    INJECTED,
    oneOf({
      'all-unauthenticated': 'Everyone may connect.',
      'all-authenticated': 'Every client with a mesh identity may connect.',
      'cluster-unauthenticated': 'Everyone in the cluster networks may connect.',
      'cluster-authenticated': 'Every client with a mesh identity in the cluster networks may connect.',
      deny: 'Nobody may connect unless a policy says so.',
      audit: 'Everyone may connect; what no policy allows is logged and counted.',
    }),
    'Who may connect to ports that **no Server** covers. It is read when the pod is created, so that a change needs a restart.',
    {
      default: 'what the installation says: all-unauthenticated',
      strict: true,
    },
  ),
  annotation(
    'config.linkerd.io/proxy-log-level',
    INJECTED,
    suggested(
      'a log filter such as `warn,linkerd=info`',
      {
        'warn,linkerd=info': 'Warnings, and what the proxy itself reports.',
        'info,linkerd=debug': 'Much detail of the proxy.',
        error: 'Errors only.',
      },
      () => true,
    ),
    'What the proxy logs.',
    { default: 'warn,linkerd=info,hickory=error' },
  ),
  annotation(
    'config.linkerd.io/proxy-log-format',
    INJECTED,
    oneOf({ plain: 'Lines for people.', json: 'Lines for programs.' }),
    'How the proxy writes its log.',
    { default: 'plain' },
  ),
  annotation(
    'config.linkerd.io/proxy-log-http-headers',
    INJECTED,
    oneOf({
      off: 'No headers in the log.',
      insecure: 'All headers in the log at debug level, credentials among them.',
    }),
    'Whether the proxy logs the headers of requests.',
    { default: 'off' },
  ),
  annotation(
    'config.linkerd.io/access-log',
    INJECTED,
    oneOf({ apache: 'The format of Apache.', json: 'One JSON object for each request.' }),
    'Writes a line for **each request** that the proxy takes in.',
    { default: 'none' },
  ),
  annotation(
    'config.linkerd.io/proxy-metrics-hostname-labels',
    INJECTED,
    boolean('Adds host names to metrics.', 'Keeps host names out.'),
    'Whether metrics carry the host of each request. With many hosts they grow large.',
    { default: 'false' },
  ),
  annotation(
    'config.linkerd.io/proxy-admin-shutdown',
    INJECTED,
    oneOf({ enabled: 'Takes `POST /shutdown` on the admin port.', disabled: 'Refuses it.' }),
    'Whether the proxy can be told to end, as Jobs without native sidecars need it.',
    { default: 'disabled' },
  ),
  annotation(
    'config.linkerd.io/proxy-outbound-connect-timeout',
    INJECTED,
    goDuration,
    'How long the proxy tries to reach a destination.',
    { default: '1000ms' },
  ),
  annotation(
    'config.linkerd.io/proxy-inbound-connect-timeout',
    INJECTED,
    goDuration,
    'How long the proxy tries to reach its application.',
    { default: '100ms' },
  ),
  annotation(
    'config.linkerd.io/proxy-outbound-discovery-cache-unused-timeout',
    INJECTED,
    goDuration,
    'How long the proxy remembers a destination that it does not use.',
    { default: '5s' },
  ),
  annotation(
    'config.linkerd.io/proxy-inbound-discovery-cache-unused-timeout',
    INJECTED,
    goDuration,
    'How long the proxy remembers the policy of a port that nobody uses.',
    { default: '90s' },
  ),
  annotation(
    'config.linkerd.io/proxy-disable-outbound-protocol-detect-timeout',
    INJECTED,
    boolean('Waits as long as it takes.', 'Gives up after ten seconds.'),
    'Whether the proxy waits without limit for the first bytes of an outbound connection.',
    { default: 'false' },
  ),
  annotation(
    'config.linkerd.io/proxy-disable-inbound-protocol-detect-timeout',
    INJECTED,
    boolean('Waits as long as it takes.', 'Gives up after ten seconds.'),
    'Whether the proxy waits without limit for the first bytes of an inbound connection.',
    { default: 'false' },
  ),
  annotation(
    'config.linkerd.io/close-wait-timeout',
    INJECTED,
    goDuration,
    'How long the kernel keeps half-closed connections of the pod (`nf_conntrack_tcp_timeout_close_wait`). The init container then needs more rights.',
  ),
  annotation(
    'config.linkerd.io/shutdown-grace-period',
    INJECTED,
    goDuration,
    'How long open connections may go on after the proxy was told to end.',
  ),
  annotation(
    'config.alpha.linkerd.io/proxy-wait-before-exit-seconds',
    INJECTED,
    integer(0, Number.MAX_SAFE_INTEGER),
    'How long the proxy still runs after the pod was told to end, so that the application can finish its calls. Not for native sidecars, which end last anyway.',
    {
      default: '0',
    },
  ),
  annotation(
    'resource.opentelemetry.io/',
    ['Pod'],
    anyText,
    'An attribute of traces: the rest of the key is its name, such as `resource.opentelemetry.io/service.name`.',
    { isPrefix: true },
  ),
];

export const LINKERD_WRITTEN: readonly MetadataKey[] = [
  ...['replicationcontroller', 'replicaset', 'deployment', 'daemonset', 'statefulset', 'job', 'cronjob'].map((owner) =>
    label(
      `linkerd.io/proxy-${owner}`,
      ['Pod'],
      anyText,
      `The ${owner} that the injected pod belongs to, for metrics.`,
      { setByMesh: true },
    ),
  ),
  label(
    'linkerd.io/control-plane-ns',
    'any',
    anyText,
    'The namespace of the control plane that a pod or installed object belongs to.',
    { setByMesh: true },
  ),
  label('linkerd.io/workload-ns', ['Pod'], anyText, 'The namespace of the injected pod, for metrics.', {
    setByMesh: true,
  }),
  label(
    'linkerd.io/control-plane-component',
    'any',
    anyText,
    'The part of the control plane that the object is. Pods with it are never injected.',
    { setByMesh: true },
  ),
  label('linkerd.io/extension', 'any', anyText, 'The extension of Linkerd, such as `viz`, that a namespace holds.', {
    setByMesh: true,
  }),
  label('linkerd.io/is-control-plane', ['Namespace'], anyText, 'Marks the namespace of the control plane.', {
    setByMesh: true,
  }),
  label(
    'linkerd.io/cni-resource',
    'any',
    anyText,
    'Marks what the CNI plugin of Linkerd installed; such pods are never injected.',
    { setByMesh: true },
  ),
  annotation('linkerd.io/created-by', 'any', anyText, 'The program and release that wrote the object.', {
    setByMesh: true,
  }),
  annotation('linkerd.io/proxy-version', ['Pod'], anyText, 'The release of the proxy that was injected.', {
    setByMesh: true,
  }),
  annotation(
    'linkerd.io/trust-root-sha256',
    ['Pod'],
    anyText,
    'The checksum of the trust anchors that the proxy started with.',
    { setByMesh: true },
  ),
  annotation(
    'viz.linkerd.io/disable-tap',
    INJECTED,
    boolean('Requests of the pods cannot be watched.', 'Requests can be watched with `linkerd viz tap`.'),
    'Whether `linkerd viz tap` is kept from watching requests.',
    { default: 'false' },
  ),
  annotation('viz.linkerd.io/tap-enabled', ['Pod'], anyText, 'Set when the pod can be tapped.', { setByMesh: true }),
  annotation(
    'viz.linkerd.io/external-prometheus',
    ['Namespace'],
    textLike('an address with its scheme', /^\w+:\/\/\S+$/),
    'The Prometheus outside of the extension that it reads from.',
    { setByMesh: true },
  ),
];
