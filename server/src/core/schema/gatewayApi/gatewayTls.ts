import { choice, field, fragment, list, object, required } from '../define.ts';
import { clientAuthorityReference, secretReference } from './certificates.ts';
import { portNumber } from './names.ts';

/** TLS settings of a whole Gateway: client certificates towards it, and its own towards backends. */

const clientValidation = fragment(() =>
  object({
    validation: field(
      object({
        caCertificateRefs: required(
          list(clientAuthorityReference(), { min: 1, max: 16 }),
          'Authorities of which one must have signed the certificate of a client.',
        ),
        mode: field(
          choice({
            AllowValidOnly: 'A client without a valid certificate cannot connect.',
            AllowInsecureFallback:
              'Such a client may connect all the same, and something behind must look at its identity. Clients are then **not** authenticated by the gateway.',
          }),
          'What happens to clients without a valid certificate.',
          { default: 'AllowValidOnly' },
        ),
      }),
      'Demands certificates from clients (mutual TLS with callers from outside). Without it none is asked for.',
    ),
  }),
);

export const gatewayTls = fragment(() =>
  object({
    frontend: field(
      object({
        default: required(
          clientValidation(),
          'Client certificates at HTTPS listeners whose port `perPort` does not name.',
        ),
        perPort: field(
          list(
            object({
              port: required(portNumber(), 'Listener port that these settings are about.'),
              tls: required(clientValidation(), 'Client certificates at this port, instead of the default.'),
            }),
            { max: 64, mapKeys: ['port'] },
          ),
          'Exceptions from `default` for single ports, each port once.',
        ),
      }),
      'Client certificates that listeners ask callers from outside for. They are not the certificates of the mesh.',
    ),
    backend: field(
      object({
        clientCertificateRef: field(
          secretReference(),
          'Certificate that the gateway shows to backends which ask for one, where a BackendTLSPolicy has it speak TLS.',
        ),
      }),
      'How the gateway identifies itself to backends beyond the mesh.',
    ),
  }),
);
