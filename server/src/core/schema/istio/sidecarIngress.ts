import { asMap, at, bool, has, items, num, text } from '../../yaml/access.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { TLS_ON_PLAIN_PORT, tlsProtocolFix } from './gatewayRules.ts';
import { isPort, PORT_NUMBER } from './port.ts';
import { isUnixSocket } from './portBind.ts';
import { protocolClass } from './portProtocol.ts';
import { isFilled } from './serverTlsRules.ts';

/** What istiod says about ingress listeners of a Sidecar: traffic towards the own workload. */

const WEBHOOK = 'istio/istio pkg/config/validation/validation.go, ValidateSidecar';

export const DUPLICATE_LISTENER: CheckFacts = {
  code: 'duplicate-sidecar-listener',
  severity: 'error',
  what: 'Two listeners of a Sidecar for the same port or socket.',
  why: 'Only one can be opened; the webhook of istiod refuses the resource.',
  todo: 'Merge them, or give one another port.',
  source: WEBHOOK,
};

export const uniqueIngressPorts: Rule = {
  facts: DUPLICATE_LISTENER,
  run(node, report) {
    const seen = new Set<number>();
    for (const listener of items(node)) {
      const value = num(listener, 'port', 'number');
      if (value === undefined || value === 0) continue;
      const where = at(listener, 'port', 'number') ?? listener;
      if (seen.has(value)) report(where, `Another ingress listener has port ${value} already.`);
      seen.add(value);
    }
  },
};

export const ingressHasPort: Rule = {
  facts: PORT_NUMBER,
  needsWhole: true,
  run(node, report) {
    const port = asMap(at(node, 'port'));
    if (!port || (has(port, 'number') && text(port, 'number') !== '0')) return;
    report(at(port, 'number') ?? fieldNode(node, 'port'), 'An ingress listener needs a port number from 1 to 65535.');
  },
};

const DEFAULT_ENDPOINT: CheckFacts = {
  code: 'sidecar-default-endpoint',
  severity: 'error',
  what: 'A `defaultEndpoint` that is not a port of the own workload or a Unix socket.',
  why: 'The listener can only forward to the pod it belongs to; the webhook of istiod refuses other addresses.',
  todo: 'Write `127.0.0.1:8080`, `[::1]:8080`, `0.0.0.0:8080` or `[::]:8080` (the address of the pod), or `unix:///path`.',
  source: WEBHOOK,
};

const ENDPOINT = /^(?:\[(?<ip6>[^\]]*)\]|(?<ip4>[^:[\]]*)):(?<port>[^:]*)$/;
const OWN_ADDRESSES = new Set(['', '127.0.0.1', '0.0.0.0', '::1', '::']);

function endpointProblem(endpoint: string): string | undefined {
  const parts = ENDPOINT.exec(endpoint)?.groups;
  if (!parts) return 'it must be `address:port`, with an IPv6 address in brackets';
  const address = parts.ip6 ?? parts.ip4 ?? '';
  if (!OWN_ADDRESSES.has(address))
    return 'only the own workload can be reached: `127.0.0.1`, `0.0.0.0`, `[::1]` or `[::]`';
  const port = parts.port ?? '';
  return /^\+?\d+$/.test(port) && isPort(Number(port)) ? undefined : `\`${port}\` is not a port from 1 to 65535`;
}

export const ownEndpoint: Rule = {
  facts: DEFAULT_ENDPOINT,
  run(node, report) {
    const endpoint = text(node);
    if (endpoint === undefined || endpoint === '' || isUnixSocket(endpoint)) return;
    const problem = endpointProblem(endpoint);
    if (problem) report(node, `\`${endpoint}\` cannot be the default endpoint: ${problem}.`);
  },
};

const INGRESS_TLS: CheckFacts = {
  code: 'sidecar-tls-not-supported',
  severity: 'error',
  what: 'TLS options on an ingress listener of a Sidecar that only gateways have.',
  why: 'Sidecars read certificates from files of the pod and end TLS themselves; the webhook of istiod refuses the rest.',
  todo: 'Use mode `SIMPLE` or `MUTUAL` with `serverCertificate` and `privateKey` as files; leave mutual TLS inside the mesh to PeerAuthentication.',
  source: WEBHOOK,
};

const GATEWAY_ONLY = ['subjectAltNames', 'credentialName', 'credentialNames', 'tlsCertificates'];

export const supportedTls: Rule = {
  facts: INGRESS_TLS,
  run(node, report) {
    const tls = asMap(at(node, 'tls'));
    if (!tls) return;
    for (const name of GATEWAY_ONLY) {
      if (isFilled(tls, name))
        report(
          fieldNode(tls, name),
          `\`${name}\` is not supported on a Sidecar; only certificates in files of the pod are.`,
        );
    }
    if (bool(tls, 'httpsRedirect') === true)
      report(fieldNode(tls, 'httpsRedirect'), '`httpsRedirect` is not supported on a Sidecar.');
    const mode = text(tls, 'mode');
    if (mode === 'ISTIO_MUTUAL' || mode === 'AUTO_PASSTHROUGH') {
      report(fieldNode(tls, 'mode'), `Mode \`${mode}\` is not supported on a Sidecar; use \`SIMPLE\` or \`MUTUAL\`.`);
    }
  },
};

export const tlsNeedsTlsPort: Rule = {
  facts: TLS_ON_PLAIN_PORT,
  needsWhole: true,
  run(node, report) {
    const tls = at(node, 'tls');
    if (!asMap(tls) || tls === undefined || !asMap(at(node, 'port'))) return;
    const protocol = has(at(node, 'port'), 'protocol') ? text(node, 'port', 'protocol') : '';
    if (protocol === undefined || protocolClass(protocol) === 'tls') return;
    const what = protocol === '' ? 'a port without a protocol' : `a port with protocol \`${protocol}\``;
    report(tls, `\`tls\` has no effect on ${what}, and istiod refuses it; set the protocol to \`HTTPS\` or \`TLS\`.`, {
      fixes: tlsProtocolFix(node),
    });
  },
};

const HTTP_POOL: CheckFacts = {
  code: 'http-pool-on-tcp-port',
  severity: 'warning',
  what: 'HTTP limits of a connection pool on a port that does not speak HTTP.',
  why: 'The proxy sees only bytes there, so nothing of `http` applies.',
  todo: 'Set the protocol of the port to HTTP, HTTP2 or GRPC if that is what is spoken; else use `tcp`.',
  source: WEBHOOK,
};

export const httpPoolNeedsHttp: Rule = {
  facts: HTTP_POOL,
  needsWhole: true,
  run(node, report) {
    const http = at(node, 'connectionPool', 'http');
    const port = asMap(at(node, 'port'));
    if (http === undefined || port === undefined) return;
    const protocol = has(port, 'protocol') ? text(port, 'protocol') : '';
    if (protocol === undefined || protocolClass(protocol) === 'http') return;
    const what = protocol === '' ? 'has no protocol' : `has protocol \`${protocol}\``;
    report(http, `\`http\` limits do not apply: the port ${what}, so only \`tcp\` counts.`);
  },
};
