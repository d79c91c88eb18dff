import { keysOfMesh, type MetadataKey } from './metadataKey.ts';
import { anyText, boolean, json, names, oneOf, quantity } from './metadataValues.ts';

/** What Istio reads on pods about the sidecar that it injects. All of it belongs on the pod template. */

const { label, annotation } = keysOfMesh('istio');
const POD = ['Pod'];

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
