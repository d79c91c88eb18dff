import { choice, field, fragment, list, object, required } from '../define.ts';
import type { CheckFacts } from '../rule.ts';
import { apiGroup, crdRule, kindName, namespaceName, objectName, portNumber, sectionName } from './names.ts';
import { groupOfKind } from './referenceGroup.ts';
import { referenceRules } from './sameParent.ts';

/** What a route attaches to: a Gateway or ListenerSet for traffic from outside, a Service for traffic in the mesh. */

const DUPLICATE_PARENT: CheckFacts = {
  code: 'duplicate-parent-ref',
  severity: 'error',
  what: 'Two `parentRefs` of a route name the same part of the same parent.',
  why: 'The API server refuses the route.',
  todo: 'Remove one of them, or give each another `sectionName` (or `port`, with the experimental channel).',
  peers: [
    'CRD-CEL',
    crdRule('sectionname-must-be-unique-when-parentrefs-includes-2-or-more-references'),
    crdRule('sectionname-or-port-must-be-unique-when-parentrefs-includes-2-or-more'),
  ],
  source: 'Gateway API CRDs, CEL rules on .spec.parentRefs',
};

const AMBIGUOUS_PARENT: CheckFacts = {
  code: 'parent-ref-needs-section',
  severity: 'error',
  what: 'Of several `parentRefs` to one parent, some name a section or port and some do not.',
  why: 'A reference without a section means all of them, so the route would attach twice; the API server refuses it.',
  todo: 'Say the section in every reference to that parent, or keep a single reference without one.',
  peers: [
    'CRD-CEL',
    crdRule('sectionname-must-be-specified-when-parentrefs-includes-2-or-more-references'),
    crdRule('sectionname-or-port-must-be-specified-when-parentrefs-includes-2-or-more'),
  ],
  source: 'Gateway API CRDs, CEL rules on .spec.parentRefs',
};

const parentRefRules = fragment(() =>
  referenceRules({
    duplicate: DUPLICATE_PARENT,
    ambiguous: AMBIGUOUS_PARENT,
    defaultGroup: 'gateway.networking.k8s.io',
    defaultKind: 'Gateway',
    word: 'parent',
    // The standard channel's rules look at `sectionName` alone, although it has the field `port` too.
    byPort: (channel) => channel === 'experimental',
  }),
);

const PARENT_GROUPS = {
  'gateway.networking.k8s.io': 'The group of Gateway and ListenerSet: the route takes traffic from outside.',
  '': 'The core group, which has Service: the route takes calls inside the mesh.',
  'networking.istio.io': 'The group of ServiceEntry, a parent that Istio understands.',
  'policy.linkerd.io': 'The group of EgressNetwork and Server, parents that Linkerd understands.',
};

const PARENT_KINDS = {
  Gateway: 'The route takes traffic from outside, at the listeners of this Gateway that admit it.',
  ListenerSet: 'The route takes traffic from outside, at the listeners that this set adds to a Gateway.',
  Service: 'A mesh route: it changes how calls to this Service are routed. Needs `group: ""`.',
  ServiceEntry: 'A mesh route for a host outside of the cluster, in Istio. Needs `group: networking.istio.io`.',
  EgressNetwork:
    'A route for traffic that leaves the cluster, in Linkerd. Needs `group: policy.linkerd.io` and a port.',
  Server: 'A route for requests that reach this port of some pods, in Linkerd. Needs `group: policy.linkerd.io`.',
};

const parentRef = fragment(() =>
  object(
    {
      group: field(
        apiGroup(PARENT_GROUPS),
        'API group of the parent. Must be `""` (or `core` for Linkerd) when the parent is a Service: with the default, a `kind: Service` is looked up among the Gateway API kinds and the route attaches to nothing.',
        { default: 'gateway.networking.k8s.io' },
      ),
      kind: field(
        kindName(PARENT_KINDS),
        "`Gateway` or `ListenerSet` for traffic that comes in from outside. `Service` makes this a **mesh route**: it changes how calls to that Service are routed, in Istio at the waypoint or at the client's sidecar, in Linkerd at the client's proxy. Istio also takes `ServiceEntry`, Linkerd `EgressNetwork` and `Server`.",
        { default: 'Gateway' },
      ),
      name: required(
        objectName(),
        'Which object to attach to. When it does not exist, the route is kept but no proxy uses it.',
      ),
      namespace: field(
        namespaceName(),
        "Where the parent lives, the namespace of the route when absent. A Gateway must admit routes of other namespaces through `allowedRoutes`. For a Service of another namespace this is a consumer route: only callers in the route's own namespace follow it, and Istio waypoints ignore it.",
      ),
      sectionName: field(
        sectionName(),
        'Attaches to one listener of the Gateway, or to one named port of the Service. Without it, to all that fit.',
      ),
      port: field(
        portNumber(),
        "Attaches only to the listeners with this port, or to this port of a Service. Without it a Service's routes hold for all of its ports. Linkerd demands it for an `EgressNetwork`.",
      ),
    },
    { rules: [groupOfKind('gateway.networking.k8s.io', 'Gateway')] },
  ),
);

export const parentRefs = fragment(() => list(parentRef(), { max: 32, rules: parentRefRules() }));

export const useDefaultGateways = fragment(() =>
  choice({
    All: 'Attaches the route to every Gateway whose `defaultScope` is `All`, beside its own `parentRefs`.',
    None: 'The route attaches to nothing but its own `parentRefs`.',
  }),
);

export function defaultGatewaysField() {
  return field(
    useDefaultGateways(),
    'Whether Gateways that declare themselves the default may serve this route although it does not name them.',
    { default: 'None', channel: 'experimental', since: '1.4' },
  );
}
