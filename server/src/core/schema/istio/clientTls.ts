import { bool, choice, field, fragment, list, object, string } from '../define.ts';
import { clientTlsRules, ownConfigMap } from './clientTlsRules.ts';

/** `tls` of a traffic policy: how the client's proxy encrypts what it sends to a host. */

export const clientTls = fragment(() =>
  object(
    {
      mode: field(
        choice({
          DISABLE: 'Plain text. Towards a workload that only accepts mutual TLS, every connection is refused.',
          SIMPLE: 'TLS where only the server shows a certificate: the usual way to hosts outside the mesh.',
          MUTUAL: 'TLS where both sides show certificates, from files or a Secret that you provide.',
          ISTIO_MUTUAL:
            'Mutual TLS with the certificates that the mesh gives its workloads. Rarely needed: Istio uses it by itself wherever the other side can. A waypoint ignores it towards hosts outside the mesh.',
        }),
        'What the client side does. Setting anything switches automatic mutual TLS off for the host.',
        { default: 'DISABLE' },
      ),
      clientCertificate: field(
        string(),
        'With `MUTUAL`: the path, in the container of the proxy, of the certificate that the client shows.',
      ),
      privateKey: field(string(), 'With `MUTUAL`: the path of the key that belongs to `clientCertificate`.'),
      caCertificates: field(
        string(),
        'The path of the CA certificates that the server is verified by; `system` stands for those of the operating system.',
      ),
      credentialName: field(
        string({ rules: [ownConfigMap] }),
        'A Secret with the certificates, read without a restart when it changes. It must be in the namespace of the proxy, which is a gateway, or a sidecar that `workloadSelector` chooses; other sidecars ignore it.',
      ),
      subjectAltNames: field(
        list(string()),
        'Names of which the certificate of the server must carry one. Without them any certificate of the CA is good.',
      ),
      sni: field(
        string(),
        'The name that the client asks for in the handshake. With `ISTIO_MUTUAL` the mesh uses a name of its own.',
        {
          default: 'the host of the request',
        },
      ),
      insecureSkipVerify: field(
        bool(),
        'Takes any certificate of the server. Whoever stands between can then read and change everything.',
        { default: false },
      ),
      caCrl: field(string(), 'The path of a list of revoked certificates.', { since: '1.22' }),
    },
    { rules: clientTlsRules },
  ),
);
