import type { PathContext } from './context.ts';
import type { Destination, Ends } from './ends.ts';
import type { Routed } from './judgement.ts';
import type { NodeId } from './vocabulary.ts';

/** Who routes, which decides what routes it reads and what of them it understands. */
export interface Router {
  readonly node: NodeId;
  readonly reader: 'sidecar' | 'waypoint' | 'gateway' | 'linkerd-outbound' | 'cilium-envoy';
  /** The namespace of the client that the proxy works for; of the waypoint or gateway itself. */
  readonly namespace: string;
}

/** What the routes that a proxy reads make of a request; undefined where no route concerns it. */
export function routeAt(
  _context: PathContext,
  _ends: Ends,
  _router: Router,
): (Routed & { readonly to: Destination | undefined }) | undefined {
  return undefined;
}
