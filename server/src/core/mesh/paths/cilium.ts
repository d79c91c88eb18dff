import type { Workload } from '../../model/workloads.ts';
import { ciliumEncryption, ciliumEvidence, hasCiliumMtls } from '../ciliumCluster.ts';
import { HBONE_PORT, leaveTheCluster } from './arrival.ts';
import { readsHttp } from './ciliumPolicies.ts';
import { ciliumRequestOn } from './ciliumRequest.ts';
import type { PathContext } from './context.ts';
import type { LegParts, PathDraft } from './draft.ts';
import { type Destination, type Ends, endpointOf, nameOf, targetPortOf } from './ends.ts';
import { enforce } from './gateway.ts';
import { routeAt } from './routing.ts';
import type { Leg } from './vocabulary.ts';

/**
 * Through Cilium: eBPF on both nodes, and the Envoy of a node where rules or routes read requests. Nodes are in no file:
 * the client's is called `node-a`, the server's `node-b`. Between them encryption is that of the cluster, without
 * identities of workloads.
 */
export function travelCilium(context: PathContext, ends: Ends, draft: PathDraft): void {
  const { source } = ends;
  const client = source.kind === 'workload' ? source.workload : undefined;
  const server = endpointOf(ends.destination);
  if (client && server && [client, server].every(({ namespace }) => hasCiliumMtls(context.world, namespace))) {
    travelTunneled(draft, client, server, portOf(ends.destination));
    return;
  }
  if (client)
    draft.go(
      'ce:node-a',
      'cilium-ebpf',
      redirect(ends.destination, 'What the pod sends is taken over by eBPF on its node.'),
    );
  if (context.hypothesis === undefined && ciliumEvidence(context.world) === 'inferred')
    draft.assume.add('Cilium is the mesh: routes of Services need one, and no workload is in another.');
  const destination = client ? sent(context, ends, draft, client) : received(context, ends, draft);
  if (!destination) return;
  const reached = endpointOf(destination);
  if (reached) cross(context, { ...ends, destination }, draft, reached);
  else if (destination.kind === 'service') draft.endsNowhere(destination.service);
  else if (destination.kind !== 'pod')
    leaveTheCluster(draft, destination, 'Cilium adds no encryption outside the cluster.');
}

function redirect(destination: Destination, why: string): LegParts {
  return { kind: 'node-redirect', port: portOf(destination), why };
}

/** What the Envoy on the client's node does: it follows routes for the Service, and asks rules about what pods send. */
function sent(context: PathContext, ends: Ends, draft: PathDraft, client: Workload): Destination | undefined {
  const { destination } = ends;
  const node = 'cn:node-a';
  const answer = ends.http
    ? routeAt(context, ends, { node, reader: 'cilium-envoy', namespace: client.namespace })
    : undefined;
  const reached = endpointOf(answer?.to ?? destination);
  const reads = reached && readsHttp(context, client, 'egress', requestOn(context, ends, `app:${nameOf(reached)}`));
  if (!answer && !reads) return destination;
  const why = answer
    ? 'Routes of the Service are the work of the Envoy of the node.'
    : 'A policy reads what the pod sends, so it goes through the Envoy of the node.';
  draft
    .go(node, 'cilium-envoy', redirect(destination, why))
    .decides('L7', { port: portOf(destination), portMeaning: 'service', srcIp: 'client' });
  if (!answer) return destination;
  draft.follow(answer);
  if (!answer.refusal) return answer.to ?? destination;
  draft.refusals.push(answer.refusal);
  return undefined;
}

/** What a Gateway of Cilium does; a client outside of the cluster has nobody who routes for it. */
function received(context: PathContext, ends: Ends, draft: PathDraft): Destination | undefined {
  if (ends.source.kind !== 'gateway') return ends.destination;
  const { namespace } = ends.source.gateway;
  const answer = routeAt(context, ends, { node: draft.here, reader: 'gateway', namespace });
  if (ends.entered) enforce(ends.entered, answer, ends, draft);
  // Without a way in the question names the backend, as if a route led there.
  else if (answer && !answer.refusal) draft.follow(answer);
  if (draft.refusals.length > 0) return undefined;
  draft.backend = answer?.to ?? ends.destination;
  return draft.backend;
}

/** From node to node, and to the pod. */
function cross(context: PathContext, ends: Ends, draft: PathDraft, server: Workload): void {
  const port = portOf(ends.destination);
  const from = (ends.source.kind === 'gateway' ? draft.here : draft.nodes[0]?.id) ?? '';
  draft
    .go('ce:node-b', 'cilium-ebpf', betweenNodes(context, ends, draft, port))
    .decides('L4', { port, portMeaning: 'workload', srcIp: 'client' });
  const probed = ends.source.kind === 'kubelet';
  if (!probed && readsHttp(context, server, 'ingress', requestOn(context, ends, from))) {
    const why = 'A policy reads requests, so they go through the Envoy of the node.';
    draft
      .go('cn:node-b', 'cilium-envoy', redirect(ends.destination, why))
      .decides('L7', { port, portMeaning: 'workload', srcIp: 'client' });
  }
  draft.go(`app:${nameOf(server)}`, 'app', redirect(ends.destination, 'eBPF hands the connection to the pod.'));
}

function betweenNodes({ world, settings }: PathContext, { source }: Ends, draft: PathDraft, port: number): LegParts {
  const known = ciliumEncryption(world);
  const encryption = known ?? settings.cilium.encryption;
  const fromPod = source.kind === 'workload';
  const underlay = fromPod && encryption !== 'none' ? encryption : undefined;
  if (fromPod) draft.assume.add('Client and server run on different nodes; on one node nothing is encrypted.');
  if (underlay && known === undefined)
    draft.assume.add(
      `Cilium encrypts between nodes with ${underlay}: no file says so, but the setting meshpath.cilium.encryption.`,
    );
  return {
    kind: 'plaintext',
    port,
    why: underlay
      ? 'The mesh adds nothing; the network between the nodes is encrypted.'
      : 'Nothing encrypts the connection on the way.',
    certainty: 'assumed',
    // What a gateway's Envoy sends from its node is no traffic of pods, which may or may not be encrypted.
    underlay: source.kind === 'gateway' && encryption !== 'none' ? 'unknown' : underlay,
  };
}

/** With the ztunnel of Cilium: mutual TLS from pod to pod, of which policies see the port of the tunnel alone. */
function travelTunneled(draft: PathDraft, client: Workload, server: Workload, port: number): void {
  draft.assume.add(
    'Cilium runs its ztunnel (beta), which tunnels TCP between namespaces labeled io.cilium/mtls-enabled; no file says so but the label.',
  );
  draft
    .go(`zt:${nameOf(client)}`, 'ztunnel', {
      kind: 'capture',
      port: 15001,
      why: 'What the pod sends is redirected to ztunnel inside the pod.',
    })
    .go(`zt:${nameOf(server)}`, 'ztunnel', {
      kind: 'hbone',
      port: HBONE_PORT,
      certainty: 'assumed',
      why: 'Both namespaces are labeled for mutual TLS; the names in the certificates are in no file.',
    })
    .go(`app:${nameOf(server)}`, 'app', {
      kind: 'deliver',
      port,
      why: 'The proxy hands the request to the application in its pod.',
    });
}

/** The request before it has a leg of its own. */
function requestOn({ world }: PathContext, ends: Ends, other: string) {
  const leg: Pick<Leg, 'port' | 'encrypted'> = { port: portOf(ends.destination), encrypted: false };
  return ciliumRequestOn(world, ends, leg, other);
}

function portOf(destination: Destination): number {
  return destination.kind === 'service' ? targetPortOf(destination.port, destination.endpoint) : destination.port;
}
