import { text } from '../../yaml/access.ts';
import { parseAddress } from '../addresses.ts';
import { field, list, object, required } from '../define.ts';
import { kind } from '../kind.ts';
import { tlsRouteAdmission } from '../linkerd/routeAdmission.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { crdRule, hostname } from './names.ts';
import { defaultGatewaysField, parentRefs } from './parentRef.ts';
import { streamRules } from './streamRoute.ts';

const ADDRESS: CheckFacts = {
  code: 'hostname-is-address',
  severity: 'error',
  what: 'An IP address where a host name is meant.',
  why: 'TLS clients do not send addresses as server name (SNI), so it could never match; the API server refuses the route.',
  todo: 'Write the name that clients connect to.',
  peers: ['CRD-CEL', crdRule('hostnames-cannot-contain-an-ip')],
  source: 'Gateway API CRDs, CEL rule on TLSRoute .spec.hostnames',
};

const noAddress: Rule = {
  facts: ADDRESS,
  run(node, report, context) {
    const host = text(node);
    // The oldest version has no such rule.
    if (host === undefined || context.version === 'v1alpha2') return;
    if (parseAddress(host)) report(node, `\`${host}\` is an IP address; TLS clients send host names only.`);
  },
};

function hostnames(version: string) {
  const doc =
    "Server names (SNI) that the route is about, with `*.` for any one or more labels in front. A connection without a server name matches nothing. In Istio under a Service parent only the Service's own host name counts.";
  const names = hostname([noAddress]);
  if (version === 'v1alpha2') return field(list(names, { max: 1024 }), doc);
  return required(list(names, { min: 1, max: 1024 }), doc);
}

export const tlsRoute = kind({
  project: 'gateway-api',
  group: 'gateway.networking.k8s.io',
  kind: 'TLSRoute',
  plural: 'tlsroutes',
  shortNames: [],
  scope: 'Namespaced',
  doc: 'Forwards TLS connections by the server name that clients send, without decrypting them (listener mode `Passthrough`), or after decryption where the listener terminates TLS. Istio reads it only with `PILOT_ENABLE_ALPHA_GATEWAY_API` switched on. Linkerd reads it under Service and EgressNetwork parents, with a single rule and in the version `v1alpha2`.',
  reference: 'https://gateway-api.sigs.k8s.io/reference/spec/#tlsroute',
  readBy: ['waypoint', 'sidecar', 'gateway', 'linkerd-proxy'],
  versions: {
    v1: { served: true, storage: true, since: '1.5' },
    v1alpha3: {
      served: true,
      channel: 'experimental',
      since: '1.4',
      deprecated: 'Use v1, which the standard channel has since Gateway API 1.5.',
    },
    v1alpha2: {
      served: true,
      channel: 'experimental',
      deprecated: 'Use v1, which the standard channel has since Gateway API 1.5.',
    },
  },
  specRequired: true,
  rules: tlsRouteAdmission,
  spec: (version) =>
    object({
      parentRefs: field(
        parentRefs(),
        'Listeners of Gateways with protocol `TLS`, or Services, whose connections are forwarded. Without any the route does nothing.',
      ),
      hostnames: hostnames(version),
      rules: streamRules({ maxRules: version === 'v1alpha2' ? 16 : 1, unit: 'connections', failure: 'is reset' }),
      useDefaultGateways: defaultGatewaysField(),
    }),
});
