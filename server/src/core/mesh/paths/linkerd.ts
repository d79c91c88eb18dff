import type { Workload } from '../../model/workloads.ts';
import { linkerdIdentity } from '../linkerdIdentity.ts';
import { opaquePorts, SKIP_OUTBOUND_PORTS, skippedOutboundPorts } from '../linkerdPorts.ts';
import { arrive } from './arrival.ts';
import type { PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';
import { type Destination, type Ends, entryTargetPort, nameOf, targetPortOf } from './ends.ts';
import { leaveToMirror, mirrorOf } from './linkerdMulticluster.ts';
import { leavePlain } from './plain.ts';
import { routeAt } from './routing.ts';

/** From a pod with Linkerd's proxy: through its outbound side, which routes and starts mutual TLS with other pods. */

const OUTBOUND_PORT = 4140;

export function leaveLinkerd(context: PathContext, ends: Ends, draft: PathDraft): void {
  if (ends.source.kind !== 'workload') return;
  const { workload } = ends.source;
  if (skippedOutboundPorts(context.world, workload).has(addressedPort(ends.destination))) {
    draft.note = `Port ${addressedPort(ends.destination)} is in ${SKIP_OUTBOUND_PORTS} of ${nameOf(workload)}: its proxy does not see the connection.`;
    return leavePlain(context, ends, draft);
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
  if (destination) goOn(context, destination, workload, draft);
}

/** Where the routes that the proxy knows send the request; undefined when they refuse it. */
function routed(context: PathContext, ends: Ends, draft: PathDraft): Destination | undefined {
  if (!readsRequests(context, ends) || ends.source.kind !== 'workload') return ends.destination;
  const { namespace } = ends.source.workload;
  const answer = routeAt(context, ends, { node: draft.here, reader: 'linkerd-outbound', namespace });
  if (!answer) return ends.destination;
  draft.routes.push(answer.decision);
  if (answer.refusal) {
    draft.refusals.push(answer.refusal);
    return undefined;
  }
  return answer.to ?? ends.destination;
}

function goOn(context: PathContext, destination: Destination, client: Workload, draft: PathDraft): void {
  const identity = `dns:${linkerdIdentity(client, context.settings.linkerd)}`;
  const sender = { speaks: new Set(['linkerd-mtls'] as const), identity, srcIp: 'client' as const };
  switch (destination.kind) {
    case 'pod':
      return arrive(context, draft, destination.workload, destination.port, sender);
    case 'service': {
      const { service, port, endpoint } = destination;
      const mirror = mirrorOf(context.world, service, port);
      if (mirror) return leaveToMirror(context, mirror, identity, draft);
      if (endpoint) return arrive(context, draft, endpoint, targetPortOf(port, endpoint), sender);
      draft.refusals.push({ result: 'unknown', at: draft.here, by: 'no-endpoint' });
      draft.note = `No workload of the workspace is behind Service ${nameOf(service)}.`;
      return;
    }
    case 'entry':
    case 'host': {
      const port =
        destination.kind === 'entry' ? entryTargetPort(destination.entry, destination.port) : destination.port;
      draft.go(`ext:${destination.host}`, 'external', {
        kind: 'plaintext',
        port,
        appTls: 'unknown',
        why: 'Outside the mesh nothing answers in its TLS; the application may speak TLS of its own.',
      });
    }
  }
}

export function addressedPort(destination: Destination): number {
  return destination.kind === 'service' ? destination.port.port : destination.port;
}

/** Whether the outbound proxy reads requests: there are some, and the port is not marked as opaque. */
function readsRequests({ world, settings }: PathContext, { destination, http }: Ends): boolean {
  if (!http) return false;
  const { opaquePorts: fallback } = settings.linkerd;
  if (destination.kind === 'service')
    return !opaquePorts(world, destination.service, fallback).has(destination.port.port);
  if (destination.kind === 'pod') return !opaquePorts(world, destination.workload, fallback).has(destination.port);
  return true;
}
