import { field, list, object, required, string } from '../define.ts';
import { kind } from '../kind.ts';
import { authenticationKind, ownNamespace, singleAuthentications, targetKind } from './authorizationRules.ts';
import { CORE, GATEWAY_API, groupName, kindName, POLICY, resourceName } from './references.ts';

const TARGETS = {
  Server: 'One port of some pods (`group: policy.linkerd.io`).',
  HTTPRoute: 'HTTP requests that a route of a Server tells apart, with the group of the route.',
  GRPCRoute: 'gRPC calls that a route of a Server tells apart (`group: gateway.networking.k8s.io`).',
  Namespace: 'All Servers of the namespace of the policy (`group: core`).',
};

const AUTHENTICATIONS = {
  MeshTLSAuthentication: 'Some mesh identities, any of which will do (`group: policy.linkerd.io`).',
  NetworkAuthentication: 'Some networks, any of which will do (`group: policy.linkerd.io`).',
  ServiceAccount: 'The one account that the client runs as (core group).',
};

export const linkerdAuthorizationPolicy = kind({
  project: 'linkerd',
  group: 'policy.linkerd.io',
  kind: 'AuthorizationPolicy',
  plural: 'authorizationpolicies',
  shortNames: ['authzpolicy'],
  scope: 'Namespaced',
  doc: 'Allows clients that fulfil **all** of the required authentications to reach a Server, a route or every Server of the namespace. Policies only ever allow: what one of them allows, none can take back. There is no way to deny, and no condition on headers or tokens.',
  reference: 'https://linkerd.io/2/reference/authorization-policy/#authorizationpolicy',
  readBy: ['linkerd-proxy'],
  versions: { v1alpha1: { served: true, storage: true } },
  specRequired: true,
  spec: () =>
    object({
      targetRef: required(
        object(
          {
            group: field(
              groupName({ ...POLICY, ...GATEWAY_API, ...CORE }),
              'The API group of the target: `policy.linkerd.io` for a Server, the group of the route for a route, empty or `core` for a Namespace.',
              { default: 'core' },
            ),
            kind: required(
              kindName(TARGETS),
              'The kind of the target: `Server`, `Namespace`, `HTTPRoute` or `GRPCRoute`.',
            ),
            name: required(
              resourceName(),
              'The name of the target, in the namespace of the policy. A `Namespace` target must be that namespace itself.',
            ),
          },
          { rules: [targetKind, ownNamespace] },
        ),
        'What clients are let in to. A `Namespace` stands for all its Servers; ports without a Server keep their default policy. When the target does not exist, the policy does nothing.',
      ),
      requiredAuthenticationRefs: required(
        list(
          object(
            {
              group: field(
                groupName({ ...POLICY, ...CORE }),
                'The API group of the authentication: `policy.linkerd.io`, or empty or `core` for a ServiceAccount.',
                { default: 'core' },
              ),
              kind: required(
                kindName(AUTHENTICATIONS),
                'The kind of authentication: `MeshTLSAuthentication`, `NetworkAuthentication` or `ServiceAccount`.',
              ),
              name: required(
                resourceName(),
                'The name of the authentication or ServiceAccount. When it does not exist, the whole policy is ignored and lets nobody in.',
              ),
              namespace: field(
                string({ max: 253 }),
                'The namespace in which the MeshTLSAuthentication, NetworkAuthentication or ServiceAccount is.',
                {
                  default: 'the namespace of the policy',
                },
              ),
            },
            { rules: [authenticationKind] },
          ),
          { rules: [singleAuthentications] },
        ),
        'What a client must prove, **all** of it: at most one identity and at most one network. An empty list lets everyone in, without any identity; without a network, all networks will do.',
      ),
    }),
});
