import type { Located } from '../../model/located.ts';
import type { Workload } from '../../model/workloads.ts';
import {
  type CiliumAnswer,
  type CiliumRequest,
  type CiliumRule,
  ciliumAnswer,
  ciliumRulesFor,
  restricts,
} from '../ciliumPolicies.ts';
import type { Direction } from '../networkPolicies.ts';
import { not, some } from '../truth.ts';
import { ciliumRequestOn } from './ciliumRequest.ts';
import type { PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';
import type { Ends } from './ends.ts';
import { type Judgement, type Refusal, refOf, verdict } from './judgement.ts';
import { type Side, sidesOf } from './sides.ts';
import type { NodeId, PolicyVerdict } from './vocabulary.ts';

/**
 * What Cilium's policies make of requests. Of connections the rules of all policies decide together, those of Kubernetes
 * among them: see `networkPolicies.ts`. Here is what the Envoy of a node decides after that.
 */
export function judgeCilium(context: PathContext, ends: Ends, draft: PathDraft): Judgement {
  const sides = sidesOf(context, draft).map((side) => {
    const seen = { ...ends, http: draft.requestAt(side.at, ends.http) };
    return { side, rules: ciliumRulesOn(context, seen, side) };
  });
  return {
    policies: sides.flatMap(({ side, rules }) => rules.map((judged) => verdictOf(judged, side, draft))),
    refusals: sides.flatMap(({ side, rules }) => requestRefusals(rules, envoyOf(draft, side) ?? side.at)),
    assume: sides.some(({ rules }) => rules.some(({ answer }) => answer.authenticated))
      ? ["Both ends pass Cilium's mutual authentication, which happens beside the connection."]
      : [],
  };
}

/** One spec of a policy, and what it says about a connection. */
export interface JudgedRule {
  readonly policy: Located;
  readonly rule: CiliumRule;
  readonly answer: CiliumAnswer;
  /** Whether what no rule allows is refused on account of it. */
  readonly closes: boolean;
}

/** The rules of Cilium's policies for the pod at one end of a leg. */
export function ciliumRulesOn(
  context: PathContext,
  ends: Ends,
  { leg, pod, otherNode, direction }: Side,
): JudgedRule[] {
  if (!('located' in pod)) return [];
  const request = ciliumRequestOn(context.world, ends, leg, otherNode);
  return judgedRules(context, pod, direction, request);
}

function judgedRules(
  { world }: PathContext,
  workload: Workload,
  direction: Direction,
  request: CiliumRequest,
): JudgedRule[] {
  return ciliumRulesFor(world, workload).flatMap((rule) => {
    const closes = restricts(rule, direction);
    const answer = ciliumAnswer(world, rule, direction, request);
    const concerns = closes || answer.l4 !== 'no' || answer.denied !== 'no';
    return concerns ? [{ policy: rule.policy, rule, answer, closes }] : [];
  });
}

/** Whether some rule about HTTP concerns a request, so that it goes through Envoy. */
export function readsHttp(
  context: PathContext,
  workload: Workload,
  direction: Direction,
  request: CiliumRequest,
): boolean {
  return judgedRules(context, workload, direction, request).some(({ answer }) => answer.l7 !== undefined);
}

/** Where requests are read, one rule that lets the connection through has to let the request through too. */
function requestRefusals(rules: readonly JudgedRule[], at: NodeId): Refusal[] {
  const reading = rules.filter(({ answer }) => answer.l7 !== undefined);
  const [reader] = reading;
  const open = rules.some(({ answer }) => answer.l4 === 'yes' && answer.l7 === undefined);
  const admitted = reader === undefined || open ? 'yes' : some(reading, ({ answer }) => answer.l7 ?? 'no');
  if (reader === undefined || admitted === 'yes') return [];
  const by = refOf(reader.policy);
  return [not(admitted) === 'yes' ? { result: 'deny', at, by, signal: 'HTTP 403' } : { result: 'unknown', at, by }];
}

/** The Envoy beside the eBPF of a node, where the path goes through it for a policy. */
function envoyOf({ nodes }: PathDraft, { at }: Side): NodeId | undefined {
  const wanted = at.replace(/^ce:/, 'cn:');
  return nodes.find(({ id }) => id === wanted && id !== at)?.id;
}

function verdictOf({ policy, rule, answer }: JudgedRule, side: Side, draft: PathDraft): PolicyVerdict {
  const envoy = answer.l7 === undefined ? undefined : envoyOf(draft, side);
  const where = side.direction === 'ingress' ? 'server' : 'client';
  const reason = envoy ? `its rules about HTTP are the work of the Envoy on the node of the ${where}` : null;
  return verdict(policy, 'enforced', envoy ?? side.at, 'as-written', reason ?? side.wire, [
    { located: policy, node: rule.spec },
  ]);
}
