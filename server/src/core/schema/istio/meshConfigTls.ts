import { choice, field, fragment, list, openObject, string } from '../define.ts';

/** Identities, certificates and versions of TLS. */

const tlsVersion = fragment(() =>
  choice({
    TLS_AUTO: 'Leaves the choice to Istio, which takes TLS 1.2.',
    TLSV1_2: 'TLS 1.2 and 1.3 are spoken.',
    TLSV1_3: 'Only TLS 1.3 is spoken; older clients cannot connect.',
  }),
);

const tlsSettings = fragment(() =>
  openObject({
    minProtocolVersion: field(tlsVersion(), 'The oldest version of TLS that is spoken.', { default: 'TLSV1_2' }),
    cipherSuites: field(list(string()), 'Suites for TLS 1.2, by the names of OpenSSL. Has no effect on TLS 1.3.'),
    ecdhCurves: field(list(string()), 'Curves for the key exchange, such as `X25519` and `P-256`.'),
  }),
);

const caCertificate = fragment(() =>
  openObject({
    pem: field(string(), 'The certificate of an additional root, in PEM.'),
    spiffeBundleUrl: field(string(), 'Where the bundle of a SPIFFE trust domain is fetched.'),
    certSigners: field(list(string()), 'Kubernetes signers whose certificates this root belongs to.'),
    trustDomains: field(list(string()), 'Trust domains that this root may vouch for.'),
  }),
);

export function tlsFields() {
  return {
    trustDomain: field(
      string(),
      'The first part of every identity: `cluster.local` in `cluster.local/ns/shop/sa/web`. Changing it invalidates policies that name principals, unless the old name is an alias.',
      { default: 'cluster.local' },
    ),
    trustDomainAliases: field(
      list(string()),
      'Other trust domains that policies and proxies treat as this one, for migrations. ztunnel does not apply them to policies.',
      { readBy: ['waypoint', 'sidecar', 'gateway'] },
    ),
    caCertificates: field(list(caCertificate()), 'Roots that proxies trust beside the one of istiod.'),
    meshMTLS: field(tlsSettings(), 'Versions and suites for mutual TLS inside the mesh.'),
    tlsDefaults: field(
      tlsSettings(),
      'Versions and suites for all other TLS, such as at gateways and towards external hosts.',
    ),
  };
}
