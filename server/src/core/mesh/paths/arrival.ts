import type { Workload } from '../../model/workloads.ts';
import { skippedInboundPorts } from '../linkerdPorts.ts';
import { type PathContext, planeOf } from './context.ts';
import type { PathDraft } from './draft.ts';
import { type Destination, entryTargetPort, nameOf } from './ends.ts';

/** How a request arrives at a workload: through the proxy of its data plane, or directly. */

/** What the sender of the last network leg can speak, and as whom. */
export interface Sender {
  /** The kinds of mutual TLS that it can start, beside plaintext. */
  readonly speaks: ReadonlySet<'hbone' | 'istio-mtls' | 'linkerd-mtls'>;
  readonly identity: string | null;
  /** Whose address the receiver sees. */
  readonly srcIp: 'client' | 'previous-hop';
}

/** From where the path stands to a workload: over the network to its proxy or to itself. */
export function arrive(context: PathContext, draft: PathDraft, workload: Workload, port: number, sender: Sender): void {
  if (planeOf(context, workload) === 'linkerd') arriveAtLinkerd(context, draft, workload, port, sender);
  else arriveDirectly(draft, workload, port);
}

function arriveDirectly(draft: PathDraft, workload: Workload, port: number): void {
  draft.go(`app:${nameOf(workload)}`, 'app', {
    kind: 'plaintext',
    port,
    appTls: 'unknown',
    why: 'No proxy of a mesh stands before the workload.',
  });
}

function arriveAtLinkerd(
  context: PathContext,
  draft: PathDraft,
  workload: Workload,
  port: number,
  { speaks, identity, srcIp }: Sender,
): void {
  if (skippedInboundPorts(context.world, workload).has(port)) {
    arriveDirectly(draft, workload, port);
    return;
  }
  const meshed = speaks.has('linkerd-mtls');
  draft
    .go(`li:${nameOf(workload)}`, 'linkerd-inbound', {
      kind: meshed ? 'linkerd-mtls' : 'plaintext',
      port: meshed ? 4143 : port,
      identity,
      why: meshed
        ? 'Between two pods of the mesh the proxies speak mutual TLS.'
        : 'The client has no proxy of this mesh; what it sends is redirected to the inbound side of the proxy.',
    })
    .decides('L7', { port, portMeaning: 'workload', srcIp });
  draft.go(`app:${nameOf(workload)}`, 'app', {
    kind: 'deliver',
    port,
    why: 'The proxy hands the request to the application in its pod.',
  });
}

/** To a host that is no workload here: nothing of a mesh is added on the way. */
export function leaveTheCluster(
  draft: PathDraft,
  destination: Extract<Destination, { kind: 'entry' | 'host' }>,
  why: string,
): void {
  const { host } = destination;
  const port = destination.kind === 'entry' ? entryTargetPort(destination.entry, destination.port) : destination.port;
  draft.go(`ext:${host}`, 'external', {
    kind: 'plaintext',
    port,
    appTls: 'unknown',
    why: `${why} The application may speak TLS of its own.`,
  });
}
