import { keysOfMesh, type MetadataKey } from './metadataKey.ts';
import {
  anyInteger,
  anyText,
  boolean,
  exportTo,
  integer,
  keyValues,
  names,
  namespaceName,
  oneOf,
  resourceName,
  textLike,
} from './metadataValues.ts';

/** What Istio reads on namespaces, services, gateways and its own kinds, and what it writes itself. */

const { label, annotation } = keysOfMesh('istio');

const WAYPOINT_USERS = ['Namespace', 'Service', 'ServiceEntry', 'Pod', 'WorkloadEntry'];
const CANARY_USERS = ['Service', 'ServiceEntry', 'Namespace'];
const REVISION = textLike('the name of a revision or revision tag', /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/);
const WAYPOINT = {
  ...resourceName,
  takes: 'the name of a Gateway, or `none`',
  values: new Map([['none', { doc: 'Uses no waypoint, also when the namespace names one.' }]]),
};

export const ISTIO_ENROLMENT: readonly MetadataKey[] = [
  label(
    'istio-injection',
    ['Namespace'],
    oneOf({
      enabled: 'Gives each new pod a sidecar of the default revision, unless the pod says no.',
      disabled: 'Gives no pod a sidecar, not even one that asks for it by label.',
    }),
    'Whether new pods of the namespace get a **sidecar**. It wins over `istio.io/rev`. Every other value, `true` among them, means no.',
    {
      strict: true,
    },
  ),
  label(
    'istio.io/rev',
    ['Namespace', 'Gateway', 'Pod'],
    REVISION,
    'Which **revision** of the control plane, or which tag, is in charge: of injection for a namespace or pod, of the proxies for a Gateway. On a namespace it is not read when `istio-injection` is set.',
    {
      default: 'the default revision',
      harmlessElsewhere: true,
    },
  ),
  label(
    'sidecar.istio.io/inject',
    ['Pod'],
    oneOf({
      true: 'Gives the pod a sidecar, in a namespace without injection labels too.',
      false: 'Gives the pod no sidecar, whatever its namespace says.',
    }),
    'Whether this **pod** gets a sidecar. A label of the pod template, read when the pod is created; on a namespace it does nothing.',
    {
      default: 'what the namespace says',
    },
  ),
  label(
    'istio.io/dataplane-mode',
    ['Pod', 'Namespace'],
    oneOf({
      ambient: 'The pods join the mesh through ztunnel, without a restart, unless they have a sidecar.',
      none: 'The pods stay out of ambient mode. On a pod it wins over its namespace.',
    }),
    'Whether pods are in the mesh in **ambient mode**. There is no value for sidecars: those are asked for by `istio-injection`, and a pod that has one does not join ambient mode.',
    {
      strict: true,
    },
  ),
  label(
    'istio.io/use-waypoint',
    WAYPOINT_USERS,
    WAYPOINT,
    'Sends traffic for the object through this **waypoint**, a Gateway of class `istio-waypoint` in the same namespace. On a namespace it holds for everything in it that does not name its own. A name without such a Gateway sends traffic past every waypoint, and L7 policies with it.',
    {
      default: 'the waypoint of the namespace, if any',
    },
  ),
  label(
    'istio.io/use-waypoint-namespace',
    WAYPOINT_USERS,
    namespaceName,
    'The namespace of the waypoint that `istio.io/use-waypoint` on the **same** object names. The waypoint must admit it with `allowedRoutes`.',
    {
      default: 'the namespace of the object',
    },
  ),
  label(
    'istio.io/use-waypoint-canary',
    CANARY_USERS,
    resourceName,
    'A second waypoint that gets a share of the connections, for moving from one waypoint to another. The annotation `istio.io/use-waypoint-canary-weight` says how large a share.',
    { since: '1.31' },
  ),
  label(
    'istio.io/use-waypoint-canary-namespace',
    CANARY_USERS,
    namespaceName,
    'The namespace of the waypoint that `istio.io/use-waypoint-canary` names.',
    { since: '1.31', default: 'the namespace of the object' },
  ),
  annotation(
    'istio.io/use-waypoint-canary-weight',
    CANARY_USERS,
    integer(0, 100),
    'How many of 100 **connections** take the canary waypoint; the rest takes the other one. Inside the mesh a connection stays where it began, so the share of requests may differ.',
    {
      since: '1.31',
      default: '0',
    },
  ),
  label(
    'istio.io/ingress-use-waypoint',
    ['Service', 'ServiceEntry', 'Namespace'],
    {
      ...oneOf(
        {
          true: 'Ingress gateways send requests through the waypoint.',
          false: 'Ingress gateways go straight to the pods.',
        },
        { ignoreCase: true },
      ),
    },
    'Whether **ingress gateways** go through the waypoint too. Without it they send traffic straight to the pods, past the L7 policies of the waypoint. Needs `istio.io/use-waypoint`.',
    {
      default: 'false',
    },
  ),
  label(
    'istio.io/waypoint-for',
    ['Gateway', 'GatewayClass'],
    oneOf({
      service: 'Handles traffic that is addressed to services.',
      workload: 'Handles traffic that is addressed to pods or virtual machines directly.',
      all: 'Handles both.',
      none: 'Handles nothing; for trying out.',
    }),
    'Which traffic the waypoint handles. Traffic to a service goes past a waypoint that is only for workloads, and the reverse.',
    {
      default: 'service',
      strict: true,
    },
  ),
];

export const ISTIO_TOPOLOGY: readonly MetadataKey[] = [
  label(
    'topology.istio.io/network',
    ['Namespace', 'Pod', 'Service', 'Gateway', 'WorkloadEntry'],
    anyText,
    'The **network** that pods belong to. Pods of one network reach each other directly, others through an east-west gateway. On the system namespace it is the default, on the Service of a gateway it says which network is entered there.',
    {
      harmlessElsewhere: true,
    },
  ),
  label(
    'topology.istio.io/subzone',
    ['Node'],
    anyText,
    'A part of a zone, for locality load balancing that is finer than the regions and zones of Kubernetes.',
    { harmlessElsewhere: true },
  ),
  label(
    'topology.istio.io/cluster',
    ['Pod'],
    anyText,
    'The cluster of a workload. Istio sets it on its own picture of the workload, so that DestinationRule subsets can name clusters; a value on a pod is overwritten.',
    { harmlessElsewhere: true },
  ),
  label(
    'topology.istio.io/locality',
    ['Pod', 'WorkloadEntry'],
    anyText,
    'Overrides where the workload runs, as `region.zone.subzone` with dots, because labels take no slashes.',
    { harmlessElsewhere: true },
  ),
  annotation(
    'topology.istio.io/controlPlaneClusters',
    ['Namespace'],
    names,
    'On the system namespace of a remote cluster: the clusters whose istiod may lead it, or `*` for any.',
  ),
  label(
    'networking.istio.io/gatewayPort',
    ['Service'],
    integer(1, 65535),
    'The port of an east-west gateway for traffic from other networks, on its Service.',
    { default: '15443' },
  ),
  annotation(
    'traffic.istio.io/nodeSelector',
    ['Service'],
    keyValues,
    'Which nodes carry the traffic into a network, for an east-west gateway of type NodePort: node labels, all of which must fit.',
  ),
  label(
    'service.istio.io/canonical-name',
    ['Pod', 'WorkloadEntry'],
    anyText,
    'The name of the **service** that the workload counts for in metrics and traces. The default comes from `app.kubernetes.io/name`, `app` or the workload.',
    { harmlessElsewhere: true },
  ),
  label(
    'service.istio.io/canonical-revision',
    ['Pod', 'WorkloadEntry'],
    anyText,
    'The version of the service that the workload counts for in metrics and traces. The default comes from `app.kubernetes.io/version` or `version`.',
    {
      default: 'latest',
      harmlessElsewhere: true,
    },
  ),
  label(
    'service.istio.io/workload-name',
    ['Pod', 'WorkloadEntry'],
    anyText,
    'The name of the **workload** in metrics and traces.',
    { default: 'the name of the Deployment or other owner', harmlessElsewhere: true },
  ),
];

export const ISTIO_SERVICES: readonly MetadataKey[] = [
  annotation(
    'networking.istio.io/exportTo',
    ['Service'],
    exportTo,
    'Which namespaces **see** the service: `*` all, `.` its own, `~` none. Sidecars elsewhere do not know it. It hides, it does not protect.',
    { default: '*' },
  ),
  annotation(
    'networking.istio.io/traffic-distribution',
    ['Namespace', 'Service', 'ServiceEntry'],
    oneOf(
      {
        PreferClose: 'Prefers endpoints of the same network, region, zone and subzone, the closer the better.',
        PreferSameZone: 'Prefers endpoints of the same zone.',
        PreferSameNode: 'Prefers endpoints on the same node.',
        Any: 'Takes every endpoint alike; undoes what the namespace says.',
      },
      { ignoreCase: true },
    ),
    'Which endpoints get traffic first. Others are used when the preferred ones are not healthy. Only **ztunnel** reads it; for sidecars, DestinationRule has `localityLbSetting`.',
    { default: 'Any' },
  ),
  label(
    'networking.istio.io/enable-autoallocate-ip',
    ['ServiceEntry'],
    boolean(
      'Gives the hosts an address of their own, so that TCP ports of different hosts can be told apart.',
      'Gives the hosts no address.',
    ),
    'Whether a ServiceEntry without `addresses` gets virtual ones, which the DNS of the mesh answers with.',
    { default: 'true' },
  ),
  annotation(
    'alpha.istio.io/kubernetes-serviceaccounts',
    ['Service'],
    names,
    'Kubernetes accounts that may run the service on virtual machines.',
    {
      deprecated: {
        note: 'Nothing reads it any more; write an AuthorizationPolicy or a WorkloadEntry with its account.',
      },
    },
  ),
  annotation(
    'alpha.istio.io/canonical-serviceaccounts',
    ['Service'],
    names,
    'Accounts outside of Kubernetes that may run the service.',
    { deprecated: { note: 'Nothing reads it any more; set `subjectAltNames` in a ServiceEntry or DestinationRule.' } },
  ),
];

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
