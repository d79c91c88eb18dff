import type { Located } from '../../model/located.ts';
import type { Workload } from '../../model/workloads.ts';
import { type Direction, limits, NETWORK_POLICY, type Peer, selectsPod } from '../networkPolicies.ts';
import type { PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';
import { workloadAt } from './ends.ts';
import type { Leg, NodeId } from './vocabulary.ts';

/** Both ends of the legs over the network, as what filters packets sees them. */

/** A pod of the workspace, or one that the mesh makes for a gateway. */
type Pod = Workload | Exclude<Peer, 'outside'>;

/** One end of a leg, seen from the policies of its pod. */
export interface Side {
  readonly leg: Leg;
  readonly at: NodeId;
  readonly pod: Pod;
  readonly other: Peer;
  /** The app, proxy or gateway at the other end. */
  readonly otherNode: NodeId;
  readonly direction: Direction;
  /** The NetworkPolicies that limit the pod in this direction. */
  readonly limiting: readonly Located[];
  /** What about the packets differs from what was asked, for people. */
  readonly wire: string | null;
}

/** Both ends of every leg over the network; where only the eBPF of a node is named, the pod behind it. */
export function sidesOf(context: PathContext, { nodes, legs }: PathDraft): Side[] {
  const ids = nodes.map(({ id }) => id);
  return legs.filter(({ scope }) => scope === 'network').flatMap((leg) => legSides(context, ids, leg));
}

function legSides(context: PathContext, nodes: readonly NodeId[], leg: Leg): Side[] {
  // The kubelet is let in on its own node, whatever policies say.
  if (leg.from === 'ext:kubelet') return [];
  const [sender, receiver] = [podNodeOf(nodes, leg.from), podNodeOf(nodes, leg.to)];
  const ends = [
    // Envoy hands on what it has read, but who may connect is up to the eBPF beside it.
    { at: leg.from.replace(/^cn:/, 'ce:'), own: sender, otherNode: receiver, direction: 'egress' as const },
    { at: leg.to, own: receiver, otherNode: sender, direction: 'ingress' as const },
  ];
  return ends.flatMap(({ at, own, otherNode, direction }): Side[] => {
    const pod = peerAt(context, own);
    if (pod === 'outside') return [];
    const limiting = limitingPolicies(context, pod, direction);
    const other = peerAt(context, otherNode);
    return [{ leg, at, pod, other, otherNode, direction, limiting, wire: wireReason(leg) }];
  });
}

/** The pod for which the eBPF of a node works: at the beginning of the path on the client's node, at its end on the other. */
function podNodeOf(nodes: readonly NodeId[], node: NodeId): NodeId {
  if (!/^c[en]:/.test(node)) return node;
  return (node.endsWith(':node-a') ? nodes[0] : nodes.at(-1)) ?? node;
}

const POD_NODES = new Set(['app', 'zt', 'sc', 'lo', 'li']);

/** The pod in which a node of the path stands. */
function podAt({ world }: PathContext, node: NodeId): Workload | undefined {
  const colon = node.indexOf(':');
  return POD_NODES.has(node.slice(0, colon)) ? workloadAt(world, `app:${node.slice(colon + 1)}`) : undefined;
}

/** The other end: a pod, a gateway whose pods the mesh makes, or something outside. */
function peerAt(context: PathContext, node: NodeId): Pod | 'outside' {
  const pod = podAt(context, node);
  if (pod) return pod;
  const [, namespace, name] = /^(?:wp|gw|ew):([^/]*)\/(.*)$/.exec(node) ?? [];
  if (namespace === undefined || name === undefined) return 'outside';
  return { namespace, labels: new Map([['gateway.networking.k8s.io/gateway-name', name]]), partial: true };
}

function limitingPolicies({ world }: PathContext, pod: Pod, direction: Direction): Located[] {
  return world
    .inNamespace(NETWORK_POLICY, pod.namespace)
    .filter((policy) => limits(policy, direction) && selectsPod(policy, pod));
}

function wireReason({ kind, port }: Leg): string | null {
  return kind === 'hbone' || kind === 'hbone-double' || kind === 'linkerd-mtls'
    ? `the packet on the wire has destination port ${port}`
    : null;
}
