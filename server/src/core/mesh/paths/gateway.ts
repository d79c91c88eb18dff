import type { World } from '../../model/world.ts';
import { backendTlsPolicy } from '../backendTls.ts';
import type { Opening } from '../routing/openings.ts';
import { ingressUsesWaypoint, userOf } from '../waypoints.ts';
import type { Sender } from './arrival.ts';
import { endsAtCanary } from './canary.ts';
import { type Addressee, type PathContext, waypointFor } from './context.ts';
import { standsIn } from './crossing.ts';
import type { PathDraft } from './draft.ts';
import { addressedPort, type Destination, type Ends, type GatewaySource } from './ends.ts';
import { gatewayIdentity } from './istioIdentity.ts';
import { refOf } from './judgement.ts';
import { goOn, NO_MESH_OUTSIDE } from './onward.ts';
import { routeAt } from './routing.ts';
import { senderTo } from './sidecar.ts';
import { throughWaypoint } from './waypoint.ts';

/** From an ingress or egress gateway: to the pods, past every waypoint unless a label asks for it (P5). */

export function leaveGateway(context: PathContext, ends: Ends, draft: PathDraft): void {
  const source = gatewayOf(ends.source);
  if (!source) return;
  draft.gateway = source;
  const { gateway, workload } = source;
  const { entered } = ends;
  // Where the question does not say how the request got here, it names the backend, and so its port.
  const port = entered?.port ?? addressedPort(ends.destination);
  draft.decides(entered && entered.section !== 'http' ? 'L4' : 'L7', {
    port,
    portMeaning: entered ? 'workload' : 'service',
    srcIp: 'client',
  });
  const sent = { ...ends, source };
  const answer = routeAt(context, sent, { node: draft.here, reader: 'gateway', namespace: gateway.namespace });
  if (entered) enforce(entered, answer, sent, draft);
  // A gateway without a route for the request is asked about as if it had one.
  else if (answer && !answer.refusal) draft.follow(answer);
  if (draft.refusals.length > 0) return;
  const destination = answer?.to ?? ends.destination;
  draft.backend = destination;
  // What the gateway has not opened is TLS of the client to the backend.
  if (entered?.tls === 'passed') draft.rewrite(undefined);
  send(
    context,
    { ...sent, destination, http: draft.sends(ends.http) },
    draft,
    gatewayIdentity(context, gateway, workload),
  );
}

function gatewayOf(source: Ends['source']): GatewaySource | undefined {
  if (source.kind === 'workload')
    return { kind: 'gateway', gateway: source.workload.located, workload: source.workload };
  return source.kind === 'gateway' ? source : undefined;
}

/** What came from outside goes on by a route or not at all. */
export function enforce(
  { redirects, section, owner }: Opening,
  answer: ReturnType<typeof routeAt>,
  { http }: Ends,
  draft: PathDraft,
): void {
  if (redirects && http) {
    draft.refusals.push({ result: 'deny', at: draft.here, by: refOf(owner), signal: 'HTTP 301' });
    return;
  }
  if (answer) draft.follow(answer);
  if (answer?.refusal) draft.refusals.push(answer.refusal);
  if (answer) return;
  const signal = section === 'http' ? 'HTTP 404' : 'connection closed';
  draft.refusals.push({ result: 'deny', at: draft.here, by: 'no-route', signal });
}

/** On from a gateway, by a waypoint where a label asks for that. */
function send(context: PathContext, ends: Ends, draft: PathDraft, identity: string): void {
  const { source, destination } = ends;
  if (source.kind !== 'gateway') return;
  const addressee = addresseeWithWaypoint(context.world, destination);
  if (addressee && endsAtCanary(context, addressee, draft)) return;
  const waypoint = addressee && waypointFor(context, addressee);
  const { gateway } = source;
  const sender: Sender = encrypts(context, destination)
    ? { speaks: new Set(), identity: null, srcIp: 'client', originates: true }
    : { ...senderTo(context, destination, gateway.namespace, identity), passesTls: ends.entered?.tls === 'passed' };
  const from = standsIn(context, { namespace: gateway.namespace, name: gateway.name, gateway });
  if (waypoint) throughWaypoint(context, ends, draft, waypoint, sender, from);
  else goOn(context, draft, { destination, sender, from, outside: NO_MESH_OUTSIDE });
}

/** What has gateways go by its waypoint: a Service with an address of its own, or a ServiceEntry. */
function addresseeWithWaypoint(world: World, destination: Destination): Addressee | undefined {
  if (destination.kind === 'entry')
    return ingressUsesWaypoint(world, userOf(destination.entry)) ? { entry: destination.entry } : undefined;
  if (destination.kind !== 'service' || destination.service.headless) return undefined;
  return ingressUsesWaypoint(world, destination.service) ? { service: destination.service } : undefined;
}

/** A BackendTLSPolicy has gateways start TLS, which the backend itself ends. */
function encrypts({ world }: PathContext, destination: Destination): boolean {
  if (destination.kind !== 'service') return false;
  return backendTlsPolicy(world, destination.service, destination.port) !== undefined;
}
