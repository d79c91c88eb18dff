import type { ServicePort } from './workloads.ts';

/** How Istio tells what is spoken on a port of a Service: `appProtocol`, else the start of the name. */

export const NAMED_PROTOCOLS: readonly string[] = [
  'grpc',
  'grpc-web',
  'http',
  'http2',
  'https',
  'mongo',
  'mysql',
  'redis',
  'tcp',
  'tls',
  'udp',
];

/** `http` of `http-admin`; undefined when the name says none. */
export function protocolOfName(name: string | undefined): string | undefined {
  const lower = name?.toLowerCase() ?? '';
  // The longest first, since `grpc-web-x` also begins with `grpc-`.
  return [...NAMED_PROTOCOLS].reverse().find((protocol) => lower === protocol || lower.startsWith(`${protocol}-`));
}

/** What Istio reads from a port; undefined when it has to look at the traffic. */
export function protocolOf(port: ServicePort): string | undefined {
  if (port.protocol === 'UDP' || port.protocol === 'SCTP') return port.protocol.toLowerCase();
  return port.appProtocol === undefined ? protocolOfName(port.name) : appProtocolOf(port.appProtocol);
}

const KUBERNETES_PROTOCOLS = new Map([
  ['kubernetes.io/h2c', 'http2'],
  ['kubernetes.io/ws', 'http'],
  ['kubernetes.io/wss', 'https'],
  ['gateway.envoyproxy.io/h2c', 'http2'],
  ['istio.io/h2c', 'http2'],
]);

export function appProtocolOf(written: string): string | undefined {
  const lower = written.toLowerCase();
  return KUBERNETES_PROTOCOLS.get(lower) ?? NAMED_PROTOCOLS.find((protocol) => protocol === lower);
}
