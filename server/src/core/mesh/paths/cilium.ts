import type { Workload } from '../../model/workloads.ts';
import { ciliumAnswer, ciliumRulesFor } from '../ciliumPolicies.ts';
import { leaveTheCluster } from './arrival.ts';
import { ciliumRequestOf } from './ciliumRequest.ts';
import type { PathContext } from './context.ts';
import type { LegParts, PathDraft } from './draft.ts';
import { type Destination, type Ends, endpointOf, nameOf, targetPortOf } from './ends.ts';
import { routeAt } from './routing.ts';

/**
 * Through Cilium: eBPF on both nodes, and the Envoy of a node where rules or routes read requests. Nodes are in no file:
 * the client's is called `node-a`, the server's `node-b`. Between them encryption is that of the cluster, without
 * identities of workloads.
 */
export function travelCilium(context: PathContext, ends: Ends, draft: PathDraft): void {
  const port = portOf(ends.destination);
  const redirect = (why: string): LegParts => ({ kind: 'node-redirect', port, why });
  const fromPod = ends.source.kind === 'workload';
  if (fromPod) draft.go('ce:node-a', 'cilium-ebpf', redirect('What the pod sends is taken over by eBPF on its node.'));
  const destination = fromPod ? routed(context, ends, draft, redirect) : ends.destination;
  if (!destination) return;
  const server = endpointOf(destination);
  if (!server) {
    leaveWithout(destination, draft);
    return;
  }
  const { encryption } = context.settings.cilium;
  const underlay = fromPod && encryption !== 'none' ? encryption : undefined;
  draft.assume.add('Client and server run on different nodes; on one node nothing is encrypted.');
  if (underlay)
    draft.assume.add(
      `Cilium encrypts between nodes with ${underlay}: no file says so, but the setting meshpath.cilium.encryption.`,
    );
  draft
    .go('ce:node-b', 'cilium-ebpf', {
      kind: 'plaintext',
      port,
      why: underlay
        ? 'The mesh adds nothing; the network between the nodes is encrypted.'
        : 'Nothing encrypts the connection on the way.',
      certainty: 'assumed',
      underlay,
    })
    .decides('L4', { port, portMeaning: 'workload', srcIp: 'client' });
  if (readsRequests(context, ends, server)) {
    draft
      .go('cn:node-b', 'cilium-envoy', redirect('A policy reads requests, so they go through the Envoy of the node.'))
      .decides('L7', { port, portMeaning: 'workload', srcIp: 'client' });
  }
  draft.go(`app:${nameOf(server)}`, 'app', redirect('eBPF hands the connection to the pod.'));
}

/** A route for the Service takes requests through Envoy on the client's node. */
function routed(
  context: PathContext,
  ends: Ends,
  draft: PathDraft,
  redirect: (why: string) => LegParts,
): Destination | undefined {
  if (!ends.http || ends.source.kind !== 'workload') return ends.destination;
  const node = 'cn:node-a';
  const answer = routeAt(context, ends, { node, reader: 'cilium-envoy', namespace: ends.source.workload.namespace });
  if (!answer) return ends.destination;
  draft
    .go(node, 'cilium-envoy', redirect('Routes of the Service are the work of the Envoy of the node.'))
    .decides('L7', { port: portOf(ends.destination), portMeaning: 'service', srcIp: 'client' });
  draft.follow(answer);
  if (!answer.refusal) return answer.to ?? ends.destination;
  draft.refusals.push(answer.refusal);
  return undefined;
}

function leaveWithout(destination: Destination, draft: PathDraft): void {
  if (destination.kind === 'service') draft.endsNowhere(destination.service);
  else if (destination.kind !== 'pod')
    leaveTheCluster(draft, destination, 'Cilium adds no encryption outside the cluster.');
}

function portOf(destination: Destination): number {
  return destination.kind === 'service' ? targetPortOf(destination.port, destination.endpoint) : destination.port;
}

function readsRequests({ world }: PathContext, ends: Ends, server: Workload): boolean {
  const request = ciliumRequestOf(ends, portOf(ends.destination));
  return ciliumRulesFor(world, server).some((rule) => ciliumAnswer(world, rule, 'ingress', request).l7 !== undefined);
}
