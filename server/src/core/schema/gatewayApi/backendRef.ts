import { has } from '../../yaml/access.ts';
import { field, fragment, int, object, required, type Type } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { textOr } from './defaults.ts';
import { apiGroup, crdRule, kindName, namespaceName, objectName, portNumber } from './names.ts';
import { groupOfKind } from './referenceGroup.ts';

/** Where a route sends traffic: `backendRefs`, and the single backends of mirrors and authorization servers. */

const NEEDS_PORT: CheckFacts = {
  code: 'backend-needs-port',
  severity: 'error',
  what: 'A reference to a Service as a backend without a port.',
  why: "The API server refuses the route: it cannot tell which of the Service's ports is meant.",
  todo: 'Add `port` with a port of the Service (not of the container).',
  peers: ['CRD-CEL', crdRule('must-have-port-for-service-reference'), 'LKD:backend-service-needs-port'],
  source: 'Gateway API CRDs, CEL rules on .spec.rules[].backendRefs[]',
};

/** Shared with Linkerd's own HTTPRoute, whose admission webhook demands the same. */
export const serviceNeedsPort: Rule = {
  facts: NEEDS_PORT,
  needsWhole: true,
  run(node, report) {
    if (textOr(node, 'group', '') !== '' || textOr(node, 'kind', 'Service') !== 'Service' || has(node, 'port')) return;
    report(fieldNode(node, 'name'), 'A backend of kind Service needs `port`, the port of the Service to send to.');
  },
};

const backendRules = fragment(() => [serviceNeedsPort, groupOfKind('', 'Service')]);

const BACKEND_GROUPS = {
  '': 'The core group, which has Service.',
  'networking.istio.io': 'The group of `Hostname`, by which Istio names a host of its registry.',
  'multicluster.x-k8s.io': 'The group of ServiceImport: a service that several clusters provide.',
  'inference.networking.k8s.io': 'The group of InferencePool: model servers that an endpoint picker chooses from.',
  'policy.linkerd.io': 'The group of EgressNetwork, a backend only under a parent of that kind.',
};

const BACKEND_KINDS = {
  Service: 'The endpoints of a Service of the cluster; needs a port.',
  Hostname: 'A host of the registry of Istio, such as that of a ServiceEntry. Needs `group: networking.istio.io`.',
  ServiceImport: 'A service of several clusters. Needs `group: multicluster.x-k8s.io`.',
  InferencePool: 'Model servers behind an endpoint picker. Needs `group: inference.networking.k8s.io`.',
  EgressNetwork: 'Lets traffic out to where it was going anyway, in Linkerd. Needs `group: policy.linkerd.io`.',
};

/** The fields that say which object a backend is; built anew for each object that has them. */
export function backendFields() {
  return {
    group: field(
      apiGroup(BACKEND_GROUPS),
      'API group of the backend; empty for a Service. `networking.istio.io` for kind `Hostname`, which Istio understands.',
      {
        default: '""',
      },
    ),
    kind: field(
      kindName(BACKEND_KINDS),
      'Kind of the backend. Istio takes `Service`, `Hostname`, `ServiceImport` and `InferencePool`; Linkerd `Service` and, under an EgressNetwork parent, `EgressNetwork`.',
      { default: 'Service' },
    ),
    name: required(
      objectName(),
      'Which object receives the traffic. When it does not exist, the share of requests that should go there fails with status 500.',
    ),
    namespace: field(
      namespaceName(),
      'Where the backend lives, the namespace of the route when absent. Another namespace needs a ReferenceGrant there; without it these requests fail with status 500.',
    ),
    port: field(portNumber(), 'Port of the **Service**, not of the container. Required when the backend is a Service.'),
  };
}

export const backendObjectReference = fragment(() => object(backendFields(), { rules: backendRules() }));

export function weightField() {
  return field(
    int({ min: 0, max: 1_000_000 }),
    'Share of the requests, relative to the sum of all weights of the rule; it need not add up to 100. `0` sends nothing there. When all weights are `0`, requests fail with status 500.',
    { default: 1 },
  );
}

/** A backend with its weight, for routes whose backends have no filters of their own. */
export const weightedBackend = fragment(() =>
  object({ ...backendFields(), weight: weightField() }, { rules: backendRules() }),
);

/** A backend with its weight and filters of its own. */
export function filteredBackend<F extends Type>(filters: F) {
  return object(
    {
      ...backendFields(),
      weight: weightField(),
      filters: field(
        filters,
        'Changes that are made only to requests which this backend gets, after the filters of the rule. Few implementations support all of them here.',
        { l7: true },
      ),
    },
    { rules: backendRules() },
  );
}
