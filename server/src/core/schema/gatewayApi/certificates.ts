import { at, has, isTemplated, items } from '../../yaml/access.ts';
import { choice, field, fragment, list, map, object, required, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode, neededWhen, onlyWhen } from '../rules.ts';
import { apiGroup, crdRule, hostname, kindName, namespaceName, objectName, preciseHostname } from './names.ts';

/** References to certificates, and how the certificate of a backend is checked. */

/** A certificate with its key. */
export const secretReference = fragment(() =>
  object({
    group: field(apiGroup(), "API group of the certificate's resource; empty for a Secret.", { default: '""' }),
    kind: field(
      kindName(),
      "Kind of the certificate's resource. Other kinds than Secret are up to the implementation.",
      { default: 'Secret' },
    ),
    name: required(objectName(), 'Which Secret, of type `kubernetes.io/tls` with `tls.crt` and `tls.key`.'),
    namespace: field(
      namespaceName(),
      'Where the Secret lives, the namespace of this resource when absent. Another namespace needs a ReferenceGrant there, or the certificate is not used.',
    ),
  }),
);

/** A certificate authority, in the namespace of the resource that names it. */
const authorityReference = fragment(() =>
  object({
    group: required(
      apiGroup(),
      'API group of the resource that holds the authority\'s certificate; `""` for a ConfigMap.',
    ),
    kind: required(
      kindName(),
      "Kind of the resource that holds the authority's certificate; `ConfigMap` everywhere, others are up to the implementation.",
    ),
    name: required(objectName(), 'Which ConfigMap, with the PEM bundle under the key `ca.crt`.'),
  }),
);

const CA_SOURCE: CheckFacts = {
  code: 'ca-source',
  severity: 'error',
  what: 'Both `caCertificateRefs` and `wellKnownCACertificates` are set, or neither is.',
  why: 'The proxy must know which authorities to trust, and only one source is possible; the API server refuses the resource.',
  todo: 'Set one of them: references to your own authority, or `wellKnownCACertificates: System` for public certificates.',
  peers: [
    'CRD-CEL',
    crdRule('must-not-contain-both-cacertificaterefs-and-wellknowncacertificates'),
    crdRule('must-specify-either-cacertificaterefs-or-wellknowncacertificates'),
  ],
  source: "Gateway API CRDs, CEL rules on the validation of a backend's certificate",
};

const oneSource: Rule = {
  facts: CA_SOURCE,
  needsWhole: true,
  run(node, report) {
    const references = at(node, 'caCertificateRefs');
    const own = isTemplated(references) || items(references).length > 0;
    const wellKnown = has(node, 'wellKnownCACertificates');
    if (own && wellKnown) {
      report(
        fieldNode(node, 'wellKnownCACertificates'),
        '`wellKnownCACertificates` and `caCertificateRefs` exclude each other; keep one of them.',
      );
    } else if (!own && !wellKnown) {
      report(node, 'Say which authorities to trust: `caCertificateRefs`, or `wellKnownCACertificates: System`.');
    }
  },
};

const SAN_FIELD: CheckFacts = {
  code: 'subject-alt-name-mismatch',
  severity: 'error',
  what: 'The `type` of a subject alternative name and the field that holds it do not agree.',
  why: 'The API server refuses the resource.',
  todo: 'Use `hostname` with type `Hostname`, and `uri` with type `URI`.',
  peers: [
    'CRD-CEL',
    crdRule('subjectaltname-element-must-not-contain-hostname-if-type-is-not-set-to-hostname'),
    crdRule('subjectaltname-element-must-contain-hostname-if-type-is-set-to-hostname'),
    crdRule('subjectaltname-element-must-not-contain-uri-if-type-is-not-set-to-uri'),
    crdRule('subjectaltname-element-must-contain-uri-if-type-is-set-to-uri'),
  ],
  source: 'Gateway API CRDs, CEL rules on subjectAltNames[]',
};

const subjectAltName = fragment(() =>
  object(
    {
      type: required(
        choice({
          Hostname: 'The certificate must hold a DNS name, the one in `hostname`.',
          URI: 'The certificate must hold a URI, the one in `uri`, such as a SPIFFE identity.',
        }),
        'Which form of name the certificate is searched for.',
      ),
      hostname: field(
        hostname(),
        'DNS name that the certificate must hold, for type `Hostname`. A `*.` stands for one label.',
      ),
      uri: field(
        string({
          min: 1,
          max: 253,
          pattern: /^(([^:/?#]+):)(\/\/([^/?#]*))([^?#]*)(\?([^#]*))?(#(.*))?/,
          means: 'a whole URI with scheme and authority, such as `spiffe://cluster.local/ns/shop/sa/cart`',
        }),
        'URI that the certificate must hold, for type `URI`, with scheme and authority.',
      ),
    },
    {
      rules: [
        neededWhen('hostname', 'type', 'Hostname', { facts: SAN_FIELD }),
        neededWhen('uri', 'type', 'URI', { facts: SAN_FIELD }),
        onlyWhen('hostname', 'type', 'Hostname', { facts: SAN_FIELD }),
        onlyWhen('uri', 'type', 'URI', { facts: SAN_FIELD }),
      ],
    },
  ),
);

/** How the certificate of a backend is checked, for BackendTLSPolicy and XBackend. */
export const backendValidation = fragment(() =>
  object(
    {
      caCertificateRefs: field(
        list(authorityReference(), { max: 8 }),
        "ConfigMaps with authorities of your own, of which one must have signed the backend's certificate. They lie in the namespace of this resource.",
      ),
      wellKnownCACertificates: field(
        string({
          min: 1,
          max: 253,
          pattern:
            /^(System|([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]))$/,
          means: '`System`, or a name of the implementation such as `example.com/internal`',
        }),
        "`System` trusts the public authorities that the proxy's image brings along. Instead of `caCertificateRefs`.",
      ),
      hostname: required(
        preciseHostname(),
        'Server name (SNI) that the proxy sends. The certificate must be valid for it too, unless `subjectAltNames` says what it must be valid for.',
      ),
      subjectAltNames: field(
        list(subjectAltName(), { max: 5 }),
        'Names of which the certificate must hold at least one. When set, `hostname` is only sent and no longer compared.',
      ),
    },
    { rules: [oneSource] },
  ),
);

/** How client certificates are checked at a listener. */
export const clientAuthorityReference = fragment(() =>
  object({
    group: required(
      apiGroup(),
      'API group of the resource that holds the authority\'s certificate; `""` for a ConfigMap.',
    ),
    kind: required(
      kindName(),
      "Kind of the resource that holds the authority's certificate: `ConfigMap` everywhere, others are up to the implementation.",
    ),
    name: required(objectName(), 'Which ConfigMap, with the PEM bundle under the key `ca.crt`.'),
    namespace: field(
      namespaceName(),
      'Where the ConfigMap lives, the namespace of the Gateway when absent. Another namespace needs a ReferenceGrant there.',
    ),
  }),
);

/** Settings of the implementation beside the TLS settings that the Gateway API has. */
export const tlsOptions = fragment(() => map(string({ min: 0, max: 4096 }), { max: 16 }));
