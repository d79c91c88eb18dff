import { asScalar, has, items, text } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode, textsOf } from '../rules.ts';

/** Cipher suites of a listener, which Istio filters in silence before Envoy sees them. */

/** What BoringSSL, the TLS library of Envoy, can be configured with for TLS up to 1.2. */
const SUITES = new Set([
  ...['128', '256'].flatMap((bits) => ['ECDHE-ECDSA-', 'ECDHE-RSA-', ''].map((key) => `${key}AES${bits}-SHA`)),
  ...['ECDHE-ECDSA-', 'ECDHE-RSA-', ''].flatMap((key) => [`${key}AES128-GCM-SHA256`, `${key}AES256-GCM-SHA384`]),
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'DES-CBC3-SHA',
]);

const TLS13_SUITE = /^TLS_(?:AES|CHACHA20)_/;

const UNKNOWN_CIPHER: CheckFacts = {
  code: 'unknown-cipher-suite',
  severity: 'warning',
  what: 'A cipher suite that the proxy cannot use.',
  why: 'istiod leaves it out without an error, so the list is shorter than it looks; an emptied list means the default suites.',
  todo: 'Use the OpenSSL name of a suite for TLS up to 1.2, such as `ECDHE-RSA-AES128-GCM-SHA256`. Suites of TLS 1.3 cannot be chosen.',
  source: 'istio/istio pkg/config/security/security.go, ValidCipherSuites',
};

/** The OpenSSL name of a suite that is written with its IANA name or with underscores. */
function openSslName(name: string): string | undefined {
  const converted = name
    .toUpperCase()
    .replace(/^TLS_/, '')
    .replace('_WITH_', '_')
    .replace(/AES_(128|256)/, 'AES$1')
    .replace('_CBC', '')
    .replace('POLY1305_SHA256', 'POLY1305')
    .replaceAll('_', '-')
    .replace(/^RSA-/, '');
  return SUITES.has(converted) ? converted : undefined;
}

function isKnownSuite(name: string): boolean {
  // Expressions such as `[A|B]` or `-ALL` are passed on as they are.
  return name === '' || name === 'ALL' || !/^[\p{L}\p{N}]/u.test(name) || SUITES.has(name);
}

export const cipherSuite: Rule = {
  facts: UNKNOWN_CIPHER,
  run(node, report) {
    const name = text(node);
    if (name === undefined || isKnownSuite(name)) return;
    const scalar = asScalar(node);
    const meant = TLS13_SUITE.test(name) ? undefined : openSslName(name);
    if (scalar && meant) {
      const fixes = [{ title: `Change to ${meant}`, safe: false, edits: [replaceScalar(scalar, meant)] }];
      report(
        node,
        `\`${name}\` is left out of the list: names are those of OpenSSL, and this suite is \`${meant}\` there.`,
        { fixes },
      );
      return;
    }
    const reason = TLS13_SUITE.test(name)
      ? 'suites of TLS 1.3 are always on and cannot be chosen'
      : 'the proxy does not know it (names are those of OpenSSL, such as `ECDHE-RSA-AES128-GCM-SHA256`)';
    report(node, `\`${name}\` is left out of the list: ${reason}.`);
  },
};

const DUPLICATE_CIPHER: CheckFacts = {
  code: 'duplicate-cipher-suite',
  severity: 'warning',
  what: 'The same cipher suite twice in one list.',
  why: 'The later one is dropped; the order of preference may not be the intended one.',
  todo: 'Keep the one at the place that it should have.',
  source: 'istio/istio pkg/config/validation/validation.go, validateTLSOptions',
};

export const cipherSuites: Rule = {
  facts: DUPLICATE_CIPHER,
  run(node, report) {
    const seen = new Set<string>();
    for (const { text: name, node: item } of textsOf(node)) {
      if (seen.has(name) && SUITES.has(name)) report(item, `\`${name}\` is in the list already; this one is dropped.`);
      seen.add(name);
    }
  },
};

const OLD_VERSION: CheckFacts = {
  code: 'tls-version-needs-ciphers',
  severity: 'warning',
  what: 'TLS below 1.2 is allowed, without cipher suites that it could use.',
  why: 'The default suites of the proxy are for TLS 1.2 and newer, so clients with the old version still cannot connect.',
  todo: 'List suites in `cipherSuites` that old clients know, such as `ECDHE-RSA-AES128-SHA`; better, require `TLSV1_2`.',
  source: 'istio/istio pkg/config/validation/validation.go, validateTLSOptions',
};

export const oldVersionNeedsCiphers: Rule = {
  facts: OLD_VERSION,
  needsWhole: true,
  run(node, report) {
    const version = text(node, 'minProtocolVersion');
    if (version !== 'TLSV1_0' && version !== 'TLSV1_1') return;
    if (has(node, 'cipherSuites') && items(node, 'cipherSuites').length > 0) return;
    report(
      fieldNode(node, 'minProtocolVersion'),
      `\`${version}\` needs \`cipherSuites\`: none of the default suites works with a version below TLS 1.2.`,
    );
  },
};
