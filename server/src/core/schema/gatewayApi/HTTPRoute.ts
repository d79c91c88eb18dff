import { field, fragment, int, list, object } from '../define.ts';
import { kind } from '../kind.ts';
import { httpRouteAdmission } from '../linkerd/routeAdmission.ts';
import { filteredBackend } from './backendRef.ts';
import { httpFilters } from './httpFilter.ts';
import { httpMatches } from './httpMatch.ts';
import { gatewayDuration, hostname, sectionName } from './names.ts';
import { defaultGatewaysField, parentRefs } from './parentRef.ts';
import {
  backendTimeoutWithinRequest,
  distinctRuleNames,
  matchLimit,
  redirectWithoutBackends,
  replacedPrefixIsKnown,
} from './routeRules.ts';
import { sessionPersistenceField } from './sessionPersistence.ts';
import { someWeight } from './weights.ts';

const timeouts = fragment(() =>
  object(
    {
      request: field(
        gatewayDuration(),
        'How long the whole exchange may take, retries included, before the caller gets status 504. `0s` means without end. When absent, Istio and Linkerd set no limit.',
      ),
      backendRequest: field(
        gatewayDuration(),
        'How long one attempt at a backend may take; a retry gets as long again. Not longer than `request`. Linkerd does not read it: use its annotation `timeout.linkerd.io/response`.',
        { readBy: ['waypoint', 'sidecar', 'gateway'] },
      ),
    },
    { rules: [backendTimeoutWithinRequest] },
  ),
);

const retry = fragment(() =>
  object({
    codes: field(
      list(int({ min: 400, max: 599 }), { unique: true }),
      'Response codes after which a request is tried again. Istio also retries when the connection fails or is refused, whatever stands here.',
    ),
    attempts: field(
      int({ min: 1 }),
      'How many times a request is tried again at most. Istio takes 2 when it is absent.',
    ),
    backoff: field(
      gatewayDuration(),
      'How long to wait at least before a retry; proxies wait longer from attempt to attempt.',
    ),
  }),
);

const httpRule = fragment(() =>
  object(
    {
      name: field(sectionName(), 'Tells this rule from others of the route, for policies and status.', {
        since: '1.4',
      }),
      matches: field(
        httpMatches(),
        'Which requests the rule is about: any one entry suffices, and within an entry everything must hold. Of several rules that match, the most specific wins (exact path, longest prefix, method, headers, query), **not the first**. Without it the rule matches every request.',
      ),
      filters: field(
        httpFilters(),
        'Changes to the request or response, for all backends of the rule. Their order does not matter. One that the implementation does not support is never skipped: requests fail with status 500, or the whole route is refused.',
      ),
      backendRefs: field(
        list(filteredBackend(httpFilters()), { max: 16, rules: [someWeight] }),
        'Where matching requests go, by weight. Without it, and without a redirect, they fail with status 500 — except in Linkerd under a Service parent, where they go on to that Service.',
      ),
      timeouts: field(
        timeouts(),
        'Time limits of matching requests. Linkerd prefers its annotations `timeout.linkerd.io/*`, when there are any.',
        {
          since: '1.2',
        },
      ),
      retry: field(
        retry(),
        'Whether failed requests are tried again. Linkerd does not read it: use its annotations `retry.linkerd.io/*`.',
        {
          channel: 'experimental',
          since: '1.2',
          readBy: ['waypoint', 'sidecar', 'gateway'],
        },
      ),
      sessionPersistence: sessionPersistenceField(),
    },
    { rules: [redirectWithoutBackends, replacedPrefixIsKnown] },
  ),
);

export const httpRoute = kind({
  project: 'gateway-api',
  group: 'gateway.networking.k8s.io',
  kind: 'HTTPRoute',
  plural: 'httproutes',
  shortNames: [],
  scope: 'Namespaced',
  doc: "Routes HTTP requests by host, path, headers and method. With a **Gateway** as parent it opens a way in from outside; with a **Service** as parent (GAMMA) it changes calls inside the mesh, and then needs an L7 proxy: a waypoint in ambient (without one it is silently not followed), the client's sidecar, or Linkerd's proxy at the client. As soon as a Service has an HTTPRoute, requests that no rule matches get status 404. For Linkerd a ServiceProfile with routes on the same Service hides it.",
  reference: 'https://gateway-api.sigs.k8s.io/reference/spec/#httproute',
  readBy: ['waypoint', 'sidecar', 'gateway', 'linkerd-proxy'],
  versions: { v1: { served: true, storage: true }, v1beta1: { served: true }, v1alpha2: { served: false } },
  specRequired: true,
  rules: httpRouteAdmission,
  spec: () =>
    object({
      parentRefs: field(
        parentRefs(),
        'What the route attaches to: Gateways or ListenerSets for traffic from outside, Services for traffic in the mesh. Without any it does nothing.',
      ),
      hostnames: field(
        list(hostname(), { max: 16 }),
        "Hosts that the route is about, compared with the `Host` header without its port; all that the listener takes when absent. Istio ignores them when the parent is a Service: there the Service's own name decides; Linkerd compares them there too.",
        { readBy: ['gateway', 'linkerd-proxy'] },
      ),
      rules: field(
        list(httpRule(), { min: 1, max: 16, rules: [matchLimit(1), distinctRuleNames] }),
        'What happens to which requests. When absent, there is one rule for every path and without a backend.',
        { l7: true },
      ),
      useDefaultGateways: defaultGatewaysField(),
    }),
});
