import { field, object, required, string } from '../define.ts';
import { kind } from '../kind.ts';
import { controllerName } from './names.ts';
import { parametersReference } from './parametersRef.ts';

const CONTROLLERS = {
  'istio.io/gateway-controller': 'istiod, for gateways at the edge of the mesh.',
  'istio.io/mesh-controller': 'istiod, for waypoints of ambient mode.',
};

export const gatewayClass = kind({
  project: 'gateway-api',
  group: 'gateway.networking.k8s.io',
  kind: 'GatewayClass',
  plural: 'gatewayclasses',
  shortNames: ['gc'],
  scope: 'Cluster',
  doc: "A sort of Gateways and the controller that makes them. Istio creates its own (`istio`, `istio-waypoint`, `istio-east-west`, `istio-remote`) at start; they need not be in your repository. A policy in Istio's root namespace may target the class `istio-waypoint` to hold for every waypoint of the mesh.",
  reference: 'https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclass',
  readBy: ['control-plane'],
  versions: { v1: { served: true, storage: true }, v1beta1: { served: true }, v1alpha2: { served: false } },
  specRequired: true,
  spec: () =>
    object({
      controllerName: required(
        controllerName(CONTROLLERS),
        'Controller that takes care of Gateways of this class: `istio.io/gateway-controller` for ingress, `istio.io/mesh-controller` for waypoints. Cannot be changed later; create a new class instead.',
      ),
      parametersRef: field(
        parametersReference(),
        'Settings of the controller for all Gateways of the class. Which resource that is, if any, the documentation of the controller says.',
      ),
      description: field(string({ max: 64 }), 'A few words for people who choose a class.'),
    }),
});
