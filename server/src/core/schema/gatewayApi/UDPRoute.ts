import { field, object } from '../define.ts';
import { kind } from '../kind.ts';
import { defaultGatewaysField, parentRefs } from './parentRef.ts';
import { streamRules } from './streamRoute.ts';

export const udpRoute = kind({
  project: 'gateway-api',
  group: 'gateway.networking.k8s.io',
  kind: 'UDPRoute',
  plural: 'udproutes',
  shortNames: [],
  scope: 'Namespaced',
  doc: 'Forwards UDP datagrams from a listener of a Gateway to backends by weight. Neither Istio nor Linkerd reads it, and neither mesh carries UDP; it is for other implementations of the Gateway API.',
  reference: 'https://gateway-api.sigs.k8s.io/reference/spec/#udproute',
  readBy: ['gateway'],
  versions: {
    v1: { served: true, storage: true, since: '1.6' },
    v1alpha2: {
      served: true,
      channel: 'experimental',
      deprecated: 'Use v1, which the standard channel has since Gateway API 1.6.',
    },
  },
  specRequired: true,
  spec: (version) =>
    object({
      parentRefs: field(
        parentRefs(),
        'Listeners of Gateways whose datagrams are forwarded. Without any the route does nothing.',
      ),
      rules: streamRules({ maxRules: version === 'v1alpha2' ? 16 : 1, unit: 'datagrams', failure: 'is dropped' }),
      useDefaultGateways: defaultGatewaysField(),
    }),
});
