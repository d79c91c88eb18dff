import { field, object } from '../define.ts';
import { kind } from '../kind.ts';
import { tcpRouteAdmission } from '../linkerd/routeAdmission.ts';
import { defaultGatewaysField, parentRefs } from './parentRef.ts';
import { streamRules } from './streamRoute.ts';

export const tcpRoute = kind({
  project: 'gateway-api',
  group: 'gateway.networking.k8s.io',
  kind: 'TCPRoute',
  plural: 'tcproutes',
  shortNames: [],
  scope: 'Namespaced',
  doc: 'Forwards TCP connections from a port of a listener, or of a Service, to backends by weight, without looking into them. Istio reads it only with `PILOT_ENABLE_ALPHA_GATEWAY_API` switched on. Linkerd reads it under Service and EgressNetwork parents, with a single rule and in the version `v1alpha2`, and prefers any GRPCRoute, HTTPRoute or TLSRoute of the same port.',
  reference: 'https://gateway-api.sigs.k8s.io/reference/spec/#tcproute',
  readBy: ['waypoint', 'sidecar', 'gateway', 'linkerd-proxy'],
  versions: {
    v1: { served: true, storage: true, since: '1.6' },
    v1alpha2: {
      served: true,
      channel: 'experimental',
      deprecated: 'Use v1, which the standard channel has since Gateway API 1.6.',
    },
  },
  specRequired: true,
  rules: tcpRouteAdmission,
  spec: (version) =>
    object({
      parentRefs: field(
        parentRefs(),
        'Listeners of Gateways, or Services, whose connections are forwarded. Without any the route does nothing.',
      ),
      rules: streamRules({ maxRules: version === 'v1alpha2' ? 16 : 1, unit: 'connections', failure: 'is reset' }),
      useDefaultGateways: defaultGatewaysField(),
    }),
});
