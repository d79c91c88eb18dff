import type { NodeId } from './vocabulary.ts';

/** Who routes, which decides what routes it reads and what of them it understands. */
export interface Router {
  readonly node: NodeId;
  readonly reader: 'sidecar' | 'waypoint' | 'gateway' | 'linkerd-outbound' | 'cilium-envoy';
  /** The namespace of the client that the proxy works for; of the waypoint or gateway itself. */
  readonly namespace: string;
  /** Set for proxies that know the Gateway API alone, and none of Istio's own kinds. */
  readonly isForeign?: boolean;
}
