import { at, bool, has, items } from '../../yaml/access.ts';
import { bool as boolean, field, fragment, list, object, required, string } from '../define.ts';
import { kind } from '../kind.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { exactlyOneOf } from '../rules.ts';
import { labelSelector } from './labelSelector.ts';
import { networks } from './networks.ts';
import { dnsLabel } from './references.ts';

const UNAUTHENTICATED: CheckFacts = {
  code: 'unauthenticated-with-identities',
  severity: 'error',
  what: 'A ServerAuthorization that lets clients without identity in and asks for identities as well.',
  why: 'The two contradict each other; the Linkerd policy controller refuses the resource.',
  todo: 'Remove one of them.',
  peers: ['LKD:saz-unauthenticated-with-meshtls', 'LKD:saz-unauthenticatedtls-with-identities'],
  source: 'linkerd/linkerd2@edge-26.8.3:policy-controller/runtime/src/admission.rs',
};

const noMeshTlsWhenOpen: Rule = {
  facts: UNAUTHENTICATED,
  run(node, report) {
    if (bool(node, 'unauthenticated') !== true || !has(node, 'meshTLS')) return;
    report(
      at(node, 'unauthenticated') ?? node,
      '`unauthenticated: true` lets everyone in, so `meshTLS` must not ask for identities.',
    );
  },
};

const noIdentitiesWhenAnyTls: Rule = {
  facts: UNAUTHENTICATED,
  run(node, report) {
    if (bool(node, 'unauthenticatedTLS') !== true) return;
    if (items(node, 'identities').length + items(node, 'serviceAccounts').length === 0) return;
    report(
      at(node, 'unauthenticatedTLS') ?? node,
      '`unauthenticatedTLS: true` asks for no identity, so `identities` and `serviceAccounts` must be empty.',
    );
  },
};

const identity = fragment(() =>
  string({
    pattern: /^(?:\*|[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/,
    means: 'a DNS name in lower case, `*`, or a name that begins with `*.`',
  }),
);

const meshTls = fragment(() =>
  object(
    {
      unauthenticatedTLS: field(
        boolean(),
        'Lets in clients that speak mesh TLS without showing a certificate. Meant for the identity controller, whose clients have none yet.',
        { default: false },
      ),
      identities: field(
        list(identity()),
        'Identities of clients; any of them will do. `*` stands for every client with a mesh identity.',
      ),
      serviceAccounts: field(
        list(
          object({
            name: required(dnsLabel(), 'The name of the ServiceAccount that the client runs as.'),
            namespace: field(dnsLabel(), 'The namespace that the client runs in.', {
              default: 'the namespace of this resource',
            }),
          }),
        ),
        'ServiceAccounts that clients run as; any of them will do.',
      ),
    },
    { rules: [noIdentitiesWhenAnyTls] },
  ),
);

const REPLACED = 'Use policy.linkerd.io/v1beta1, or better an AuthorizationPolicy.';

export const serverAuthorization = kind({
  project: 'linkerd',
  group: 'policy.linkerd.io',
  kind: 'ServerAuthorization',
  plural: 'serverauthorizations',
  shortNames: ['saz', 'serverauthz', 'srvauthz'],
  scope: 'Namespaced',
  doc: 'Allows clients to reach Servers of its namespace. The older form: an **AuthorizationPolicy** with a MeshTLSAuthentication does the same, for routes and whole namespaces too. Without `networks` only clients in the cluster networks are let in, which is lost when the resource is rewritten carelessly.',
  reference: 'https://linkerd.io/2/reference/authorization-policy/#serverauthorization',
  readBy: ['linkerd-proxy'],
  versions: { v1beta1: { served: true, storage: true }, v1alpha1: { served: true, deprecated: REPLACED } },
  specRequired: true,
  spec: () =>
    object({
      server: required(
        object(
          {
            name: field(dnsLabel(), 'The one Server, by name, that clients get access to.'),
            selector: field(
              labelSelector(),
              'Labels of Servers; also those that are created later. `{}` stands for every Server of the namespace.',
            ),
          },
          { rules: [exactlyOneOf(['name', 'selector'])] },
        ),
        'The Servers that clients are let in to, in the same namespace: by name or by labels.',
      ),
      client: required(
        object(
          {
            networks: field(networks(), 'The networks that clients may come from.', {
              default: 'the cluster networks: private address ranges',
            }),
            unauthenticated: field(boolean(), 'Lets clients in without a mesh identity, also in plain text.', {
              default: false,
            }),
            meshTLS: field(
              meshTls(),
              'The mesh identities that are let in. Without it and without `unauthenticated`, no client is.',
            ),
          },
          { rules: [noMeshTlsWhenOpen] },
        ),
        'The clients that are let in.',
      ),
    }),
});
