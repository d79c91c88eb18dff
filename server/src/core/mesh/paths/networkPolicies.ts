import type { Located } from '../../model/located.ts';
import type { Workload } from '../../model/workloads.ts';
import { items } from '../../yaml/access.ts';
import {
  type Direction,
  limits,
  NETWORK_POLICY,
  opensPort,
  type Peer,
  peerFits,
  selectsPod,
} from '../networkPolicies.ts';
import { some } from '../truth.ts';
import type { PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';
import { workloadAt } from './ends.ts';
import { type Judgement, type Refusal, refOf, verdict } from './judgement.ts';
import type { Leg, NodeId } from './vocabulary.ts';

/** Kubernetes NetworkPolicies see packets: the port of HBONE where the mesh uses it, and the pods at both ends of a leg. */
export function judgeNetworkPolicies(context: PathContext, draft: PathDraft): Judgement {
  const sides = draft.legs.filter(({ scope }) => scope === 'network').flatMap((leg) => sidesOf(context, leg));
  return {
    policies: sides.flatMap(({ leg, at, limiting }) =>
      limiting.map((policy) => verdict(policy, 'enforced', at, 'as-written', wireReason(leg))),
    ),
    refusals: sides.flatMap((side) => refusalsOf(context, side)),
  };
}

/** A pod of the workspace, or one that the mesh makes for a gateway. */
type Pod = Exclude<Peer, 'outside'>;

/** One end of a leg, seen from the policies of its pod. */
interface Side {
  readonly leg: Leg;
  readonly at: NodeId;
  readonly pod: Pod;
  readonly other: Peer;
  readonly direction: Direction;
  readonly limiting: readonly Located[];
}

function sidesOf(context: PathContext, leg: Leg): Side[] {
  // The kubelet is let in on its own node, whatever policies say.
  if (leg.from === 'ext:kubelet') return [];
  const ends = [
    { at: leg.from, other: leg.to, direction: 'egress' as const },
    { at: leg.to, other: leg.from, direction: 'ingress' as const },
  ];
  return ends.flatMap(({ at, other, direction }) => {
    const pod = peerAt(context, at);
    if (pod === 'outside') return [];
    const limiting = limitingPolicies(context, pod, direction);
    return limiting.length === 0 ? [] : [{ leg, at, pod, other: peerAt(context, other), direction, limiting }];
  });
}

function refusalsOf({ world }: PathContext, { leg, at, pod, other, direction, limiting }: Side): Refusal[] {
  const [first] = limiting;
  const receiver = direction === 'ingress' && pod.ports ? { ports: pod.ports } : undefined;
  const open = some(limiting, (policy) =>
    some(items(policy.root, 'spec', direction), (rule) =>
      opensPort(rule, leg.port, receiver)
        ? peerFits(world, policy, rule, direction === 'ingress' ? 'from' : 'to', other)
        : 'no',
    ),
  );
  if (!first || open === 'yes') return [];
  const by = refOf(first);
  return [open === 'no' ? { result: 'deny', at, by, signal: 'timeout' } : { result: 'unknown', at, by }];
}

const POD_NODES = new Set(['app', 'zt', 'sc', 'lo', 'li']);

/** The pod in which a node of the path stands. */
function podAt({ world }: PathContext, node: NodeId): Workload | undefined {
  const colon = node.indexOf(':');
  return POD_NODES.has(node.slice(0, colon)) ? workloadAt(world, `app:${node.slice(colon + 1)}`) : undefined;
}

/** The other end: a pod, a gateway whose pods the mesh makes, or something outside. */
function peerAt(context: PathContext, node: NodeId): Peer {
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
