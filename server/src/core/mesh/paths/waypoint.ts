import { arrive, HBONE_PORT, leaveFor, type Sender } from './arrival.ts';
import { startsTls } from './clientRules.ts';
import type { PathContext, Waypoint } from './context.ts';
import { cross, reachable, standsIn } from './crossing.ts';
import type { PathDraft } from './draft.ts';
import { addressedPort, type Destination, type Ends, targetPortOf } from './ends.ts';
import { waypointIdentity } from './istioIdentity.ts';
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
  const answer = byPod
    ? undefined
    : routeAt(context, ends, { node: id, reader: 'waypoint', namespace: waypoint.namespace });
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
  goOn(context, { ...ends, destination: answer?.to ?? destination }, draft, waypoint, own);
}

function goOn(
  context: PathContext,
  { destination, chosenEndpoint: chosen }: Ends,
  draft: PathDraft,
  waypoint: Waypoint,
  own: Sender,
): void {
  const originates = startsTls(context, destination, waypoint.namespace);
  const from = standsIn(context, waypoint);
  switch (destination.kind) {
    case 'pod':
      arrive(context, draft, destination.workload, destination.port, own);
      break;
    case 'service': {
      const { service, port } = destination;
      const endpoint = reachable(context, destination, from, chosen);
      if (!endpoint) draft.endsNowhere(service);
      else if (cross(context, draft, { from, to: endpoint, service, sender: own }))
        arrive(context, draft, endpoint, targetPortOf(port, endpoint), { ...own, originates });
      break;
    }
    default:
      leaveFor(context, draft, destination, { ...own, originates }, 'Outside of the mesh nothing answers in its TLS.');
  }
}

/** A headless Service is addressed by its pods: DNS gives their addresses. */
function isAddressedByPod(destination: Destination): boolean {
  return destination.kind === 'pod' || (destination.kind === 'service' && destination.service.headless);
}

function podPortOf(destination: Destination): number {
  return destination.kind === 'service' ? targetPortOf(destination.port, destination.endpoint) : destination.port;
}
