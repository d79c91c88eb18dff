import { HBONE_PORT, type Sender } from './arrival.ts';
import { startsTls } from './clientRules.ts';
import type { PathContext, Waypoint } from './context.ts';
import { cross, inReach, standsIn } from './crossing.ts';
import type { PathDraft } from './draft.ts';
import { addressedPort, type Destination, type Ends, targetPortOf } from './ends.ts';
import { waypointIdentity } from './istioIdentity.ts';
import { goOn, NO_MESH_OUTSIDE } from './onward.ts';
import { isAgentgateway } from './policyTargets.ts';
import { routeAt } from './routing.ts';
import { readsRequests } from './speech.ts';

/** Through a waypoint: it reads requests where they are HTTP, routes them, and goes on under a name of its own. */
export function throughWaypoint(
  context: PathContext,
  ends: Ends,
  draft: PathDraft,
  waypoint: Waypoint,
  sender: Sender,
  from?: string,
): void {
  const { destination } = ends;
  const { identity } = sender;
  const service = destination.kind === 'service' ? destination.service : undefined;
  if (!cross(context, draft, { from, to: waypoint, service, sender })) return;
  const id = `wp:${waypoint.namespace}/${waypoint.name}`;
  const { gateway } = waypoint;
  const because = gateway ? [{ located: gateway, node: gateway.root }] : [];
  const byPod = isAddressedByPod(destination);
  draft
    .go(
      id,
      'waypoint',
      {
        kind: 'hbone',
        port: HBONE_PORT,
        identity,
        why: 'What is addressed has a waypoint, so that ztunnel sends the request there.',
        because,
        certainty: gateway ? 'assumed' : 'certain',
      },
      because,
    )
    .decides(readsRequests(ends) ? 'L7' : 'L4', {
      port: byPod ? podPortOf(destination) : addressedPort(destination),
      portMeaning: byPod ? 'workload' : 'service',
      srcIp: 'client',
    });
  const isForeign = isAgentgateway(waypoint);
  const answer = byPod
    ? undefined
    : routeAt(context, ends, { node: id, reader: 'waypoint', namespace: waypoint.namespace, isForeign });
  if (answer) draft.follow(answer);
  if (answer?.refusal) {
    draft.refusals.push(answer.refusal);
    return;
  }
  const own: Sender = {
    speaks: new Set(['hbone']),
    identity: waypointIdentity(context, waypoint),
    srcIp: 'previous-hop',
  };
  // A backend's own waypoint is not used: only gateways and ztunnels look for one (P11).
  const to = answer?.to ?? destination;
  const network = standsIn(context, waypoint);
  goOn(context, draft, {
    destination: inReach(context, to, network, ends.chosenEndpoint),
    sender: { ...own, originates: !isForeign && startsTls(context, to, waypoint.namespace) },
    from: network,
    outside: NO_MESH_OUTSIDE,
  });
}

/** A headless Service is addressed by its pods: DNS gives their addresses. */
function isAddressedByPod(destination: Destination): boolean {
  return destination.kind === 'pod' || (destination.kind === 'service' && destination.service.headless);
}

function podPortOf(destination: Destination): number {
  return destination.kind === 'service' ? targetPortOf(destination.port, destination.endpoint) : destination.port;
}
