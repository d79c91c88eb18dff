import { HBONE_PORT } from './arrival.ts';
import { type Attachment, AUTHORIZATION } from './attachments.ts';
import { authorizationVerdict } from './authorizationVerdicts.ts';
import type { PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';
import type { Ends } from './ends.ts';
import { policiesSelecting } from './selecting.ts';

/**
 * Policies by selector for the pods of waypoints. Waypoints read none, unless istiod has the flag for layered policies:
 * then these decide about the connection before those by reference decide about the request.
 */
export function layeredAttachments(context: PathContext, ends: Ends, draft: PathDraft): Attachment[] {
  if (!context.settings.istiod.layeredWaypointAuthorizationPolicies) return [];
  return draft.points.flatMap((point) => {
    const [, namespace, name] = /^wp:([^/]*)\/(.*)$/.exec(point.node) ?? [];
    if (namespace === undefined || name === undefined) return [];
    const labels = new Map([['gateway.networking.k8s.io/gateway-name', name]]);
    const front = { ...point, layer: 'L4', sees: { ...point.sees, port: HBONE_PORT } } as const;
    return policiesSelecting(context, AUTHORIZATION, { namespace, labels }).map((policy) => ({
      policy,
      at: point.node,
      front,
      verdict: authorizationVerdict(context, policy, front, ends, false),
    }));
  });
}
