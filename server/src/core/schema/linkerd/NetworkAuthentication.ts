import { object, required } from '../define.ts';
import { kind } from '../kind.ts';
import { networks, someNetworks } from './networks.ts';

export const networkAuthentication = kind({
  project: 'linkerd',
  group: 'policy.linkerd.io',
  kind: 'NetworkAuthentication',
  plural: 'networkauthentications',
  shortNames: ['netauthn', 'networkauthn'],
  scope: 'Namespaced',
  doc: 'Names the **networks** that clients may connect from. It allows nothing by itself: an AuthorizationPolicy must require it. It also covers clients without a mesh identity, such as the kubelet with its probes.',
  reference: 'https://linkerd.io/2/reference/authorization-policy/#networkauthentication',
  readBy: ['linkerd-proxy'],
  versions: { v1alpha1: { served: true, storage: true } },
  specRequired: true,
  spec: () =>
    object(
      {
        networks: required(
          networks(),
          'The client networks; an address in any of them will do. The address is the one that the proxy sees, which behind a load balancer or NAT may be that of a node.',
        ),
      },
      { rules: [someNetworks] },
    ),
});
