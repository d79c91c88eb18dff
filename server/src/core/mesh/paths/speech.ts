import type { Located } from '../../model/located.ts';
import { protocolOf } from '../../model/protocols.ts';
import type { ServicePort } from '../../model/workloads.ts';
import { items, num, text } from '../../yaml/access.ts';
import type { Section } from '../routing/request.ts';
import { type Ends, nameOf } from './ends.ts';

/** What Istio's Envoys read of the traffic on a port: requests, the name in a TLS handshake, or nothing but bytes. */

export interface Speech {
  readonly as: Section;
  /** What the answer takes for granted where no file says the protocol, so that Envoy looks into the traffic. */
  readonly assume: string | undefined;
}

const HTTP: ReadonlySet<string> = new Set(['http', 'http2', 'grpc', 'grpc-web']);
const TLS: ReadonlySet<string> = new Set(['https', 'tls']);

/** Ports whose servers speak first or never HTTP: Istio takes them for TCP when they say nothing. */
const KNOWN_TCP: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

/** Undefined where bytes are sent to a port for requests, of which no route says anything. */
export function speechOf({ destination, http }: Ends): Speech | undefined {
  const seen: Section = http ? 'http' : 'tcp';
  switch (destination.kind) {
    case 'service': {
      const { service, port } = destination;
      return spoken(declaredBy(port), seen, `Port ${port.port} of Service ${nameOf(service)}`);
    }
    case 'entry': {
      const { entry, port } = destination;
      return spoken(declaredByEntry(entry, port), seen, `Port ${port} of ServiceEntry ${nameOf(entry)}`);
    }
    default:
      return { as: seen, assume: undefined };
  }
}

function spoken(protocol: string | undefined, seen: Section, what: string): Speech | undefined {
  if (protocol === undefined) {
    const taken = seen === 'http' ? 'HTTP' : 'TCP';
    return { as: seen, assume: `${what} names no protocol, so that proxies look into the traffic: taken as ${taken}.` };
  }
  if (HTTP.has(protocol)) return seen === 'http' ? { as: 'http', assume: undefined } : undefined;
  return { as: TLS.has(protocol) ? 'tls' : 'tcp', assume: undefined };
}

function declaredBy(port: ServicePort): string | undefined {
  return protocolOf(port) ?? (KNOWN_TCP.has(port.port) ? 'tcp' : undefined);
}

/** The protocol of a port of a ServiceEntry is always written; the port that is not there could be any. */
function declaredByEntry(entry: Located, port: number): string | undefined {
  const written = items(entry.root, 'spec', 'ports').find((candidate) => num(candidate, 'number') === port);
  return text(written, 'protocol')?.toLowerCase();
}

/** Whether an Envoy reads requests: there are some, and the port does not say that it speaks something else. */
export function readsRequests(ends: Ends): boolean {
  return speechOf(ends)?.as === 'http';
}

/** A port that says nothing is looked into, and what is sent to it here is HTTP. */
export function isHttpPort(port: ServicePort): boolean {
  const protocol = declaredBy(port);
  return protocol === undefined || HTTP.has(protocol);
}
