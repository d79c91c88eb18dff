import type { Located } from '../../model/located.ts';
import { items } from '../../yaml/access.ts';
import { opensPort, peerFits } from '../networkPolicies.ts';
import { some, type Truth } from '../truth.ts';
import { ciliumRulesOn, type JudgedRule } from './ciliumPolicies.ts';
import type { PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';
import type { Ends } from './ends.ts';
import { type Judgement, type Refusal, refOf, verdict } from './judgement.ts';
import { type Side, sidesOf } from './sides.ts';

/**
 * What is decided about packets: the port of HBONE where the mesh uses it, and the pods at both ends of a leg.
 * NetworkPolicies of Kubernetes and rules of Cilium for connections hold together: Cilium enforces both, and what one
 * of them allows is allowed.
 */
export function judgeNetworkPolicies(context: PathContext, ends: Ends, draft: PathDraft): Judgement {
  const sides = sidesOf(context, draft);
  return {
    policies: sides.flatMap(({ at, limiting, wire }) =>
      limiting.map((policy) => verdict(policy, 'enforced', at, 'as-written', wire)),
    ),
    refusals: sides.flatMap((side) => refusalsOf(context, side, ciliumRulesOn(context, ends, side))),
  };
}

/** One rule has to let the connection in, where any closes the pod; and none may refuse it for certain. */
function refusalsOf(context: PathContext, side: Side, cilium: readonly JudgedRule[]): Refusal[] {
  const { at, limiting } = side;
  const denying = cilium.find(({ answer }) => answer.denied === 'yes');
  if (denying) return [{ result: 'deny', at, by: refOf(denying.policy), signal: 'timeout' }];
  const closing = [...limiting, ...cilium.filter(({ closes }) => closes).map(({ policy }) => policy)];
  const doubtful = cilium.find(({ answer }) => answer.denied === 'unknown');
  if (doubtful) return [{ result: 'unknown', at, by: refOf(doubtful.policy) }];
  const [first] = closing;
  const open = some(
    [...limiting.map((policy) => opens(context, side, policy)), ...cilium.map(({ answer }) => answer.l4)],
    (truth) => truth,
  );
  if (!first || open === 'yes') return [];
  const by = refOf(first);
  return [open === 'no' ? { result: 'deny', at, by, signal: 'timeout' } : { result: 'unknown', at, by }];
}

function opens({ world }: PathContext, { leg, pod, other, direction }: Side, policy: Located): Truth {
  const receiver = direction === 'ingress' && pod.ports ? { ports: pod.ports } : undefined;
  return some(items(policy.root, 'spec', direction), (rule) =>
    opensPort(rule, leg.port, receiver)
      ? peerFits(world, policy, rule, direction === 'ingress' ? 'from' : 'to', other)
      : 'no',
  );
}
