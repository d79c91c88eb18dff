import type { Located } from '../../model/located.ts';
import { gatewayPoint, policiesForGateway } from './attachments.ts';
import { type PathContext, planeOf } from './context.ts';
import type { PathDraft } from './draft.ts';
import type { Ends } from './ends.ts';
import { verdict } from './judgement.ts';
import { idOf, isAgentgateway, NOT_FOR_AGENTGATEWAY, policiesOn, targetsOf, whyMissed } from './policyTargets.ts';
import { policiesSelecting } from './selecting.ts';
import { type Server, verdictWithoutPoint } from './server.ts';
import { readsRequests } from './speech.ts';
import type { NodeId, PolicyVerdict } from './vocabulary.ts';

const KIND = 'security.istio.io/RequestAuthentication';

/** Where tokens are looked at: by sidecars for their pods, by waypoints for what targets them, and by ztunnel never. */
export function judgeRequestAuthentications(
  context: PathContext,
  ends: Ends,
  draft: PathDraft,
  server: Server | undefined,
): PolicyVerdict[] {
  return [
    ...(server ? bySelector(context, ends, server) : []),
    ...atGateway(context, ends, draft),
    ...byReference(context, ends, draft, server),
  ];
}

/** At a proxy that reads requests. A connection that carries none has no tokens. */
function readVerdict(policy: Located, at: NodeId, ends: Ends): PolicyVerdict {
  return readsRequests(ends)
    ? verdict(policy, 'enforced', at, 'as-written', 'a request without a token passes it')
    : verdict(
        policy,
        'not-applicable',
        at,
        'none',
        'tokens are in HTTP requests, and here is a connection without any',
      );
}

/** A gateway looks at tokens for all that comes in through it. */
function atGateway(context: PathContext, ends: Ends, draft: PathDraft): PolicyVerdict[] {
  const point = gatewayPoint(draft);
  return point && ends.source.kind === 'gateway'
    ? policiesForGateway(context, ends.source, KIND).map((policy) => readVerdict(policy, point.node, ends))
    : [];
}

function bySelector(context: PathContext, ends: Ends, server: Server): PolicyVerdict[] {
  const { workload, point } = server;
  return policiesSelecting(context, KIND, workload).map((policy) => {
    if (planeOf(context, workload) === 'ambient')
      return verdict(policy, 'ignored', null, 'fail-open', 'ztunnel never reads RequestAuthentications');
    return point ? readVerdict(policy, point.node, ends) : verdictWithoutPoint(context, server, policy, 'fail-open');
  });
}

function byReference(context: PathContext, ends: Ends, draft: PathDraft, server: Server | undefined): PolicyVerdict[] {
  return targetsOf(context, ends, draft, server).flatMap((target) =>
    policiesOn(context.world, target, 'RequestAuthentication').map((policy) => {
      const { waypoint, addressed, missing } = target;
      if (!waypoint) return verdict(policy, 'not-attached', null, 'fail-open', missing);
      const at = idOf(waypoint);
      if (isAgentgateway(waypoint)) return verdict(policy, 'ignored', null, 'fail-open', NOT_FOR_AGENTGATEWAY);
      const isOnPath = draft.nodes.some(({ id }) => id === at);
      return addressed && isOnPath
        ? readVerdict(policy, at, ends)
        : verdict(policy, 'bypassed', at, 'fail-open', whyMissed(ends, isOnPath));
    }),
  );
}
