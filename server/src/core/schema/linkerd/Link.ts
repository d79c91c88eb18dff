import { field, fragment, list, object, string } from '../define.ts';
import { duration } from '../formats.ts';
import { kind } from '../kind.ts';
import { labelSelector } from './labelSelector.ts';

const FEDERATION = ['v1alpha2', 'v1alpha3'];
const EXCLUSION = ['v1alpha3'];

const probe = fragment(() =>
  object({
    failureThreshold: field(
      string(),
      'How many probes in a row must fail until the gateway counts as dead and its mirrored services lose their endpoints. A number as text.',
      { default: '3' },
    ),
    path: field(string(), 'The HTTP path on the remote gateway that answers probes.'),
    period: field(string({ rules: [duration()] }), 'The time between two probes.'),
    port: field(string(), 'The port of the remote gateway that answers probes. A number as text.'),
    timeout: field(string({ rules: [duration()] }), 'How long one probe may take.', { default: '30s' }),
  }),
);

function linkSpec(version: string) {
  return object({
    targetClusterName: field(
      string(),
      'The name of the linked cluster; it becomes the ending of the names of mirrored services.',
    ),
    targetClusterDomain: field(string(), 'The DNS domain inside the linked cluster, usually `cluster.local`.'),
    targetClusterLinkerdNamespace: field(
      string(),
      'The namespace of the control plane in the linked cluster. It is part of the identities there.',
    ),
    clusterCredentialsSecret: field(
      string(),
      'The Secret, in the namespace of the Link, with the kubeconfig by which the service mirror watches the linked cluster.',
    ),
    gatewayAddress: field(
      string(),
      'The addresses of the gateway of the linked cluster, separated by commas. Empty when only pod-to-pod (flat network) mirroring is used.',
    ),
    gatewayIdentity: field(
      string(),
      'The mesh identity of the remote gateway; connections to anything else are refused.',
    ),
    gatewayPort: field(string(), 'The port of the remote gateway for mirrored traffic. A number as text.'),
    probeSpec: field(probe(), 'How the health of the remote gateway is watched.'),
    selector: field(
      labelSelector(),
      'Which services of the linked cluster are mirrored here and reached through its gateway; usually the label `mirror.linkerd.io/exported: "true"`.',
    ),
    remoteDiscoverySelector: field(
      labelSelector(),
      'Which services are mirrored for a flat network: clients connect to the remote pods directly, without the gateway; usually `mirror.linkerd.io/exported: remote-discovery`.',
    ),
    ...(FEDERATION.includes(version)
      ? {
          federatedServiceSelector: field(
            labelSelector(),
            'Which services of the linked cluster join a federated service of the same name; usually `mirror.linkerd.io/federated: member`.',
            { versions: FEDERATION },
          ),
        }
      : {}),
    ...(EXCLUSION.includes(version)
      ? {
          excludedAnnotations: field(
            list(string()),
            'Annotations that are not copied from the remote service to its mirror or federated service.',
            { versions: EXCLUSION },
          ),
          excludedLabels: field(
            list(string()),
            'Labels that are not copied from the remote service to its mirror or federated service.',
            { versions: EXCLUSION },
          ),
        }
      : {}),
  });
}

export const link = kind({
  project: 'linkerd',
  group: 'multicluster.linkerd.io',
  kind: 'Link',
  plural: 'links',
  shortNames: [],
  scope: 'Namespaced',
  doc: 'A connection to **another cluster**: its service mirror copies the selected services from there to here. Written by `linkerd multicluster link-gen`; rarely by hand.',
  reference: 'https://linkerd.io/2/features/multicluster/',
  readBy: ['control-plane'],
  versions: { v1alpha3: { served: true, storage: true }, v1alpha2: { served: true }, v1alpha1: { served: true } },
  spec: linkSpec,
});
