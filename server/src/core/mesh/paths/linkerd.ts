import type { Workload } from '../../model/workloads.ts';
import { linkerdIdentity } from '../linkerdIdentity.ts';
import { SKIP_OUTBOUND_PORTS, skippedOutboundPorts } from '../linkerdPorts.ts';
import { leaveTheCluster } from './arrival.ts';
import type { PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';
import { addressedPort, type Destination, type Ends, nameOf } from './ends.ts';
import { leaveToMirror, mirrorOf } from './linkerdMulticluster.ts';
import { readsRequests } from './linkerdRoutes.ts';
import { goOn, NO_MESH_OUTSIDE } from './onward.ts';
import { leavePlain } from './plain.ts';
import { routeAt } from './routing.ts';

/** From a pod with Linkerd's proxy: through its outbound side, which routes and starts mutual TLS with other pods. */

const OUTBOUND_PORT = 4140;

export function leaveLinkerd(context: PathContext, ends: Ends, draft: PathDraft): void {
  if (ends.source.kind !== 'workload') return;
  const { workload } = ends.source;
  if (skippedOutboundPorts(context.world, workload).has(addressedPort(ends.destination))) {
    draft.note = `Port ${addressedPort(ends.destination)} is in ${SKIP_OUTBOUND_PORTS} of ${nameOf(workload)}: its proxy does not see the connection.`;
    leavePlain(context, ends, draft);
    return;
  }
  draft
    .go(`lo:${nameOf(workload)}`, 'linkerd-outbound', {
      kind: 'capture',
      port: OUTBOUND_PORT,
      why: 'What the pod sends is redirected to the outbound side of its proxy.',
    })
    .decides(readsRequests(context, ends) ? 'L7' : 'L4', {
      port: addressedPort(ends.destination),
      portMeaning: 'service',
      srcIp: 'client',
    });
  const destination = routed(context, ends, draft);
  if (destination) send(context, destination, workload, draft);
}

/** Where the routes that the proxy knows send the request; undefined when they refuse it. */
function routed(context: PathContext, ends: Ends, draft: PathDraft): Destination | undefined {
  if (ends.source.kind !== 'workload') return ends.destination;
  const { namespace } = ends.source.workload;
  const answer = routeAt(context, ends, { node: draft.here, reader: 'linkerd-outbound', namespace });
  if (!answer) return ends.destination;
  draft.follow(answer);
  if (answer.refusal) {
    draft.refusals.push(answer.refusal);
    return undefined;
  }
  return answer.to ?? ends.destination;
}

function send(context: PathContext, destination: Destination, client: Workload, draft: PathDraft): void {
  const identity = `dns:${linkerdIdentity(client, context.settings.linkerd)}`;
  const mirror =
    destination.kind === 'service' ? mirrorOf(context.world, destination.service, destination.port) : undefined;
  if (mirror) {
    leaveToMirror(context, mirror, identity, draft);
  } else if (destination.kind === 'pod' || destination.kind === 'service') {
    const sender = { speaks: new Set(['linkerd-mtls'] as const), identity, srcIp: 'client' as const };
    goOn(context, draft, { destination, sender, outside: NO_MESH_OUTSIDE });
  } else {
    // Hosts of Istio's ServiceEntries mean nothing here.
    leaveTheCluster(draft, destination, NO_MESH_OUTSIDE);
  }
}
