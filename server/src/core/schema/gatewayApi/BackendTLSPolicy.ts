import { field, fragment, list, object, required } from '../define.ts';
import { kind } from '../kind.ts';
import type { CheckFacts } from '../rule.ts';
import { backendValidation, tlsOptions } from './certificates.ts';
import { apiGroup, crdRule, kindName, objectName, sectionName } from './names.ts';
import { referenceRules } from './sameParent.ts';

const DUPLICATE_TARGET: CheckFacts = {
  code: 'duplicate-backend-tls-target',
  severity: 'error',
  what: 'Two `targetRefs` of a BackendTLSPolicy name the same part of the same object.',
  why: 'The API server refuses the policy.',
  todo: "Remove one of them, or give each another `sectionName` (the name of a Service's port).",
  peers: ['CRD-CEL', crdRule('sectionname-must-be-unique-when-targetrefs-includes-2-or-more-references')],
  source: 'Gateway API CRDs, CEL rule on BackendTLSPolicy .spec.targetRefs',
};

const AMBIGUOUS_TARGET: CheckFacts = {
  code: 'backend-tls-target-needs-section',
  severity: 'error',
  what: 'Of several `targetRefs` to one object, some name a section and some do not.',
  why: 'A target without a section means all ports, so some port would be meant twice; the API server refuses the policy.',
  todo: 'Name the port in `sectionName` of every target, or keep a single target without one.',
  peers: ['CRD-CEL', crdRule('sectionname-must-be-specified-when-targetrefs-includes-2-or-more-references')],
  source: 'Gateway API CRDs, CEL rule on BackendTLSPolicy .spec.targetRefs',
};

const targets = fragment(() =>
  list(
    object({
      group: required(apiGroup(), 'API group of the target; `""` for a Service.'),
      kind: required(kindName(), 'Kind of the target: `Service` everywhere, others are up to the implementation.'),
      name: required(objectName(), 'Which Service the proxy calls with TLS, in the namespace of the policy.'),
      sectionName: field(sectionName(), 'Name of the one Service port that is called with TLS; all ports when absent.'),
    }),
    {
      min: 1,
      max: 16,
      rules: referenceRules({
        duplicate: DUPLICATE_TARGET,
        ambiguous: AMBIGUOUS_TARGET,
        defaultGroup: '',
        defaultKind: '',
        word: 'target',
        byPort: () => false,
      }),
    },
  ),
);

export const backendTlsPolicy = kind({
  project: 'gateway-api',
  group: 'gateway.networking.k8s.io',
  kind: 'BackendTLSPolicy',
  plural: 'backendtlspolicies',
  shortNames: ['btlspolicy'],
  scope: 'Namespaced',
  doc: 'Makes gateways speak TLS to a backend that serves TLS by itself, and says how its certificate is checked. It has nothing to do with the mutual TLS of a mesh, which needs no such policy. In Istio, `tls` in a DestinationRule for the same host does a similar job; do not use both. Linkerd does not read it.',
  reference: 'https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicy',
  readBy: ['gateway'],
  versions: {
    v1: { served: true, storage: true, since: '1.4' },
    v1alpha3: {
      served: true,
      channel: 'experimental',
      since: '1.1',
      deprecated: 'Use v1, which the standard channel has since Gateway API 1.4.',
    },
    v1alpha2: { served: false },
  },
  specRequired: true,
  spec: () =>
    object({
      targetRefs: required(targets(), 'Backends that are called with TLS, each in the namespace of the policy.'),
      validation: required(
        backendValidation(),
        'How the certificate of the backend is checked. There is no way to switch the check off.',
      ),
      options: field(tlsOptions(), 'Settings of the implementation, such as TLS versions, as keys and values.'),
    }),
});
