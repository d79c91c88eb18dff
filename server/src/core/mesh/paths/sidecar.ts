import { hostKey } from '../../model/hostIndex.ts';
import { serviceOfHost } from '../../model/hosts.ts';
import { isVisibleIn, sidecarImports } from '../../model/visibility.ts';
import type { Workload } from '../../model/workloads.ts';
import { text } from '../../yaml/access.ts';
import { meshConfigOf } from '../meshConfig.ts';
import { outboundMode, sidecarFor } from '../sidecarScopes.ts';
import { arrive, noteDoubt, type Sender } from './arrival.ts';
import { hostOf, tlsTowards } from './clientRules.ts';
import { type PathContext, planeOf } from './context.ts';
import { standsIn } from './crossing.ts';
import type { PathDraft } from './draft.ts';
import { type Destination, type Ends, endsOf, nameOf } from './ends.ts';
import { workloadIdentity } from './istioIdentity.ts';
import { goOn, NO_MESH_OUTSIDE } from './onward.ts';
import { routeAt } from './routing.ts';
import { speechOf } from './speech.ts';

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
  const byHost = serviceByHost(context, ends);
  const named = byHost && isKnown(context, byHost.destination, workload) ? byHost : ends;
  const known = isKnown(context, named.destination, workload);
  // A VirtualService can make up a host that nothing else has.
  const answer =
    known || named.destination.kind === 'host'
      ? routeAt(context, named, { node: draft.here, reader: 'sidecar', namespace: workload.namespace })
      : undefined;
  if (answer) draft.follow(answer);
  if (answer?.refusal) draft.refusals.push(answer.refusal);
  else if (!known && !answer) leaveUnknown(context, named.destination, draft, workload);
  // A proxy that knows only the name in a handshake hands the connection on as it is.
  else send(context, answer?.to ?? named.destination, draft, workload, speechOf(named)?.as === 'tls');
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
function send(
  context: PathContext,
  destination: Destination,
  draft: PathDraft,
  client: Workload,
  passesTls: boolean,
): void {
  const own = senderTo(context, destination, client.namespace, workloadIdentity(context, client));
  const sender = { ...own, passesTls };
  // No route knows the address of a pod, so it is passed through: no TLS of the mesh and no identity (P4c).
  if (destination.kind === 'pod') {
    arrive(context, draft, destination.workload, destination.port, UNKNOWN_HOST);
    return;
  }
  // Nobody has verified what a sidecar speaks to pods in ambient mode that it addresses one by one (P4b).
  const endpoint = destination.kind === 'service' && destination.service.headless ? destination.endpoint : undefined;
  const unverified = endpoint !== undefined && planeOf(context, endpoint) === 'ambient';
  if (unverified)
    draft.assume.add('A sidecar that calls a headless Service of pods in ambient mode is taken to use HBONE.');
  goOn(context, draft, {
    destination,
    sender: unverified ? { ...sender, certainty: 'unknown' } : sender,
    from: standsIn(context, client),
    outside: NO_MESH_OUTSIDE,
  });
}

/** To a host that the sidecar was not told of: refused where only registered hosts may be called, else passed on. */
function leaveUnknown(context: PathContext, destination: Destination, draft: PathDraft, client: Workload): void {
  if (isRefused(context, draft, client)) return;
  if (destination.kind === 'service')
    draft.remark(
      `The sidecar of ${nameOf(client)} does not know ${nameOf(destination.service)} (a Sidecar resource, or exportTo), so its calls are passed on without the mesh.`,
    );
  goOn(context, draft, { destination, sender: UNKNOWN_HOST, outside: NO_MESH_OUTSIDE });
}

const UNKNOWN_HOST: Sender = { speaks: new Set(), identity: null, srcIp: 'client' };

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

/** Whether the client's sidecar was told of a host: some resource has it, and the Sidecar for the client imports it. */
function isKnown({ world, settings }: PathContext, destination: Destination, client: Workload): boolean {
  const host = hostOf(destination);
  // Addresses of pods are passed through in any case.
  if (host === undefined) return true;
  if (destination.kind === 'host' || destination.kind === 'pod') return false;
  const sidecar = sidecarFor(world, meshConfigOf(world, settings).rootNamespace, client);
  const located = destination.kind === 'service' ? destination.service.located : destination.entry;
  if (!isVisibleIn(located, client.namespace)) return false;
  const { namespace } = located;
  return !sidecar || sidecarImports(sidecar, client.namespace, { key: hostKey(host, namespace), namespace });
}

/** Where only registered hosts may be called, an unknown one is refused at the sidecar. */
function isRefused({ world, settings }: PathContext, draft: PathDraft, client: Workload): boolean {
  const { root, rootNamespace } = meshConfigOf(world, settings);
  const scoped = outboundMode(sidecarFor(world, rootNamespace, client));
  const mode = scoped ?? text(root, 'outboundTrafficPolicy', 'mode') ?? 'ALLOW_ANY';
  if (mode !== 'REGISTRY_ONLY') return false;
  draft.refusals.push({
    result: 'deny',
    at: draft.here,
    by: 'outboundTrafficPolicy:REGISTRY_ONLY',
    signal: 'HTTP 502',
  });
  return true;
}
