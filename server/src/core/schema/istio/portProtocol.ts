import { asScalar, text } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { string } from '../define.ts';
import type { CheckFacts, Fix, Rule } from '../rule.ts';

/** The protocols of a port, by which Istio chooses the filters of a listener. Upper and lower case mean the same. */

const HTTP_PROTOCOLS = new Set(['HTTP', 'HTTP2', 'HTTP_PROXY', 'GRPC', 'GRPC-WEB']);
const TLS_PROTOCOLS = new Set(['HTTPS', 'TLS']);
const OTHER_PROTOCOLS = new Set(['TCP', 'UDP', 'MONGO', 'REDIS', 'MYSQL', 'HBONE', 'DOUBLEHBONE']);
const OFFERED_PROTOCOLS = {
  HTTP: 'Requests are read: routes, retries, L7 policies and request metrics apply.',
  HTTPS:
    'TLS with requests inside. Where the proxy terminates it, as at a gateway, they are read; where it is passed through, only the server name is.',
  HTTP2: 'Requests over HTTP/2, also without TLS; read like `HTTP`.',
  GRPC: 'gRPC calls over HTTP/2; read like `HTTP`, with gRPC statuses in the metrics.',
  'GRPC-WEB': 'gRPC calls from browsers, which the proxy translates to gRPC.',
  TLS: 'TLS of any content, of which the proxy sees the server name (SNI).',
  TCP: 'Connections of any content: only L4 policies and byte metrics apply.',
  MONGO: 'Connections to MongoDB; bytes, unless the filter for it is switched on in istiod.',
  MYSQL:
    'Connections to MySQL, where the server speaks first; bytes, unless the filter for it is switched on in istiod.',
  REDIS: 'Connections to Redis; bytes, unless the filter for it is switched on in istiod.',
};
const OFFERED = Object.keys(OFFERED_PROTOCOLS);

/** What proxies can see of a protocol: requests, the TLS handshake, or bytes. `unknown` is detected or refused. */
export type ProtocolClass = 'http' | 'tls' | 'tcp' | 'udp' | 'unknown';

export function protocolClass(protocol: string | undefined): ProtocolClass {
  const name = (protocol ?? '').toUpperCase();
  if (HTTP_PROTOCOLS.has(name)) return 'http';
  if (TLS_PROTOCOLS.has(name)) return 'tls';
  if (name === 'UDP') return 'udp';
  return OTHER_PROTOCOLS.has(name) ? 'tcp' : 'unknown';
}

const UNKNOWN_PROTOCOL: CheckFacts = {
  code: 'unknown-protocol',
  severity: 'error',
  what: 'A protocol that Istio does not know.',
  why: 'The protocol decides which filters a listener gets; the webhook of istiod refuses one that it cannot map.',
  todo: `Use one of ${OFFERED.join(', ')}.`,
  source: 'istio/istio pkg/config/validation/validation.go, ValidateProtocol and validateServerPort',
};

/** A known protocol; where detection is possible, an empty one means that the proxy finds out by itself. */
export function knownProtocol(options: { emptyAllowed?: boolean } = {}): Rule {
  return {
    facts: UNKNOWN_PROTOCOL,
    run(node, report) {
      const name = text(node);
      if (name === undefined || (name === '' && options.emptyAllowed) || protocolClass(name) !== 'unknown') return;
      const near = nearProtocol(name);
      const hint = near ? `did you mean \`${near}\`?` : `it is one of ${OFFERED.join(', ')}.`;
      report(node, `\`${name}\` is not a protocol that Istio knows; ${hint}`, {
        fixes: near ? renameFix(node, near) : [],
      });
    },
  };
}

/** What people write who think of another tool. */
const ALIASES = new Map([
  ['H2', 'HTTP2'],
  ['H2C', 'HTTP2'],
  ['HTTP11', 'HTTP'],
  ['SSL', 'TLS'],
  ['GRPCWEB', 'GRPC-WEB'],
  ['MONGODB', 'MONGO'],
]);

/** The protocol that a common other spelling means. */
function nearProtocol(name: string): string | undefined {
  const plain = name.toUpperCase().replaceAll(/[-_/. ]/g, '');
  return ALIASES.get(plain) ?? OFFERED.find((offered) => offered.replaceAll('-', '') === plain);
}

function renameFix(node: YamlNode, name: string): Fix[] {
  const scalar = asScalar(node);
  return scalar ? [{ title: `Change the protocol to ${name}`, safe: false, edits: [replaceScalar(scalar, name)] }] : [];
}

/** The protocol of a listener that must name one. */
export function protocol() {
  return string({ rules: [knownProtocol()], suggest: OFFERED_PROTOCOLS });
}

/** The protocol of a port whose traffic can also be recognized. */
export function detectableProtocol(facts: { max?: number } = {}) {
  return string({ max: facts.max, rules: [knownProtocol({ emptyAllowed: true })], suggest: OFFERED_PROTOCOLS });
}
