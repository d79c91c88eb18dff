import type { Workload } from '../../model/workloads.ts';
import { skippedInboundPorts } from '../linkerdPorts.ts';
import { enrolmentIn, mtlsOf, type PathContext, planeOf } from './context.ts';
import type { LegParts, PathDraft } from './draft.ts';
import { type Destination, entryTargetPort, nameOf } from './ends.ts';
import type { Certainty } from './vocabulary.ts';

/** How a request arrives at a workload: through the proxy of its data plane, or directly. */

export const HBONE_PORT = 15008;
const LINKERD_PORT = 4143;

/** What the sender of the last network leg can speak, and as whom. */
export interface Sender {
  /** The kinds of mutual TLS that it can start, beside plaintext. */
  readonly speaks: ReadonlySet<'hbone' | 'istio-mtls' | 'linkerd-mtls'>;
  readonly identity: string | null;
  /** Whose address the receiver sees. */
  readonly srcIp: 'client' | 'previous-hop';
  /** Set where the client starts TLS of its own, which is not the mesh's. */
  readonly originates?: boolean;
  /** Set where no rule says for certain that the sender speaks so. */
  readonly certainty?: Certainty;
  /** Set where a client's own TLS is passed on by the name in its handshake. */
  readonly passesTls?: boolean;
}

/** From where the path stands to a workload: over the network to its proxy or to itself. */
export function arrive(context: PathContext, draft: PathDraft, workload: Workload, port: number, sender: Sender): void {
  noteDoubt(context, draft, workload);
  switch (planeOf(context, workload)) {
    case 'ambient':
      arriveAtZtunnel(draft, workload, port, sender);
      break;
    case 'sidecar':
      arriveAtSidecar(context, draft, workload, port, sender);
      break;
    case 'linkerd':
      arriveAtLinkerd(context, draft, workload, port, sender);
      break;
    default:
      arriveDirectly(draft, workload, port, sender);
  }
}

/** Says so where a Namespace that decides is not in the workspace. */
export function noteDoubt(context: PathContext, draft: PathDraft, workload: Workload): void {
  if (context.hypothesis !== undefined || enrolmentIn(context, workload).certain) return;
  draft.assume.add(
    `Whether ${nameOf(workload)} is in the mesh is decided by Namespace ${workload.namespace}, which the workspace does not have.`,
  );
}

function arriveDirectly(draft: PathDraft, workload: Workload, port: number, sender: Sender): void {
  draft.go(`app:${nameOf(workload)}`, 'app', {
    ...withoutMesh(sender),
    port,
    why: 'No proxy of a mesh stands before the workload.',
  });
}

/** What a leg is to which no mesh adds anything. */
function withoutMesh({
  originates,
  passesTls,
}: Pick<Sender, 'originates' | 'passesTls'>): Pick<LegParts, 'kind' | 'appTls'> {
  if (originates) return { kind: 'tls-originate' };
  return passesTls ? { kind: 'tls-passthrough', appTls: 'yes' } : { kind: 'plaintext', appTls: 'unknown' };
}

function arriveAtZtunnel(draft: PathDraft, workload: Workload, port: number, sender: Sender): void {
  const meshed = sender.speaks.has('hbone');
  const bypassed = workload.annotations.get('ambient.istio.io/bypass-inbound-capture') === 'true';
  if (!meshed && bypassed) {
    arriveDirectly(draft, workload, port, sender);
    return;
  }
  draft
    .go(`zt:${nameOf(workload)}`, 'ztunnel', ztunnelLeg(port, sender))
    .decides('L4', { port, portMeaning: 'workload', srcIp: sender.srcIp });
  deliver(draft, workload, port);
}

function ztunnelLeg(port: number, { speaks, identity, originates, certainty }: Sender): LegParts {
  if (speaks.has('hbone'))
    return {
      kind: 'hbone',
      port: HBONE_PORT,
      identity,
      why: 'The pod is in ambient mode, so that it is reached by HBONE.',
      ...(certainty ? { certainty } : {}),
    };
  return originates
    ? {
        kind: 'tls-originate',
        port,
        why: 'A DestinationRule starts TLS that is not of the mesh, and ztunnel passes it on.',
      }
    : { kind: 'plaintext', port, why: 'The sender speaks no HBONE; ztunnel takes over what comes in as it is.' };
}

function arriveAtSidecar(
  context: PathContext,
  draft: PathDraft,
  workload: Workload,
  port: number,
  sender: Sender,
): void {
  draft
    .go(`sc:${nameOf(workload)}`, 'sidecar', sidecarLeg(context, draft, workload, port, sender))
    .decides('L7', { port, portMeaning: 'workload', srcIp: sender.srcIp });
  deliver(draft, workload, port);
}

function sidecarLeg(
  context: PathContext,
  draft: PathDraft,
  workload: Workload,
  port: number,
  { speaks, identity, originates }: Sender,
): LegParts {
  const { settings } = context;
  const labeled = workload.labels.get('networking.istio.io/tunnel')?.includes('http') ?? false;
  const takesHbone = labeled || settings.istiod.sidecarsSpeakHbone;
  const preferred = !speaks.has('istio-mtls') || settings.istiod.preferSendingHbone;
  if (speaks.has('hbone') && takesHbone && preferred)
    return { kind: 'hbone', port: HBONE_PORT, identity, why: 'The sidecar was started with HBONE.' };
  if (speaks.has('istio-mtls')) {
    const { mode } = mtlsOf(context, workload, port);
    return mode === 'DISABLE'
      ? { kind: 'plaintext', port, why: 'The server asks for no mutual TLS, and clients follow.' }
      : { kind: 'istio-mtls', port, identity, why: 'Two sidecars speak mutual TLS on the port of the application.' };
  }
  if (originates) return { kind: 'tls-originate', port, why: 'A DestinationRule starts TLS that is not of the mesh.' };
  const certainty: Certainty = speaks.has('hbone') ? 'assumed' : 'certain';
  if (speaks.has('hbone')) {
    draft.assume.add(
      `The sidecar of ${nameOf(workload)} was started without HBONE: the injector's label networking.istio.io/tunnel is not in the file, and meshpath.istiod.sidecarsSpeakHbone says no.`,
    );
  }
  return { kind: 'plaintext', port, certainty, why: 'The sender and the sidecar share no mutual TLS.' };
}

function arriveAtLinkerd(
  context: PathContext,
  draft: PathDraft,
  workload: Workload,
  port: number,
  sender: Sender,
): void {
  if (skippedInboundPorts(context.world, workload).has(port)) {
    arriveDirectly(draft, workload, port, sender);
    return;
  }
  const meshed = sender.speaks.has('linkerd-mtls');
  draft
    .go(`li:${nameOf(workload)}`, 'linkerd-inbound', {
      kind: meshed ? 'linkerd-mtls' : 'plaintext',
      port: meshed ? LINKERD_PORT : port,
      identity: sender.identity,
      why: meshed
        ? 'Between two pods of the mesh the proxies speak mutual TLS.'
        : 'The client has no proxy of this mesh; what it sends is redirected to the inbound side of the proxy.',
    })
    .decides('L7', { port, portMeaning: 'workload', srcIp: sender.srcIp });
  deliver(draft, workload, port);
}

function deliver(draft: PathDraft, workload: Workload, port: number): void {
  draft.go(`app:${nameOf(workload)}`, 'app', {
    kind: 'deliver',
    port,
    why: 'The proxy hands the request to the application in its pod.',
  });
}

/** To a host that is no Service: to the workload that its ServiceEntry selects, else out of the cluster. */
export function leaveFor(
  context: PathContext,
  draft: PathDraft,
  destination: Extract<Destination, { kind: 'entry' | 'host' }>,
  sender: Sender,
  why: string,
): void {
  if (destination.kind === 'entry' && destination.endpoint)
    arrive(context, draft, destination.endpoint, entryTargetPort(destination.entry, destination.port), sender);
  else leaveTheCluster(draft, destination, why, sender);
}

/** To a host that is no workload here: nothing of a mesh is added on the way. */
export function leaveTheCluster(
  draft: PathDraft,
  destination: Extract<Destination, { kind: 'entry' | 'host' }>,
  why: string,
  sender: Pick<Sender, 'originates' | 'passesTls'> = {},
): void {
  const { host } = destination;
  const port = destination.kind === 'entry' ? entryTargetPort(destination.entry, destination.port) : destination.port;
  const leg = withoutMesh(sender);
  draft.go(`ext:${host}`, 'external', {
    ...leg,
    port,
    why: WHY_TLS[leg.kind] ?? `${why} The application may speak TLS of its own.`,
  });
}

const WHY_TLS: Partial<Readonly<Record<LegParts['kind'], string>>> = {
  'tls-originate': 'A DestinationRule has the proxy start TLS.',
  'tls-passthrough': 'The TLS of the client is passed on by the name in its handshake.',
};
