import { anything, bool, field, fragment, intOrString, list, map, object, string } from '../define.ts';

/** `components` of an IstioOperator: the parts of an installation that can be switched on and off. */

/** Settings of the Deployment and Service that a component becomes, merged over those of the chart. */
const kubernetesSettings = fragment(() => anything());

function componentFields() {
  return {
    enabled: field(bool(), 'Whether the component is installed. The profile decides when the field is absent.', {
      default: 'what the profile says',
    }),
    namespace: field(string({ max: 63 }), 'Where the component goes instead of the namespace of the installation.'),
    hub: field(
      string(),
      "Registry and folder of this component's image, when it differs from that of the installation.",
    ),
    tag: field(
      intOrString(),
      "Tag of this component's image. Different tags within one installation are rarely tested together.",
    ),
    k8s: field(
      kubernetesSettings(),
      'Kubernetes settings of the component: `resources`, `replicaCount`, `hpaSpec`, `env`, `affinity`, `service`, `overlays` and more. `overlays` patch the rendered manifests and break when those change.',
    ),
    spec: field(anything(), 'Further settings of the component that its chart defines.'),
  };
}

const component = fragment(() => object(componentFields()));

const gatewayComponent = fragment(() =>
  object({
    name: field(string({ min: 1 }), "Name of the gateway's Deployment and Service; it tells several gateways apart."),
    label: field(map(string()), "Labels put on the gateway's pods, which the `selector` of a Gateway matches.", {
      default: '`istio: ingressgateway` or `istio: egressgateway`',
    }),
    ...componentFields(),
  }),
);

const LEGACY_GATEWAY =
  'Gateways are better installed apart from the control plane: by injection, or by a Gateway of the Gateway API.';

export const components = fragment(() =>
  object({
    base: field(component(), 'The CRDs and cluster-wide roles that all other components need.'),
    pilot: field(component(), 'istiod, the control plane: configuration, certificates, injection and webhooks.'),
    cni: field(
      component(),
      'The CNI agent on every node, which sets up the redirection of traffic. Ambient mode does not work without it; in sidecar mode it replaces the privileged init container.',
    ),
    ztunnel: field(component(), 'The L4 proxy of ambient mode, one on every node. Part of the profile `ambient`.'),
    istiodRemote: field(component(), 'What a cluster needs that is controlled by an istiod in another cluster.'),
    ingressGateways: field(list(gatewayComponent()), `Gateways for traffic that enters the mesh. ${LEGACY_GATEWAY}`),
    egressGateways: field(list(gatewayComponent()), `Gateways for traffic that leaves the mesh. ${LEGACY_GATEWAY}`),
  }),
);
