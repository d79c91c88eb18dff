import {
  gatewayPoint,
  idOf,
  isAgentgateway,
  NOT_FOR_AGENTGATEWAY,
  policiesForGateway,
  policiesOn,
  targetsOf,
  whyBypassed,
} from './attachments.ts';
import { type PathContext, planeOf } from './context.ts';
import type { PathDraft } from './draft.ts';
import type { Ends } from './ends.ts';
import { verdict } from './judgement.ts';
import { policiesSelecting } from './selecting.ts';
import type { Server } from './server.ts';
import type { PolicyVerdict } from './vocabulary.ts';

const KIND = 'security.istio.io/RequestAuthentication';

/** Where tokens are looked at: by sidecars for their pods, by waypoints for what targets them, and by ztunnel never. */
export function judgeRequestAuthentications(
  context: PathContext,
  ends: Ends,
  draft: PathDraft,
  server: Server | undefined,
): PolicyVerdict[] {
  return [
    ...(server ? bySelector(context, server) : []),
    ...atGateway(context, ends, draft),
    ...byReference(context, ends, draft, server),
  ];
}

const ADMITS = 'a request without a token passes it';

/** A gateway looks at tokens for all that comes in through it. */
function atGateway(context: PathContext, ends: Ends, draft: PathDraft): PolicyVerdict[] {
  const point = gatewayPoint(draft);
  return point && ends.source.kind === 'gateway'
    ? policiesForGateway(context, ends.source, KIND).map((policy) =>
        verdict(policy, 'enforced', point.node, 'as-written', ADMITS),
      )
    : [];
}

function bySelector(context: PathContext, { workload, point }: Server): PolicyVerdict[] {
  return policiesSelecting(context, KIND, workload).map((policy) => {
    if (planeOf(context, workload) === 'ambient')
      return verdict(policy, 'ignored', null, 'fail-open', 'ztunnel never reads RequestAuthentications');
    return point
      ? verdict(policy, 'enforced', point.node, 'as-written', ADMITS)
      : verdict(
          policy,
          'not-attached',
          null,
          'fail-open',
          `no proxy in front of ${workload.namespace}/${workload.name}`,
        );
  });
}

function byReference(context: PathContext, ends: Ends, draft: PathDraft, server: Server | undefined): PolicyVerdict[] {
  return targetsOf(context, ends, draft, server).flatMap((target) =>
    policiesOn(context.world, target, 'RequestAuthentication').map((policy) => {
      const { waypoint, addressed, missing } = target;
      if (!waypoint) return verdict(policy, 'not-attached', null, 'fail-open', missing);
      const at = idOf(waypoint);
      if (isAgentgateway(waypoint)) return verdict(policy, 'ignored', null, 'fail-open', NOT_FOR_AGENTGATEWAY);
      return addressed && draft.nodes.some(({ id }) => id === at)
        ? verdict(policy, 'enforced', at, 'as-written', ADMITS)
        : verdict(policy, 'bypassed', at, 'fail-open', whyBypassed(ends));
    }),
  );
}
