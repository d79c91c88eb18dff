import { asScalar, at, has, isTemplated, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode, listOf } from '../rules.ts';
import { oldVersionNeedsCiphers } from './serverTlsCiphers.ts';

/** Which parts of a listener's TLS go together, by mode. An absent mode is `PASSTHROUGH`. */

const CERTIFICATE_FIELDS = [
  'serverCertificate',
  'privateKey',
  'caCertificates',
  'tlsCertificates',
  'credentialName',
  'credentialNames',
];
const TERMINATING = new Set(['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL']);
const DEFAULT_MODE = 'PASSTHROUGH';

/** The mode in effect; undefined when a template decides it. */
export function tlsMode(tls: YamlNode): string | undefined {
  return has(tls, 'mode') ? text(tls, 'mode') : DEFAULT_MODE;
}

/** True when a field is set to something: istiod takes empty texts and lists as absent. */
export function isFilled(node: YamlNode, name: string): boolean {
  const value = at(node, name);
  if (value === undefined) return false;
  if (isTemplated(value)) return true;
  return asScalar(value) ? text(value) !== '' : items(value).length > 0;
}

function filled(node: YamlNode, names: readonly string[]): string[] {
  return names.filter((name) => isFilled(node, name));
}

const ISTIO_MUTUAL_CERTIFICATES: CheckFacts = {
  code: 'istio-mutual-with-certificates',
  severity: 'error',
  what: 'Certificates beside mode `ISTIO_MUTUAL`.',
  why: 'The mode uses the certificates that Istio issues, so others could never be presented; the webhook of istiod refuses the resource.',
  todo: 'Remove the certificates, or use mode `MUTUAL` with them.',
  source: 'istio/istio pkg/config/validation/validation.go, validateTLSOptions',
};

const istioMutualHasNoCertificates: Rule = {
  facts: ISTIO_MUTUAL_CERTIFICATES,
  run(node, report) {
    if (tlsMode(node) !== 'ISTIO_MUTUAL') return;
    for (const name of filled(node, CERTIFICATE_FIELDS)) {
      report(
        fieldNode(node, name),
        `\`${name}\` cannot be used with \`ISTIO_MUTUAL\`, which takes the certificates that Istio issues.`,
      );
    }
  },
};

const IGNORED_CERTIFICATES: CheckFacts = {
  code: 'passthrough-ignores-certificates',
  severity: 'warning',
  what: 'Certificates beside a mode that passes TLS through, often because `mode` was forgotten.',
  why: 'The connection is handed on encrypted; the certificates are never presented, and HTTP routes on the port never match.',
  todo: 'Set `mode: SIMPLE` or `MUTUAL` to end TLS at the listener, or remove the certificates.',
  source: 'istio/istio pkg/config/validation/validation.go, validateTLSOptions',
};

const passthroughIgnoresCertificates: Rule = {
  facts: IGNORED_CERTIFICATES,
  needsWhole: true,
  run(node, report) {
    const mode = tlsMode(node);
    if (mode !== 'PASSTHROUGH' && mode !== 'AUTO_PASSTHROUGH') return;
    const [first] = filled(node, [...CERTIFICATE_FIELDS, 'caCrl']);
    if (first === undefined) return;
    const why = has(node, 'mode') ? `with \`${mode}\`` : 'without `mode`, which then is `PASSTHROUGH`,';
    report(
      fieldNode(node, first),
      `\`${first}\` is ignored: ${why} TLS is not ended here. Set \`mode: SIMPLE\` to use it.`,
    );
  },
};

const SEVERAL_SOURCES: CheckFacts = {
  code: 'several-certificate-sources',
  severity: 'error',
  what: 'The server certificate comes from several places at once.',
  why: 'It would be unclear which certificate clients get; the API server or the webhook of istiod refuses the resource.',
  todo: 'Keep one: `credentialName`, `credentialNames`, `tlsCertificates`, or `serverCertificate` with `privateKey`.',
  peers: ['CRD-CEL'],
  source: 'istio/istio pkg/config/validation/validation.go, validateTLSOptions; istio/api CRDs, CEL rules on tls',
};

const oneCertificateSource: Rule = {
  facts: SEVERAL_SOURCES,
  run(node, report) {
    if (tlsMode(node) === 'ISTIO_MUTUAL') return;
    const sources = filled(node, ['credentialName', 'credentialNames', 'tlsCertificates']);
    if (isFilled(node, 'serverCertificate') && isFilled(node, 'privateKey')) sources.push('serverCertificate');
    const [first, ...others] = sources;
    for (const name of others) {
      report(
        fieldNode(node, name),
        `The certificate comes from \`${first}\` already; keep one of ${listOf(sources, 'or')}.`,
      );
    }
  },
};

const MISSING_CERTIFICATE: CheckFacts = {
  code: 'server-certificate-missing',
  severity: 'error',
  what: 'A listener ends TLS, and its certificate, its key or the CA for client certificates is missing.',
  why: 'The listener could not complete a handshake; the webhook of istiod refuses the resource.',
  todo: 'Name a Secret in `credentialName`, or set the paths `serverCertificate` and `privateKey`, for mutual TLS also `caCertificates`.',
  source: 'istio/istio pkg/config/validation/validation.go, validateTLSOptions',
};

const certificatesComplete: Rule = {
  facts: MISSING_CERTIFICATE,
  needsWhole: true,
  run(node, report) {
    const mode = tlsMode(node);
    if (mode === undefined || !TERMINATING.has(mode)) return;
    if (isFilled(node, 'credentialName') || isFilled(node, 'credentialNames')) return;
    const where = at(node, 'mode') ?? node;
    if (mode !== 'SIMPLE' && !isFilled(node, 'caCertificates')) {
      report(
        where,
        `\`${mode}\` needs \`caCertificates\` to check client certificates, or a Secret in \`credentialName\`.`,
      );
    }
    const pairs = items(node, 'tlsCertificates');
    for (const pair of pairs.length > 0 ? pairs : [node]) {
      const missing = ['serverCertificate', 'privateKey'].filter((name) => !isFilled(pair, name));
      if (missing.length === 0) continue;
      const secret = pair === node ? ', or a Secret in `credentialName`' : '';
      report(pair === node ? where : pair, `\`${mode}\` needs ${listOf(missing)}${secret}.`);
    }
  },
};

const UNSUPPORTED_CRL: CheckFacts = {
  code: 'crl-not-supported',
  severity: 'error',
  what: 'A revocation list where it cannot be used: no client certificate is checked, or the certificates are in a Secret.',
  why: '`SIMPLE` asks clients for no certificate, so nothing could be revoked; the webhook of istiod refuses the resource.',
  todo: 'Remove `caCrl` or use mode `MUTUAL`; with a Secret, put the list into its key `ca.crl`.',
  source: 'istio/istio pkg/config/validation/validation.go, validateTLSOptions',
};

const crlNeedsClientCertificates: Rule = {
  facts: UNSUPPORTED_CRL,
  run(node, report) {
    const mode = tlsMode(node);
    if (mode === undefined || mode === 'ISTIO_MUTUAL' || !isFilled(node, 'caCrl')) return;
    const fromSecret = isFilled(node, 'credentialName') || isFilled(node, 'credentialNames');
    // A listener that ends TLS with a Secret takes the list from there, and istiod does not look at this field.
    if (TERMINATING.has(mode) && fromSecret) return;
    if (mode === 'SIMPLE') {
      report(
        fieldNode(node, 'caCrl'),
        '`caCrl` needs mode `MUTUAL` or `OPTIONAL_MUTUAL`: `SIMPLE` asks for no client certificate.',
      );
    } else if (isFilled(node, 'credentialName')) {
      report(
        fieldNode(node, 'caCrl'),
        '`caCrl` cannot stand beside `credentialName`; put the list into key `ca.crl` of the Secret.',
      );
    }
  },
};

export const serverTlsRules: readonly Rule[] = [
  oldVersionNeedsCiphers,
  istioMutualHasNoCertificates,
  passthroughIgnoresCertificates,
  oneCertificateSource,
  certificatesComplete,
  crlNeedsClientCertificates,
];
