import { keysOfMesh, type MetadataKey } from './metadataKey.ts';
import { anyText, boolean, exportTo, integer, keyValues, names, oneOf } from './metadataValues.ts';

/** What Istio reads on services, and by which it knows where a workload runs and what it is called. */

const { label, annotation } = keysOfMesh('istio');

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
    'istio.io/global',
    ['Service', 'Gateway'],
    boolean('The service has its endpoints in all clusters of the mesh.', 'Each cluster keeps to its own endpoints.'),
    'Whether clients in **ambient mode** reach the service in other clusters too, over east-west gateways. On a Gateway it makes the waypoint one for all clusters.',
    { default: 'false' },
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
