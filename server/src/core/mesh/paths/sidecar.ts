import { serviceOfHost } from '../../model/hosts.ts';
import { text } from '../../yaml/access.ts';
import { meshConfigOf } from '../meshConfig.ts';
import { arrive, leaveTheCluster, noteDoubt, type Sender } from './arrival.ts';
import { tlsTowards } from './clientRules.ts';
import { type PathContext, planeOf } from './context.ts';
import type { PathDraft } from './draft.ts';
import { type Destination, type Ends, endsOf, nameOf, targetPortOf } from './ends.ts';
import { workloadIdentity } from './istioIdentity.ts';
import { routeAt } from './routing.ts';
import { readsRequests } from './waypoint.ts';

/** From a pod with a sidecar, which routes by itself and never uses a waypoint (P4). */

const CAPTURE_PORT = 15001;

export function leaveSidecar(context: PathContext, ends: Ends, draft: PathDraft): void {
  if (ends.source.kind !== 'workload') return;
  const { workload } = ends.source;
  noteDoubt(context, draft, workload);
  draft.go(`sc:${nameOf(workload)}`, 'sidecar', {
    kind: 'capture',
    port: CAPTURE_PORT,
    why: 'What the pod sends is redirected to its sidecar.',
  });
  const named = serviceByHost(context, ends) ?? ends;
  const answer = readsRequests(named)
    ? routeAt(context, named, { node: draft.here, reader: 'sidecar', namespace: workload.namespace })
    : undefined;
  if (answer) draft.follow(answer);
  if (answer?.refusal) draft.refusals.push(answer.refusal);
  else goOn(context, answer?.to ?? named.destination, draft, workload.namespace, workloadIdentity(context, workload));
}

/** A request to the address of a pod is routed all the same when its Host names a Service on that port (P4c). */
function serviceByHost(context: PathContext, { source, destination, http }: Ends): Ends | undefined {
  if (destination.kind !== 'pod' || http?.host === undefined || source.kind !== 'workload') return undefined;
  const named = serviceOfHost(http.host, source.workload.namespace);
  if (!named) return undefined;
  const to = { service: `${named.namespace}/${named.name}`, port: destination.port };
  const ends = endsOf(context.world, { from: nameOf(source.workload), to, http });
  return 'problem' in ends ? undefined : ends;
}

/** On to a destination, with the TLS that rules ask for or that both sides agree on by themselves. */
function goOn(
  context: PathContext,
  destination: Destination,
  draft: PathDraft,
  namespace: string,
  identity: string,
): void {
  const sender = senderTo(context, destination, namespace, identity);
  switch (destination.kind) {
    case 'pod':
      // No route knows the address, so it is passed through: no TLS of the mesh and no identity, to whatever pod (P4c).
      arrive(context, draft, destination.workload, destination.port, { ...sender, speaks: new Set() });
      break;
    case 'service': {
      const { service, port, endpoint } = destination;
      if (!endpoint) {
        draft.endsNowhere(service);
        break;
      }
      if (service.headless && planeOf(context, endpoint) === 'ambient')
        draft.assume.add('A sidecar that calls a headless Service of pods in ambient mode is taken to use HBONE.');
      arrive(context, draft, endpoint, targetPortOf(port, endpoint), sender);
      break;
    }
    default:
      leaveBySidecar(context, destination, draft, namespace, sender);
  }
}

/** What a sidecar or gateway of a namespace speaks towards a destination. */
export function senderTo(context: PathContext, destination: Destination, namespace: string, identity: string): Sender {
  const mode = tlsTowards(context, destination, namespace);
  const srcIp = 'client' as const;
  if (mode === 'SIMPLE' || mode === 'MUTUAL') return { speaks: new Set(), identity: null, srcIp, originates: true };
  const { enableAutoMtls } = meshConfigOf(context.world, context.settings);
  if (mode === 'DISABLE' || (mode === undefined && !enableAutoMtls))
    return { speaks: new Set(), identity: null, srcIp };
  return { speaks: new Set(['istio-mtls', 'hbone']), identity, srcIp };
}

/** Outside of the mesh; where only registered hosts may be called, an unknown one is refused at the sidecar. */
function leaveBySidecar(
  { world, settings }: PathContext,
  destination: Extract<Destination, { kind: 'entry' | 'host' }>,
  draft: PathDraft,
  namespace: string,
  { originates }: Sender,
): void {
  const { root } = meshConfigOf(world, settings);
  const scoped = world
    .inNamespace('networking.istio.io/Sidecar', namespace)
    .map((sidecar) => text(sidecar.root, 'spec', 'outboundTrafficPolicy', 'mode'))
    .find((mode) => mode !== undefined);
  const mode = scoped ?? text(root, 'outboundTrafficPolicy', 'mode') ?? 'ALLOW_ANY';
  if (mode === 'REGISTRY_ONLY' && destination.kind === 'host') {
    draft.refusals.push({
      result: 'deny',
      at: draft.here,
      by: 'outboundTrafficPolicy:REGISTRY_ONLY',
      signal: 'HTTP 502',
    });
    return;
  }
  leaveTheCluster(draft, destination, 'Outside of the mesh nothing answers in its TLS.', originates);
}
