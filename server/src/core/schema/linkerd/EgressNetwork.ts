import { choice, field, object, required } from '../define.ts';
import { kind } from '../kind.ts';
import { networks, someNetworks } from './networks.ts';

export const egressNetwork = kind({
  project: 'linkerd',
  group: 'policy.linkerd.io',
  kind: 'EgressNetwork',
  plural: 'egressnetworks',
  shortNames: [],
  scope: 'Namespaced',
  doc: 'Traffic that leaves the cluster from the pods of this namespace. Routes can name it as their parent to say what may pass and where it goes. In the namespace `linkerd-egress` it holds for all namespaces that have none of their own.',
  reference: 'https://linkerd.io/2/reference/egress-network/',
  readBy: ['linkerd-proxy'],
  since: '2.17',
  versions: { v1alpha1: { served: true, storage: true, since: '2.17' } },
  specRequired: true,
  spec: () =>
    object(
      {
        trafficPolicy: required(
          choice({
            Allow: 'Traffic that no route matches passes unchanged.',
            Deny: 'Traffic that no route matches is refused: HTTP with 403, TCP by closing the connection.',
          }),
          'What happens to traffic into these networks that no attached route matches. It is enforced by the proxy of the client, so a pod without one is not held back; a NetworkPolicy is.',
        ),
        networks: field(networks(), 'The destinations that the resource is about.', {
          default: 'all addresses outside of the cluster networks',
        }),
      },
      { rules: [someNetworks] },
    ),
});
