import { asScalar, num } from '../../yaml/access.ts';
import { OUT_OF_RANGE } from '../checks.ts';
import { choice, field, fragment, intOrString, object, required } from '../define.ts';
import { kind } from '../kind.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { exactlyOneOf } from '../rules.ts';
import { labelSelector, labelSelectorWith } from './labelSelector.ts';

const portInRange: Rule = {
  facts: OUT_OF_RANGE,
  run(node, report) {
    const port = num(node);
    if (port !== undefined && (port < 1 || port > 65535))
      report(node, `\`${port}\` is not a port: ports go from 1 to 65535.`);
  },
};

const QUOTED_PORT: CheckFacts = {
  code: 'quoted-port-number',
  severity: 'warning',
  what: 'A port number in quotes where a number or the name of a container port is taken.',
  why: 'In quotes it is a name, and Linkerd looks for a container port that is called like that. There is none, so the Server covers nothing and the default policy applies.',
  todo: 'Remove the quotes.',
  source: 'linkerd/linkerd2@edge-26.8.3:policy-controller/k8s/api/src/policy/server.rs',
};

const unquotedPort: Rule = {
  facts: QUOTED_PORT,
  run(node, report) {
    const scalar = asScalar(node);
    if (scalar?.type !== 'string' || !/^\d+$/.test(scalar.text)) return;
    report(
      scalar,
      `In quotes, \`${scalar.text}\` is the name of a container port, not a number; no port can have that name.`,
      {
        fixes: [{ title: 'Remove the quotes', safe: false, edits: [{ span: scalar, text: scalar.text }] }],
      },
    );
  },
};

const proxyProtocol = fragment(() =>
  choice({
    unknown:
      'The proxy looks at the first bytes of each connection. When the client is slow to speak, or the server speaks first, it waits up to ten seconds and then treats the connection as opaque TCP.',
    'HTTP/1': 'HTTP/1.x without detection. Routes and per-request authorization work.',
    'HTTP/2': 'HTTP/2 without detection. Routes and per-request authorization work.',
    gRPC: 'gRPC over HTTP/2. Only with this value do GRPCRoutes apply to inbound traffic.',
    opaque:
      'Plain TCP: no routes, no per-request policy or metrics. Needed for protocols in which the server speaks first, such as MySQL or SMTP.',
    TLS: 'TLS that the application itself ends. The proxy passes it through and sees no requests.',
  }),
);

const accessPolicy = fragment(() =>
  choice({
    deny: 'Only clients that an AuthorizationPolicy or ServerAuthorization allows.',
    'all-unauthenticated':
      'Everyone, with or without a mesh identity. Authorizations on this Server then change nothing.',
    'all-authenticated': 'Every client with a mesh identity, from this cluster or another.',
    'cluster-unauthenticated': 'Everyone whose address is in the cluster networks.',
    'cluster-authenticated': 'Every client with a mesh identity whose address is in the cluster networks.',
    audit: {
      doc: 'Everyone, but what would have been refused is logged and counted. For trying policies out.',
      since: '2.16',
    },
  }),
);

/** What version v1alpha1 required of its selector, before `{}` could mean all pods. */
const firstSelector = fragment(() => labelSelectorWith([exactlyOneOf(['matchLabels', 'matchExpressions'])]));

const POD_SELECTOR =
  'The pods that the Server covers, by their labels, in its own namespace. `{}` stands for all of them.';
const port = fragment(() => intOrString({ rules: [portInRange, unquotedPort] }));
const PORT =
  'The container port: its number, or its name in the pod template. Not the port of a Service. Two Servers must not cover the same port of the same pod.';
const PROTOCOL = 'The protocol that clients speak on the port, so that the proxy need not find it out.';

function serverSpec(version: string) {
  const portFields = {
    port: required(port(), PORT),
    proxyProtocol: field(proxyProtocol(), PROTOCOL, { default: 'unknown' }),
  };
  if (version === 'v1alpha1') return object({ podSelector: required(firstSelector(), POD_SELECTOR), ...portFields });
  if (version === 'v1beta1') return object({ podSelector: required(labelSelector(), POD_SELECTOR), ...portFields });
  const versions = ['v1beta2', 'v1beta3'];
  return object(
    {
      podSelector: field(labelSelector(), POD_SELECTOR),
      externalWorkloadSelector: field(
        labelSelector(),
        'The ExternalWorkloads that the Server covers, by their labels, in its own namespace. Takes the place of `podSelector`.',
        { versions },
      ),
      ...portFields,
      ...(version === 'v1beta2'
        ? {}
        : {
            accessPolicy: field(
              accessPolicy(),
              'Who may connect when no authorization says so. It takes the place of the default policy of the pod for this port, and authorizations only ever add to it.',
              {
                default: 'deny',
                versions: ['v1beta3'],
              },
            ),
          }),
    },
    { rules: [exactlyOneOf(['podSelector', 'externalWorkloadSelector'])] },
  );
}

export const server = kind({
  project: 'linkerd',
  group: 'policy.linkerd.io',
  kind: 'Server',
  plural: 'servers',
  shortNames: ['srv'],
  scope: 'Namespaced',
  doc: 'One **port of some pods**, as something that policies, routes and rate limits can name. As soon as a Server covers a port, its `accessPolicy` (default: deny) takes the place of the default policy, so a Server alone shuts the port to everyone but the kubelet, whose HTTP probes stay allowed until a route is attached.',
  reference: 'https://linkerd.io/2/reference/authorization-policy/#server',
  readBy: ['linkerd-proxy'],
  versions: {
    v1beta3: { served: true, storage: true, since: '2.16' },
    v1beta2: { served: true, since: '2.16' },
    v1beta1: {
      served: true,
      deprecated:
        'Use policy.linkerd.io/v1beta3; the fields are the same, and what no policy allows is refused as before.',
    },
    v1alpha1: { served: true, deprecated: 'Use policy.linkerd.io/v1beta3; the fields are the same.' },
  },
  specRequired: true,
  spec: serverSpec,
});
