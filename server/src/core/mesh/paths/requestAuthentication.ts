import { labelsOf, matchesLabels } from '../../model/labels.ts';
import { meshConfigOf } from '../meshConfig.ts';
import { selectorOf } from '../selection.ts';
import { hasTargetRefs } from '../ztunnelPolicy.ts';
import { idOf, policiesOn, targetsOf, whyBypassed } from './attachments.ts';
import { type PathContext, planeOf } from './context.ts';
import type { PathDraft } from './draft.ts';
import type { Ends } from './ends.ts';
import { verdict } from './judgement.ts';
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
  return [...(server ? bySelector(context, server) : []), ...byReference(context, ends, draft, server)];
}

function bySelector(context: PathContext, { workload, point }: Server): PolicyVerdict[] {
  const { world, settings } = context;
  const { rootNamespace } = meshConfigOf(world, settings);
  const namespaces = [...new Set([workload.namespace, rootNamespace])];
  return namespaces
    .flatMap((namespace) => world.inNamespace(KIND, namespace))
    .filter((policy) => !hasTargetRefs(policy.root) && matchesLabels(labelsOf(selectorOf(policy)), workload.labels))
    .map((policy) => {
      if (planeOf(context, workload) === 'ambient')
        return verdict(policy, 'ignored', null, 'fail-open', 'ztunnel never reads RequestAuthentications');
      return point
        ? verdict(policy, 'enforced', point.node, 'as-written', 'a request without a token passes it')
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
      return addressed && draft.nodes.some(({ id }) => id === at)
        ? verdict(policy, 'enforced', at, 'as-written', 'a request without a token passes it')
        : verdict(policy, 'bypassed', at, 'fail-open', whyBypassed(ends));
    }),
  );
}
