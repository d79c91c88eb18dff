import { field, object, required, string } from '../define.ts';
import { kind } from '../kind.ts';
import { controllerName } from './names.ts';
import { parametersReference } from './parametersRef.ts';

export const xMesh = kind({
  project: 'gateway-api',
  group: 'gateway.networking.x-k8s.io',
  kind: 'XMesh',
  plural: 'xmeshes',
  shortNames: ['mesh'],
  scope: 'Cluster',
  doc: 'An experiment of the Gateway API: stands for a service mesh in the cluster, so that its controller can publish in the status which features it supports. It configures no traffic.',
  reference: 'https://gateway-api.sigs.k8s.io/reference/spec/#xmesh',
  readBy: ['control-plane'],
  channel: 'experimental',
  since: '1.4',
  versions: { v1alpha1: { served: true, storage: true } },
  specRequired: true,
  spec: () =>
    object({
      controllerName: required(
        controllerName(),
        'Mesh that this resource stands for, by the domain and path of its controller. Cannot be changed later.',
      ),
      parametersRef: field(
        parametersReference(),
        'Settings of the mesh in a resource of its own, where its controller reads them.',
      ),
      description: field(string({ max: 64 }), 'A few words for people who look at the mesh.'),
    }),
});
