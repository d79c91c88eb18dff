import type { Workload } from '../../model/workloads.ts';
import {
  type CiliumAnswer,
  type CiliumDirection,
  type CiliumRequest,
  type CiliumRule,
  ciliumAnswer,
  ciliumRulesFor,
  restricts,
} from '../ciliumPolicies.ts';
import { not, some } from '../truth.ts';
import { ciliumRequestOf } from './ciliumRequest.ts';
import type { PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';
import { type Ends, endpointOf } from './ends.ts';
import { type Judgement, NO_JUDGEMENT, type Refusal } from './judgement.ts';
import type { NodeId, PolicyVerdict } from './vocabulary.ts';

/** What Cilium's policies of both ends make of a request that comes through Cilium. */
export function judgeCilium(context: PathContext, ends: Ends, draft: PathDraft): Judgement {
  const request = ciliumRequestOf(ends, draft.lastLeg?.port ?? 0);
  const server = endpointOf(ends.destination);
  const client = ends.source.kind === 'workload' ? ends.source.workload : undefined;
  const toServer: CiliumRequest = {
    ...request,
    peer: { workload: server, entity: server ? undefined : 'world', namespace: server?.namespace ?? '' },
  };
  const judgements = [
    judgeSide(context, client, 'egress', toServer, draft, 'node-a'),
    judgeSide(context, server, 'ingress', request, draft, 'node-b'),
  ];
  return {
    policies: judgements.flatMap(({ policies }) => policies),
    refusals: judgements.flatMap(({ refusals }) => refusals),
  };
}

function judgeSide(
  { world }: PathContext,
  workload: Workload | undefined,
  direction: CiliumDirection,
  request: CiliumRequest,
  draft: PathDraft,
  host: string,
): Judgement {
  const nodeAt = (wanted: NodeId) => draft.nodes.find(({ id }) => id === wanted)?.id;
  const layer4 = nodeAt(`ce:${host}`);
  if (layer4 === undefined || !workload) return NO_JUDGEMENT;
  const layer7 = nodeAt(`cn:${host}`);
  const judged = ciliumRulesFor(world, workload)
    .filter((rule) => restricts(rule, direction))
    .map((rule) => ({ rule, answer: ciliumAnswer(world, rule, direction, request) }));
  return {
    policies: judged.map(({ rule, answer }) => verdictOf(rule, answer, layer4, layer7)),
    refusals: refusalsOf(judged, layer4, layer7),
  };
}

interface Judged {
  readonly rule: CiliumRule;
  readonly answer: CiliumAnswer;
}

/** Of all that select a pod, one has to let the connection through, and one the request where requests are read. */
function refusalsOf(judged: readonly Judged[], layer4: NodeId, layer7: NodeId | undefined): Refusal[] {
  const [first] = judged;
  if (!first) return [];
  const connected = some(judged, ({ answer }) => answer.l4);
  if (connected !== 'yes') return [refusal(not(connected), layer4, first.rule, 'timeout')];
  const reading = judged.filter(({ answer }) => answer.l7 !== undefined);
  const [reader] = reading;
  if (!reader || layer7 === undefined) return [];
  const open = judged.some(({ answer }) => answer.l4 === 'yes' && answer.l7 === undefined);
  const admitted = open ? 'yes' : some(reading, ({ answer }) => answer.l7 ?? 'no');
  return admitted === 'yes' ? [] : [refusal(not(admitted), layer7, reader.rule, 'HTTP 403')];
}

function refusal(refused: 'yes' | 'no' | 'unknown', at: NodeId, { policy }: CiliumRule, signal: string): Refusal {
  const by = `${policy.resource.kind}/${policy.namespace}/${policy.name}`;
  return refused === 'unknown' ? { result: 'unknown', at, by } : { result: 'deny', at, by, signal };
}

function verdictOf(
  { policy, spec }: CiliumRule,
  { l7 }: CiliumAnswer,
  layer4: NodeId,
  layer7: NodeId | undefined,
): PolicyVerdict {
  const reads = l7 !== undefined && layer7 !== undefined;
  return {
    ref: `${policy.resource.kind}/${policy.namespace}/${policy.name}`,
    verdict: 'enforced',
    at: reads ? layer7 : layer4,
    effect: 'as-written',
    reason: reads ? 'its rules about HTTP are the work of the Envoy on the node of the server' : null,
    policy,
    because: [{ located: policy, node: spec }],
  };
}
