import type { Workload } from '../../model/workloads.ts';
import { arrive, noteDoubt, type Sender } from './arrival.ts';
import { endsAtCanary } from './canary.ts';
import { type Addressee, bindingFor, type PathContext, type Waypoint, waypointFor } from './context.ts';
import { inReach, standsIn } from './crossing.ts';
import type { PathDraft } from './draft.ts';
import { type Destination, type Ends, nameOf } from './ends.ts';
import { workloadIdentity } from './istioIdentity.ts';
import { goOn } from './onward.ts';
import { throughWaypoint } from './waypoint.ts';

/** From a pod in ambient mode: through its ztunnel, and through a waypoint where what is addressed has one (P2). */

const CAPTURE_PORT = 15001;

export function leaveAmbient(context: PathContext, ends: Ends, draft: PathDraft): void {
  if (ends.source.kind !== 'workload') return;
  const { workload } = ends.source;
  const { destination } = ends;
  const own = destination.kind === 'pod' && destination.workload === workload;
  if (own) {
    draft.note = 'A pod that calls its own address is not captured.';
    arrive({ ...context, hypothesis: undefined }, draft, workload, destination.port, PLAIN);
    return;
  }
  noteDoubt(context, draft, workload);
  draft.go(`zt:${nameOf(workload)}`, 'ztunnel', {
    kind: 'capture',
    port: CAPTURE_PORT,
    why: 'What the pod sends is redirected to ztunnel inside the pod.',
  });
  const sender: Sender = {
    speaks: new Set(['hbone']),
    identity: workloadIdentity(context, workload),
    srcIp: 'client',
  };
  const addressee = addresseeOf(destination);
  if (addressee && endsAtCanary(context, addressee, draft)) return;
  const waypoint = waypointOn(context, addressee, workload, draft);
  const from = standsIn(context, workload);
  if (waypoint) throughWaypoint(context, ends, draft, waypoint, sender, from);
  else goDirectly(context, ends, draft, sender, from);
}

const PLAIN: Sender = { speaks: new Set(), identity: null, srcIp: 'client' };

/** What is addressed decides: the Service, or the pod where its address is used, as for headless Services (P1). */
export function addresseeOf(destination: Destination): Addressee | undefined {
  switch (destination.kind) {
    case 'service': {
      const { service, endpoint } = destination;
      if (!service.headless) return { service };
      return endpoint && { workload: endpoint };
    }
    case 'pod':
      return { workload: destination.workload };
    case 'entry':
      return { entry: destination.entry };
    case 'host':
      return undefined;
  }
}

function waypointOn(
  context: PathContext,
  addressee: Addressee | undefined,
  client: Workload,
  draft: PathDraft,
): Waypoint | undefined {
  if (!addressee) return undefined;
  const waypoint = waypointFor(context, addressee);
  const binding = bindingFor(context, addressee);
  if (binding.state === 'bound') {
    draft.assume.add(
      context.settings.istiod.waypointsProgrammed
        ? 'Waypoints are ready: their Gateways have addresses. Until then Istio sends requests past them (meshpath.istiod.waypointsProgrammed).'
        : 'Waypoints are not ready, so requests go past them (meshpath.istiod.waypointsProgrammed).',
    );
  } else if (binding.state === 'none' && !binding.certain && context.hypothesis === undefined) {
    draft.assume.add('No waypoint is bound by the Namespace, which the workspace does not have.');
  }
  // A waypoint does not call itself through itself.
  const isSelf = waypoint && client.namespace === waypoint.namespace && client.name === waypoint.name;
  return isSelf ? undefined : waypoint;
}

/** To the pod itself, where no waypoint stands between. */
export function goDirectly(
  context: PathContext,
  { destination, chosenEndpoint }: Ends,
  draft: PathDraft,
  sender: Sender,
  from: string | undefined,
): void {
  goOn(context, draft, {
    destination: inReach(context, destination, from, chosenEndpoint),
    sender,
    from,
    outside: 'ztunnel passes on what it does not know, and adds nothing.',
  });
}
