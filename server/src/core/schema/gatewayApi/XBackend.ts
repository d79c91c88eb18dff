import { has, text } from '../../yaml/access.ts';
import { choice, field, object, required, string } from '../define.ts';
import { kind } from '../kind.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode, neededWhen, onlyWhen } from '../rules.ts';
import { backendValidation, secretReference } from './certificates.ts';
import { crdRule, portNumber, preciseHostname } from './names.ts';

const CLIENT_CERTIFICATE: CheckFacts = {
  code: 'backend-client-certificate',
  severity: 'error',
  what: '`clientCertificateRef` does not agree with the TLS mode of the backend.',
  why: 'A client certificate is sent in mode `ClientAndServer` and in no other; the API server refuses the resource.',
  todo: 'Set `clientCertificateRef` together with `mode: ClientAndServer`, or neither.',
  peers: ['CRD-CEL', crdRule('clientcertificateref-must-be-set-if-and-only-if-mode-is-clientandserver')],
  source: 'Gateway API experimental CRDs, CEL rule on XBackend .spec.tls',
};

const EXTERNAL_HOSTNAME: CheckFacts = {
  code: 'backend-needs-external-hostname',
  severity: 'error',
  what: 'A backend of type `ExternalHostname` without `externalHostname`.',
  why: 'There is no destination then; the API server refuses the resource.',
  todo: 'Add `externalHostname.hostname` with the name of the external service.',
  peers: ['CRD-CEL', crdRule('externalhostname-must-be-set-when-type-is-externalhostname-and-must-be-unset')],
  source: 'Gateway API experimental CRDs, CEL rule on XBackend .spec',
};

const INTERNAL_HOSTNAME: CheckFacts = {
  code: 'external-hostname-is-internal',
  severity: 'error',
  what: 'An external backend with a host name of the cluster.',
  why: 'Names that end with `.cluster.local` are Services, which routes refer to directly; the API server refuses the resource.',
  todo: 'Name the Service in `backendRefs` of the route, or write the external name here.',
  peers: ['CRD-CEL', crdRule('hostname-must-not-be-an-ip-address-or-end-with-cluster-local')],
  source: 'Gateway API experimental CRDs, CEL rule on XBackend .spec.externalHostname.hostname',
};

const notInCluster: Rule = {
  facts: INTERNAL_HOSTNAME,
  run(node, report) {
    const host = text(node);
    if (host?.endsWith('.cluster.local'))
      report(node, `\`${host}\` is a name of the cluster; refer to the Service itself in the route's \`backendRefs\`.`);
  },
};

const PORT_NAME: CheckFacts = {
  code: 'backend-port-name-invalid',
  severity: 'error',
  what: "The name of a backend's port is not a DNS label.",
  why: 'The API server refuses the resource.',
  todo: 'Write lower-case letters, digits and dashes, beginning and ending with a letter or digit.',
  peers: ['CRD-CEL', crdRule('name-must-be-a-valid-dns-label')],
  source: 'Gateway API experimental CRDs, CEL rule on XBackend .spec.port.name',
};

const dnsLabel: Rule = {
  facts: PORT_NAME,
  run(node, report) {
    const name = text(node);
    if (name === undefined || name === '' || /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(name)) return;
    report(
      node,
      `\`${name}\` is not a DNS label: lower-case letters, digits and dashes, beginning and ending with a letter or digit.`,
    );
  },
};

const oneType: Rule = {
  facts: EXTERNAL_HOSTNAME,
  needsWhole: true,
  run(node, report) {
    if (text(node, 'type') === 'ExternalHostname' && !has(node, 'externalHostname')) {
      report(fieldNode(node, 'type'), 'A backend of type `ExternalHostname` needs `externalHostname`.');
    }
  },
};

function backendTls() {
  return object(
    {
      mode: required(
        choice({
          None: 'The backend is called in plain text.',
          ServerOnly: 'The backend shows a certificate, which is checked as `validation` says.',
          ClientAndServer: 'Mutual TLS: the gateway shows the certificate of `clientCertificateRef` too.',
        }),
        'Whether TLS is spoken to the backend, and who shows a certificate.',
      ),
      clientCertificateRef: field(
        secretReference(),
        'Certificate that the gateway shows to the backend, for mode `ClientAndServer`.',
      ),
      validation: field(backendValidation(), 'How the certificate of the backend is checked.'),
    },
    {
      rules: [
        neededWhen('clientCertificateRef', 'mode', 'ClientAndServer', { facts: CLIENT_CERTIFICATE }),
        onlyWhen('clientCertificateRef', 'mode', 'ClientAndServer', { facts: CLIENT_CERTIFICATE }),
      ],
    },
  );
}

export const xBackend = kind({
  project: 'gateway-api',
  group: 'gateway.networking.x-k8s.io',
  kind: 'XBackend',
  plural: 'xbackends',
  shortNames: ['xbackend'],
  scope: 'Namespaced',
  doc: "An experiment of the Gateway API: a destination outside the cluster that routes can name in `backendRefs`, with the TLS settings to call it. Istio's ServiceEntry and Linkerd's EgressNetwork do similar things and are stable. Expect incompatible changes; few implementations have it.",
  reference: 'https://gateway-api.sigs.k8s.io/reference/spec/#xbackend',
  readBy: ['gateway'],
  channel: 'experimental',
  since: '1.6',
  versions: { v1alpha1: { served: true, storage: true } },
  specRequired: true,
  spec: () =>
    object(
      {
        type: required(
          choice({ ExternalHostname: 'A host outside the cluster, found through DNS.' }),
          'What sort of destination this is.',
        ),
        externalHostname: field(
          object({
            hostname: required(
              preciseHostname([notInCluster]),
              'DNS name of the external service, without a wildcard.',
            ),
          }),
          'Where requests go, when the type says that it is a host found through DNS.',
        ),
        port: required(
          object({
            port: required(portNumber(), 'TCP port at which the destination is called.'),
            name: field(string({ max: 63, rules: [dnsLabel] }), 'Name by which policies choose the port.'),
          }),
          'The port at which the destination is called.',
        ),
        protocol: field(
          choice({
            TCP: 'Bytes that are forwarded as they come.',
            HTTP: 'HTTP in any version that both sides have.',
            HTTP2: 'HTTP/2, negotiated with TLS.',
            HTTP11: 'Only HTTP/1.1, never a newer version, even where the destination offers one.',
            H2C: 'HTTP/2 without TLS, known beforehand (usual for gRPC in plain text).',
            MCP: 'The Model Context Protocol over HTTP.',
          }),
          'What is spoken to the destination. Told from the route when absent.',
        ),
        tls: field(backendTls(), 'Whether and how TLS is spoken to the destination.'),
      },
      { rules: [oneType] },
    ),
});
