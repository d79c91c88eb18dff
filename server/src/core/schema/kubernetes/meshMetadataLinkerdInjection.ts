import { keysOfMesh, type MetadataKey } from './metadataKey.ts';
import { anyText, boolean, json, oneOf, textLike } from './metadataValues.ts';

/** What the injector of Linkerd reads on namespaces and pods about the proxy itself, and what it writes. Pods inherit it from their namespace when they are created. */

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
