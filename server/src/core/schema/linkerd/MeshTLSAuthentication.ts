import { at } from '../../yaml/access.ts';
import { removeEntry } from '../../yaml/edits.ts';
import { field, list, object, required, string } from '../define.ts';
import { kind } from '../kind.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { exactlyOneOf } from '../rules.ts';
import { meshIdentity } from './identity.ts';
import {
  CORE,
  canonicalKind,
  groupName,
  kindName,
  pointsAt,
  resourceName,
  SERVICE_ACCOUNT_KIND,
} from './references.ts';

const SOURCE = 'linkerd/linkerd2@edge-26.8.3:policy-controller/runtime/src/admission.rs';
const NAMESPACE = { group: '', kind: 'Namespace' };
const SERVICE_ACCOUNT = { group: '', kind: 'ServiceAccount' };

const IDENTITY_REF_KIND: CheckFacts = {
  code: 'identity-ref-kind',
  severity: 'error',
  what: 'An identity reference to something that has no identity.',
  why: 'The Linkerd policy controller refuses the resource.',
  todo: 'Refer to a ServiceAccount, or to a Namespace for all accounts in it; both are in the core group.',
  peers: ['LKD:identityref-kind'],
  source: SOURCE,
};

const identityRefKind: Rule = {
  facts: IDENTITY_REF_KIND,
  run(node, report) {
    if (pointsAt(node, [NAMESPACE, SERVICE_ACCOUNT]) !== false) return;
    report(
      at(node, 'kind') ?? node,
      `\`${canonicalKind(node)}\` has no identity: refer to a ServiceAccount or a Namespace of the core group.`,
    );
  },
};

const NAMESPACE_IN_NAMESPACE: CheckFacts = {
  code: 'identity-ref-namespace',
  severity: 'error',
  what: 'A reference to a Namespace that itself has a `namespace`.',
  why: 'Namespaces are not in namespaces; the Linkerd policy controller refuses it.',
  todo: 'Remove `namespace`; the namespace meant is the one in `name`.',
  peers: ['LKD:identityref-namespace-with-namespace'],
  source: SOURCE,
};

const noNamespaceOfNamespace: Rule = {
  facts: NAMESPACE_IN_NAMESPACE,
  run(node, report, context) {
    const namespace = at(node, 'namespace');
    if (!namespace || pointsAt(node, [NAMESPACE]) !== true) return;
    const edit = removeEntry(context.text, namespace);
    report(namespace, 'A Namespace is not in a namespace: give its name in `name` alone.', {
      fixes: edit ? [{ title: 'Remove `namespace`', safe: false, edits: [edit] }] : [],
    });
  },
};

export const meshTlsAuthentication = kind({
  project: 'linkerd',
  group: 'policy.linkerd.io',
  kind: 'MeshTLSAuthentication',
  plural: 'meshtlsauthentications',
  shortNames: ['meshtlsauthn'],
  scope: 'Namespaced',
  doc: 'Names the **mesh identities** of clients. It allows nothing by itself: an AuthorizationPolicy must require it. A client without a Linkerd proxy has no identity and never fits.',
  reference: 'https://linkerd.io/2/reference/authorization-policy/#meshtlsauthentication',
  readBy: ['linkerd-proxy'],
  versions: { v1alpha1: { served: true, storage: true } },
  specRequired: true,
  spec: () =>
    object(
      {
        identities: field(
          list(string({ rules: [meshIdentity] }), { min: 1 }),
          'Identities as text; any of them will do. `*` stands for every client with a mesh identity, `*.` at the start for all names with that ending. Excludes `identityRefs`.',
        ),
        identityRefs: field(
          list(
            object(
              {
                group: field(
                  groupName(CORE),
                  'The API group of the reference. ServiceAccounts and Namespaces are in the core group, so leave it out.',
                  { default: 'core' },
                ),
                kind: required(
                  kindName({ ...SERVICE_ACCOUNT_KIND, Namespace: 'All accounts in a namespace.' }),
                  'The kind that has the identity: `ServiceAccount`, or `Namespace` for all accounts in it.',
                ),
                name: field(resourceName(), 'The name of the ServiceAccount or Namespace.', {
                  default: 'all of that kind',
                }),
                namespace: field(string({ max: 253 }), 'The namespace of a ServiceAccount; a Namespace has none.', {
                  default: 'the namespace of this resource',
                }),
              },
              { rules: [identityRefKind, noNamespaceOfNamespace] },
            ),
            { min: 1 },
          ),
          'ServiceAccounts and Namespaces whose pods are meant; any of them will do. Excludes `identities`.',
        ),
      },
      { rules: [exactlyOneOf(['identities', 'identityRefs'])] },
    ),
});
