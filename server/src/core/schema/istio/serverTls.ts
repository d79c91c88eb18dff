import { bool, choice, field, fragment, list, object, string } from '../define.ts';
import { cipherSuite, cipherSuites } from './serverTlsCiphers.ts';
import { serverTlsRules } from './serverTlsRules.ts';

/** TLS of a listener that Istio configures: servers of a Gateway and ingress listeners of a Sidecar. */

const mode = fragment(() =>
  choice({
    PASSTHROUGH:
      'TLS is not ended here: the connection is routed by its SNI to a TLSRoute or a `tls` route of a VirtualService, and the workload presents the certificate. Certificates set beside it are ignored.',
    SIMPLE: 'The listener presents a server certificate; clients need none.',
    MUTUAL:
      'The listener presents a server certificate and demands one from the client, checked against the CA certificates.',
    AUTO_PASSTHROUGH:
      'Like `PASSTHROUGH`, but the SNI itself names service, subset and port, and no VirtualService is needed. Used by east-west gateways between clusters, whose clients must already speak Istio mutual TLS.',
    ISTIO_MUTUAL:
      'Mutual TLS with the certificates that Istio issues to workloads. For clients inside the mesh only; no certificate may be set beside it.',
    OPTIONAL_MUTUAL:
      'Like `MUTUAL`, but a client without a certificate is let in too. A certificate that is presented must be valid; what an absent one means is left to authorization policies.',
  }),
);

const version = fragment(() =>
  choice({
    TLS_AUTO: 'The version is left to the proxy: TLS 1.2 as the lowest, TLS 1.3 as the highest for servers.',
    TLSV1_0: 'TLS 1.0, withdrawn by RFC 8996. Needs `cipherSuites` that it can use.',
    TLSV1_1: 'TLS 1.1, withdrawn by RFC 8996. Needs `cipherSuites` that it can use.',
    TLSV1_2: 'TLS 1.2, which practically every client can speak.',
    TLSV1_3: 'TLS 1.3, the newest. Its cipher suites are fixed and `cipherSuites` does not change them.',
  }),
);

const certificate = fragment(() =>
  object({
    serverCertificate: field(
      string(),
      'Path, in the file system of the proxy, of the certificate chain to present (PEM). Needed unless a Secret is named.',
    ),
    privateKey: field(
      string(),
      'Path, in the file system of the proxy, of the key that belongs to the certificate (PEM).',
    ),
    caCertificates: field(
      string(),
      'Path of CA certificates for this pair. It does not replace `caCertificates` beside the list, which mutual TLS requires.',
    ),
  }),
);

/** Client certificates: whom mutual TLS lets in. */
function clientFields() {
  return {
    caCertificates: field(
      string(),
      'Path, in the file system of the proxy, of the CA certificates that client certificates are checked against (PEM). `MUTUAL` and `OPTIONAL_MUTUAL` need it, unless a Secret holds them.',
    ),
    caCrl: field(
      string(),
      'Path of the list of revoked client certificates (PEM). Without one nothing is checked for revocation. Not for `SIMPLE`; with a Secret the list belongs into its key `ca.crl`.',
      { since: '1.22' },
    ),
    caCertCredentialName: field(
      string(),
      'Secret or ConfigMap with the CA certificates for clients, in key `ca.crt`, when they are kept apart from the server certificate. Wins over CA certificates in `credentialName`.',
      { since: '1.28' },
    ),
    subjectAltNames: field(
      list(string()),
      'Client certificates are accepted only with one of these subject alternative names. All certificates of the CA are accepted when the list is empty.',
    ),
    verifyCertificateSpki: field(
      list(string()),
      'Pins clients to public keys: base64 of the SHA-256 of the SPKI. With `verifyCertificateHash` set too, a match in either list is enough.',
    ),
    verifyCertificateHash: field(
      list(string()),
      'Pins clients to certificates: SHA-256 in hex, with or without colons. A renewed certificate has another hash.',
    ),
    insecureSkipVerify: field(
      bool(),
      'Client certificates are checked, but a connection is let in even when the check fails. For debugging: identities from such certificates prove nothing.',
      { since: '1.31', default: false },
    ),
  };
}

/** Where the server certificate comes from: exactly one of these sources. */
function certificateFields() {
  return {
    credentialName: field(
      string(),
      'Kubernetes Secret with the server certificate and key (`tls.crt`, `tls.key`), for mutual TLS also `ca.crt`. It is read from the namespace of the **gateway pods**, not of this resource. Needs mode `SIMPLE`, `MUTUAL` or `OPTIONAL_MUTUAL`.',
    ),
    credentialNames: field(
      list(string(), { min: 1, max: 2 }),
      'Like `credentialName`, for serving an RSA and an ECDSA certificate side by side; each client gets the one that it can use.',
      { since: '1.26' },
    ),
    serverCertificate: field(
      string(),
      'Path, in the file system of the proxy, of the certificate chain to present (PEM), when it is mounted as a file and not read from a Secret.',
    ),
    privateKey: field(
      string(),
      'Path, in the file system of the proxy, of the key that belongs to `serverCertificate` (PEM).',
    ),
    tlsCertificates: field(
      list(certificate(), { min: 1, max: 2 }),
      'Certificates mounted as files, for serving an RSA and an ECDSA certificate side by side.',
      { since: '1.26' },
    ),
  };
}

export const serverTls = fragment(() =>
  object(
    {
      mode: field(
        mode(),
        'How the listener treats TLS. **When absent, TLS is passed through**, whatever certificates are set beside it.',
        { default: 'PASSTHROUGH' },
      ),
      ...certificateFields(),
      ...clientFields(),
      minProtocolVersion: field(version(), 'The lowest TLS version that a client may speak.', { default: 'TLSV1_2' }),
      maxProtocolVersion: field(version(), 'The highest TLS version that the listener agrees to.', {
        default: 'TLSV1_3',
      }),
      cipherSuites: field(
        list(string({ rules: [cipherSuite] }), { rules: [cipherSuites] }),
        'The cipher suites for TLS up to 1.2, best first, by their OpenSSL names. Unknown ones are left out without an error; when none is left, the default of the proxy is used.',
      ),
      httpsRedirect: field(
        bool(),
        'Answers every plain HTTP request with a 301 redirect to `https://`. Belongs on the server of the **plain** HTTP port; there, it is the only TLS option allowed.',
        { default: false, l7: true },
      ),
    },
    { rules: serverTlsRules },
  ),
);
