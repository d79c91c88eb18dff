import { arrive, leaveFor } from './arrival.ts';
import type { PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';
import { type Ends, targetPortOf } from './ends.ts';

/** From a client without a proxy: straight to a pod, without identity, past every waypoint (P6). */
export function leavePlain(context: PathContext, { destination }: Ends, draft: PathDraft): void {
  const sender = { speaks: new Set<never>(), identity: null, srcIp: 'client' as const };
  if (destination.kind === 'pod') {
    arrive(context, draft, destination.workload, destination.port, sender);
  } else if (destination.kind === 'service') {
    const { service, port, endpoint } = destination;
    if (endpoint) arrive(context, draft, endpoint, targetPortOf(port, endpoint), sender);
    else draft.endsNowhere(service);
  } else {
    leaveFor(context, draft, destination, sender, 'No mesh is involved.');
  }
}
