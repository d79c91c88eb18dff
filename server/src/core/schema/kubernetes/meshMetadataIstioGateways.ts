import { keysOfMesh, type MetadataKey } from './metadataKey.ts';
import { anyInteger, anyText, boolean, oneOf, resourceName, textLike } from './metadataValues.ts';

/** What Istio reads on gateways and on its own kinds, and what it writes itself. */

const { label, annotation } = keysOfMesh('istio');

export const ISTIO_GATEWAYS: readonly MetadataKey[] = [
  annotation(
    'networking.istio.io/service-type',
    ['Gateway'],
    oneOf({
      ClusterIP: 'Reachable inside of the cluster only.',
      NodePort: 'Reachable at a port of every node.',
      LoadBalancer: 'Gets an address from a load balancer.',
    }),
    'The type of the Service that Istio makes for the Gateway.',
    {
      default: 'LoadBalancer',
    },
  ),
  annotation(
    'gateway.istio.io/service-account',
    ['Gateway'],
    resourceName,
    'The ServiceAccount that the proxies of the Gateway run as, in place of a generated one. It is their identity, which policies name.',
    { default: 'a generated name' },
  ),
  annotation(
    'gateway.istio.io/name-override',
    ['Gateway'],
    resourceName,
    'The name of the Deployment and Service that Istio makes for the Gateway.',
    { default: 'the name of the Gateway and its class' },
  ),
  annotation(
    'gateway.istio.io/controller-version',
    'any',
    anyInteger,
    'Which generation of the gateway controller wrote the object, so that an older istiod leaves it alone.',
    { setByMesh: true },
  ),
  label(
    'gateway.istio.io/managed',
    ['ServiceAccount', 'Deployment', 'Service'],
    anyText,
    'Which controller of Istio made the object for a Gateway.',
    { setByMesh: true },
  ),
  label(
    'istio.io/gateway-name',
    ['ServiceAccount', 'Deployment', 'Service', 'Pod'],
    anyText,
    'The Gateway for which Istio made the object, in releases before 1.24.',
    {
      deprecated: {
        note: 'Istio sets and selects `gateway.networking.k8s.io/gateway-name` since 1.24.',
        use: { key: 'gateway.networking.k8s.io/gateway-name', place: 'label' },
      },
    },
  ),
  annotation(
    'ambient.istio.io/waypoint-inbound-binding',
    ['Gateway', 'GatewayClass'],
    textLike('a protocol, or a protocol and a port such as `PROXY/15088`', /^[A-Za-z]+(?:\/\d{1,5})?$/),
    'How ztunnel hands traffic to the waypoint, for waypoints that are not Envoy: a protocol, and a port where it is not the usual one.',
    {
      default: 'HBONE',
    },
  ),
];

export const ISTIO_OTHERS: readonly MetadataKey[] = [
  annotation(
    'istio.io/dry-run',
    ['AuthorizationPolicy'],
    boolean('Only logs and counts what the policy would refuse.', 'Enforces the policy.'),
    'Tries an AuthorizationPolicy out: what it would refuse is logged and passes. ztunnel does not know dry runs and leaves such a policy out.',
    { default: 'false', judgedByKind: true },
  ),
  annotation(
    'galley.istio.io/analyze-suppress',
    'any',
    textLike('codes such as `IST0103`, separated by commas, or `*`', /^(?:\*|IST\d{4}(?:\s*,\s*IST\d{4})*)$/),
    'Messages of `istioctl analyze` that are not shown for this object; `*` for all.',
  ),
  annotation(
    'kubernetes.io/ingress.class',
    ['Ingress'],
    anyText,
    'Which controller an Ingress is for; `istio` for Istio. The field `ingressClassName` has taken its place.',
  ),
  label('istio.io/tag', ['MutatingWebhookConfiguration'], anyText, 'The revision tag that a webhook stands for.', {
    setByMesh: true,
  }),
  label(
    'operator.istio.io/component',
    'any',
    anyText,
    'The component of an installation that the object is a part of, such as `Pilot`.',
    { setByMesh: true },
  ),
  label(
    'operator.istio.io/managed',
    'any',
    anyText,
    'Whether the operator of older releases keeps the object as it installed it (`Reconcile`).',
    { setByMesh: true },
  ),
  label('operator.istio.io/version', 'any', anyText, 'The release of the operator that installed the object.', {
    setByMesh: true,
  }),
  annotation(
    'istio.io/autoRegistrationGroup',
    ['WorkloadEntry'],
    anyText,
    'The WorkloadGroup by which a virtual machine registered itself.',
    { setByMesh: true },
  ),
  annotation(
    'istio.io/workloadController',
    ['WorkloadEntry'],
    anyText,
    'The istiod that a registered virtual machine is or was connected to.',
    { setByMesh: true },
  ),
  annotation(
    'istio.io/connectedAt',
    ['WorkloadEntry'],
    anyText,
    'When a registered virtual machine connected to istiod.',
    { setByMesh: true },
  ),
  annotation(
    'istio.io/disconnectedAt',
    ['WorkloadEntry'],
    anyText,
    'When a registered virtual machine lost its istiod; after a while the entry is removed.',
    { setByMesh: true },
  ),
];
