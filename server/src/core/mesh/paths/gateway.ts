import type { Service } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { arrive, leaveFor, type Sender } from './arrival.ts';
import { endsAtCanary } from './canary.ts';
import { type PathContext, waypointFor } from './context.ts';
import { cross, standsIn } from './crossing.ts';
import type { PathDraft } from './draft.ts';
import { addressedPort, type Destination, type Ends, targetPortOf } from './ends.ts';
import { gatewayIdentity } from './istioIdentity.ts';
import { routeAt } from './routing.ts';
import { senderTo } from './sidecar.ts';
import { readsRequests, throughWaypoint } from './waypoint.ts';

/** From an ingress or egress gateway: to the pods, past every waypoint unless a label asks for it (P5). */

const INGRESS_USE_WAYPOINT = 'istio.io/ingress-use-waypoint';

export function leaveGateway(context: PathContext, ends: Ends, draft: PathDraft): void {
  const { source } = ends;
  const end = source.kind === 'workload' ? { gateway: source.workload.located, workload: source.workload } : source;
  if (!('gateway' in end)) return;
  const { namespace } = end.gateway;
  const identity = gatewayIdentity(context, end.gateway, end.workload);
  // Who calls the gateway is outside of the mesh, and so is the port on which.
  draft.decides('L7', { port: addressedPort(ends.destination), portMeaning: 'service', srcIp: 'client' });
  const answer = readsRequests(ends)
    ? routeAt(context, ends, { node: draft.here, reader: 'gateway', namespace })
    : undefined;
  // A gateway without a route for the request is asked about as if it had one: the question names the backend.
  if (answer && !answer.refusal) draft.follow(answer);
  const destination = answer?.to ?? ends.destination;
  const addressee =
    destination.kind === 'service' &&
    !destination.service.headless &&
    asksForWaypoint(context.world, destination.service)
      ? { service: destination.service }
      : undefined;
  if (addressee && endsAtCanary(context, addressee, draft)) return;
  const waypoint = addressee && waypointFor(context, addressee);
  const sender = senderTo(context, destination, namespace, identity);
  const from = standsIn(context, { namespace, name: end.gateway.name, gateway: end.gateway });
  if (waypoint) throughWaypoint(context, { ...ends, destination }, draft, waypoint, sender, from);
  else goOn(context, destination, draft, sender, from);
}

/** The label on the Service, else on its namespace. */
export function asksForWaypoint(world: World, { labels, namespace }: Service): boolean {
  const value = labels.get(INGRESS_USE_WAYPOINT) ?? world.namespaceLabels(namespace)?.get(INGRESS_USE_WAYPOINT);
  return value?.toLowerCase() === 'true';
}

function goOn(
  context: PathContext,
  destination: Destination,
  draft: PathDraft,
  sender: Sender,
  from: string | undefined,
): void {
  switch (destination.kind) {
    case 'pod':
      arrive(context, draft, destination.workload, destination.port, sender);
      break;
    case 'service': {
      const { service, port, endpoint } = destination;
      if (!endpoint) draft.endsNowhere(service);
      else if (cross(context, draft, { from, to: endpoint, service, sender }))
        arrive(context, draft, endpoint, targetPortOf(port, endpoint), sender);
      break;
    }
    default:
      leaveFor(context, draft, destination, sender, 'Outside of the mesh nothing answers in its TLS.');
  }
}
