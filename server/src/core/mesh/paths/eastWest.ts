import { goDirectly } from './ambient.ts';
import type { Sender } from './arrival.ts';
import { endsAtCanary } from './canary.ts';
import { type PathContext, waypointFor } from './context.ts';
import { standsIn } from './crossing.ts';
import type { PathDraft } from './draft.ts';
import { addressedPort, type Ends } from './ends.ts';
import { gatewayIdentity } from './istioIdentity.ts';
import { throughWaypoint } from './waypoint.ts';

/** From a gateway between networks: it routes nothing, and uses every waypoint, label or not (P5a). */
export function leaveEastWest(context: PathContext, ends: Ends, draft: PathDraft): void {
  const { source, destination } = ends;
  if (source.kind !== 'gateway') return;
  const { gateway, workload } = source;
  draft.decides('L4', { port: addressedPort(destination), portMeaning: 'service', srcIp: 'client' });
  const addressee =
    destination.kind === 'service' && !destination.service.headless ? { service: destination.service } : undefined;
  if (addressee && endsAtCanary(context, addressee, draft)) return;
  const waypoint = addressee && waypointFor(context, addressee);
  const identity = gatewayIdentity(context, gateway, workload);
  const sender: Sender = { speaks: new Set(['hbone']), identity, srcIp: 'client' };
  const from = standsIn(context, { namespace: gateway.namespace, name: gateway.name, gateway });
  if (waypoint) throughWaypoint(context, ends, draft, waypoint, sender, from);
  else goDirectly(context, ends, draft, sender, from);
}
