import { field, fragment, int, list, object, required, string } from '../define.ts';
import { duration } from '../formats.ts';
import { someWeight } from '../gatewayApi/weights.ts';
import { kind } from '../kind.ts';
import { knownParent, portOfBackend, timeoutsInOrder } from './policyRoute.ts';
import { CORE, groupName, kindName, namespaceName, POLICY, resourceName } from './references.ts';
import { policyRouteAdmission } from './routeAdmission.ts';
import { backendFilters, ruleFilters } from './routeFilters.ts';
import { routeMatches } from './routeMatches.ts';

const PARENTS = {
  Service: 'Requests of clients to the service (`group: core`).',
  Server: 'Requests that arrive at the port of some pods (`group: policy.linkerd.io`).',
  EgressNetwork: 'Requests that leave the cluster (`group: policy.linkerd.io`).',
};

const BACKENDS = {
  Service: 'The pods of a service, balanced by the proxy.',
  EgressNetwork: 'The destination that the client asked for, under an EgressNetwork parent alone.',
};

const isEarly = (version: string) => version === 'v1alpha1' || version === 'v1beta1';

function parentRef(version: string) {
  return object(
    {
      group: field(
        groupName({ ...CORE, ...POLICY }),
        'The API group of the parent. A Service needs `core` here: the default is not the core group.',
        { default: 'policy.linkerd.io' },
      ),
      kind: field(
        kindName(PARENTS),
        'The kind of the parent: `Server` for inbound policy, `Service` or `EgressNetwork` for outbound routing. The default is a kind that Linkerd does not route for, so always set it.',
        { default: 'Gateway' },
      ),
      namespace: field(
        namespaceName(),
        'The namespace of the parent. A Server must be in the namespace of the route; a Service elsewhere makes the route hold for clients of this namespace only.',
        {
          default: 'the namespace of the route',
        },
      ),
      name: required(resourceName(), 'The name of the Server, Service or EgressNetwork.'),
      sectionName: field(
        string({
          min: 1,
          max: 253,
          pattern: /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/,
          means: 'a name of lower-case letters, digits, dots and dashes',
        }),
        'A part of the parent. Linkerd does not look at it; use `port`.',
      ),
      port: field(
        isEarly(version) ? int() : int({ min: 1, max: 65535 }),
        'The port of the Service or EgressNetwork that the route is for.',
        { default: 'all ports', since: '2.13' },
      ),
    },
    { rules: [knownParent] },
  );
}

/** The backends of the first two versions: without group, kind, weight and limits. */
const earlyBackends = fragment(() =>
  list(
    object({
      name: field(string(), 'The name of the Service that requests go to.'),
      port: field(int(), 'The port of the Service, not of its pods.'),
      namespace: field(
        string(),
        'The namespace of that Service. The default is literally the namespace called `default`.',
        { default: 'default' },
      ),
      filters: field(backendFilters(), 'What is done to requests for this backend alone.', { since: '2.14' }),
    }),
  ),
);

const backends = fragment(() =>
  list(
    object(
      {
        group: field(groupName({ ...CORE, ...POLICY }), 'The API group of the backend, empty for a Service.', {
          default: '',
        }),
        kind: field(
          kindName(BACKENDS),
          'The kind of the backend: `Service`, or `EgressNetwork` under an EgressNetwork parent.',
          { default: 'Service' },
        ),
        name: required(resourceName(), 'The name of the Service that requests go to.'),
        namespace: field(namespaceName(), 'The namespace of the Service. Linkerd asks for no ReferenceGrant.', {
          default: 'the namespace of the route',
        }),
        port: field(
          int({ min: 1, max: 65535 }),
          'The port of the Service. Without it, requests for this backend are answered with 500.',
        ),
        weight: field(
          int({ min: 0, max: 1_000_000 }),
          'The share of the requests, relative to the weights of the other backends. Zero takes the backend out.',
          { default: 1 },
        ),
        filters: field(backendFilters(), 'What is done to requests for this backend alone.', { since: '2.14' }),
      },
      { rules: [portOfBackend] },
    ),
    { max: 16, rules: [someWeight] },
  ),
);

const timeouts = fragment(() =>
  object(
    {
      request: field(
        string({ rules: [duration({ minMs: 0 })] }),
        'The time for the whole request with its retries. The annotation `timeout.linkerd.io/request` on the route wins over it.',
      ),
      backendRequest: field(
        string({ rules: [duration({ minMs: 0 })] }),
        'Meant as the time for one try. Linkerd 2.20 accepts the field and does not use it; write the annotation `retry.linkerd.io/timeout`.',
      ),
    },
    { rules: [timeoutsInOrder] },
  ),
);

function routeSpec(version: string) {
  return object({
    parentRefs: field(
      list(parentRef(version), { max: 32 }),
      'What the route is attached to. Under a Server it sorts inbound requests for policies; under a Service or EgressNetwork it says where requests of clients go. Do not mix the two in one route.',
    ),
    hostnames: field(
      list(
        string({
          min: 1,
          max: 253,
          pattern: /^(?:\*\.)?[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/,
          means: 'a host name in lower case, with `*.` in front for all names below it',
        }),
        { max: 16 },
      ),
      'Hosts (`Host` or `:authority`) that the route is for.',
      { default: 'every host' },
    ),
    rules: field(
      list(
        object({
          matches: field(
            routeMatches(),
            'The requests that the rule is about; any of the entries will do. The most specific match of all routes wins, not the first.',
            { default: 'every request' },
          ),
          filters: field(ruleFilters(), 'What is done to requests that the rule matches.'),
          backendRefs: field(
            isEarly(version) ? earlyBackends() : backends(),
            'Where matched requests go, for a Service or EgressNetwork parent. Under a Server it is not read.',
            { default: 'the parent itself', since: '2.13' },
          ),
          ...(version === 'v1beta3'
            ? {
                timeouts: field(timeouts(), 'How long requests that the rule matches may take.', {
                  versions: ['v1beta3'],
                  since: '2.14',
                }),
              }
            : {}),
        }),
        { max: 16 },
      ),
      'What happens to which requests. Once a parent has routes, a request that none of them matches is answered with 404; under a Server that includes the probes of the kubelet.',
      { default: 'one rule for every request' },
    ),
  });
}

export const linkerdHttpRoute = kind({
  project: 'linkerd',
  group: 'policy.linkerd.io',
  kind: 'HTTPRoute',
  plural: 'httproutes',
  shortNames: [],
  scope: 'Namespaced',
  doc: 'HTTP requests told apart by path, method, headers and query: under a **Server** for policies on single routes, under a **Service** or **EgressNetwork** for routing. The HTTPRoute of gateway.networking.k8s.io does the same and is the one to prefer. A ServiceProfile for the Service takes the route out of effect.',
  reference: 'https://linkerd.io/2/reference/httproute/',
  readBy: ['linkerd-proxy'],
  versions: {
    v1beta3: { served: true, storage: true, since: '2.14' },
    v1beta2: { served: true, since: '2.13' },
    v1beta1: { served: true },
    v1alpha1: { served: true },
  },
  specRequired: true,
  spec: routeSpec,
  rules: policyRouteAdmission,
});
