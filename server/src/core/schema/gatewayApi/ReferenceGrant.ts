import { field, list, object, required } from '../define.ts';
import { kind } from '../kind.ts';
import { apiGroup, kindName, namespaceName, objectName } from './names.ts';

export const referenceGrant = kind({
  project: 'gateway-api',
  group: 'gateway.networking.k8s.io',
  kind: 'ReferenceGrant',
  plural: 'referencegrants',
  shortNames: ['refgrant'],
  scope: 'Namespaced',
  doc: 'Allows resources of other namespaces to refer to resources of **this** one: a route to a backend Service, a Gateway to a Secret. It stands beside what is referred to. Without it such a reference is not followed, and requests fail with status 500. A route may attach to a Gateway or Service of another namespace without one; there `allowedRoutes` decides.',
  reference: 'https://gateway-api.sigs.k8s.io/reference/spec/#referencegrant',
  readBy: ['control-plane'],
  versions: {
    v1: { served: true, since: '1.5' },
    v1beta1: { served: true, storage: true },
    v1alpha2: { served: false },
  },
  specRequired: true,
  spec: () =>
    object({
      from: required(
        list(
          object({
            group: required(apiGroup(), 'API group of what may refer here, such as `gateway.networking.k8s.io`.'),
            kind: required(kindName(), 'Kind of what may refer here, such as `HTTPRoute` or `Gateway`.'),
            namespace: required(
              namespaceName(),
              'The other namespace, whose resources of this kind may refer here. There is no wildcard.',
            ),
          }),
          { min: 1, max: 16 },
        ),
        'Who may refer here; any one entry suffices. Each is combined with each entry of `to`.',
      ),
      to: required(
        list(
          object({
            group: required(apiGroup(), 'API group of what may be referred to; `""` for Services and Secrets.'),
            kind: required(kindName(), 'Kind of what may be referred to, such as `Service` or `Secret`.'),
            name: field(
              objectName(),
              'The one resource that may be referred to; all of the kind in this namespace when absent.',
            ),
          }),
          { min: 1, max: 16 },
        ),
        'What may be referred to, all in the namespace of this ReferenceGrant.',
      ),
    }),
});
