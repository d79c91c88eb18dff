import { choice, field, fragment, object, required } from '../define.ts';
import { kind } from '../kind.ts';
import { gatewayAddresses } from './gatewayAddress.ts';
import { gatewayTls } from './gatewayTls.ts';
import { infrastructure } from './infrastructure.ts';
import { listeners } from './listener.ts';
import { objectName } from './names.ts';
import { namespaceSelector } from './namespaceSelector.ts';
import { hboneNeedsWaypoint, knownClassSpelling, waypointListener } from './waypointRules.ts';

const allowedListeners = fragment(() =>
  object({
    namespaces: field(
      object({
        from: field(
          choice({
            All: 'ListenerSets of every namespace may add listeners.',
            Selector: 'ListenerSets of namespaces with the labels in `selector` may add listeners.',
            Same: "Only ListenerSets of the Gateway's own namespace may add listeners.",
            None: 'No ListenerSet may add listeners.',
          }),
          'Which namespaces are admitted.',
          { default: 'None' },
        ),
        selector: field(namespaceSelector(), 'Labels of admitted namespaces; read only with `from: Selector`.'),
      }),
      'Namespaces whose ListenerSets may name this Gateway as parent.',
      { default: 'from: None' },
    ),
  }),
);

const CLASSES = {
  istio: 'A proxy of Istio at the edge, for traffic into the cluster or out of it. Istio deploys it for this Gateway.',
  'istio-waypoint':
    'An L7 proxy of ambient mode, for the Services or workloads that name it. Wants one listener: port 15008, protocol `HBONE`.',
  'istio-east-west': 'The gateway through which other clusters reach this one in an ambient mesh of several networks.',
  'istio-remote':
    'Stands for a gateway that runs elsewhere, in another network or cluster; nothing is deployed for it.',
  cilium: 'Served by the Envoy proxies that Cilium runs on every node.',
  eg: 'The usual name of the class of Envoy Gateway, which deploys an Envoy proxy for this Gateway.',
  nginx: 'Served by NGINX Gateway Fabric.',
};

export const k8sGateway = kind({
  project: 'gateway-api',
  group: 'gateway.networking.k8s.io',
  kind: 'Gateway',
  plural: 'gateways',
  shortNames: ['gtw'],
  scope: 'Namespaced',
  doc: 'A proxy that Istio (or another controller) deploys: with class `istio` a way **into** the cluster from outside, with class `istio-waypoint` a **waypoint**, the L7 proxy of ambient mode. A waypoint does nothing until a namespace, Service or pod names it in the label `istio.io/use-waypoint`; its label `istio.io/waypoint-for` says whether it serves Services (the default), workloads or both. Not the Gateway of `networking.istio.io`, which only configures a gateway deployed by someone else. Linkerd has no Gateways of its own; meshed gateways of others work with it.',
  reference: 'https://gateway-api.sigs.k8s.io/reference/spec/#gateway',
  readBy: ['gateway', 'waypoint'],
  versions: { v1: { served: true, storage: true }, v1beta1: { served: true }, v1alpha2: { served: false } },
  specRequired: true,
  spec: () =>
    object(
      {
        gatewayClassName: required(
          objectName(CLASSES),
          'Who makes this Gateway, and what it is. Istio brings `istio` (ingress), `istio-waypoint`, `istio-east-west` and `istio-remote`. A class that does not exist leaves the Gateway undeployed.',
        ),
        listeners: required(
          listeners('Gateway'),
          'Ports that the Gateway opens, each with a protocol and hosts. A waypoint has one: port 15008, protocol `HBONE`; it serves all ports of its Services.',
        ),
        addresses: field(
          gatewayAddresses(),
          'Addresses that the Gateway should have; assigned by the cluster when absent. For Istio, an IP address becomes the `loadBalancerIP` of its Service.',
        ),
        infrastructure: field(
          infrastructure(),
          'Labels, annotations and settings for what is deployed on behalf of the Gateway.',
          { since: '1.2' },
        ),
        allowedListeners: field(allowedListeners(), 'Which ListenerSets may add listeners to this Gateway.', {
          default: 'none',
          since: '1.5',
        }),
        tls: field(
          gatewayTls(),
          "TLS beyond single listeners: client certificates of callers, and the Gateway's own towards backends.",
          { since: '1.5' },
        ),
        defaultScope: field(
          choice({
            All: 'Routes that ask for default Gateways (`useDefaultGateways`) attach here although they do not name this one.',
            None: 'Only routes that name this Gateway attach to it.',
          }),
          'Whether this is a default Gateway for routes that ask for one.',
          { default: 'None', channel: 'experimental', since: '1.4' },
        ),
      },
      { rules: [waypointListener, hboneNeedsWaypoint, knownClassSpelling] },
    ),
});
