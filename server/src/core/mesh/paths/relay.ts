import type { Workload } from '../../model/workloads.ts';
import { clientTls } from '../clientTls.ts';
import { meshConfigOf } from '../meshConfig.ts';
import { type Opening, openness, serversOf } from '../routing/openings.ts';
import { hostOf } from './clientRules.ts';
import { type PathContext, planeOf } from './context.ts';
import type { LegParts, PathDraft } from './draft.ts';
import { addressedPort, type Ends, nameOf, workloadAt } from './ends.ts';
import { leaveGateway } from './gateway.ts';
import { workloadIdentity } from './istioIdentity.ts';
import type { RouteDestination } from './vocabulary.ts';

/**
 * A gateway in the middle, as for calls that have to leave by an egress gateway: what a route sends to its Service goes on
 * by the gateway's own routes, and still for the host that the client asked for.
 */
export function relay(context: PathContext, ends: Ends, draft: PathDraft): void {
  const { source, destination, http } = ends;
  const workload = workloadAt(context.world, draft.here);
  const host = (http?.host ?? hostOf(destination))?.toLowerCase();
  if (source.kind !== 'workload' || !workload || host === undefined) return;
  if (draft.refusals.length > 0 || planeOf(context, workload) !== 'gateway') return;
  const taken = draft.routes.at(-1)?.destinations.find((candidate) => candidate.taken);
  const port = taken?.port ?? addressedPort(destination);
  const opening = openingFor(context, workload, host, port);
  if (!opening) return;
  const site = { located: opening.owner, node: opening.node };
  draft.arriveInstead(`gw:${nameOf(workload)}`, 'gateway', mutualLeg(context, source.workload, taken, port), [site]);
  const onward: Ends = {
    source: { kind: 'gateway', gateway: workload.located, workload },
    destination,
    http: http && { ...http, host },
    entered: opening,
  };
  leaveGateway(context, onward, draft);
}

function openingFor({ world }: PathContext, workload: Workload, host: string, port: number): Opening | undefined {
  const rated = serversOf(world, workload).flatMap((opening) => {
    const rank = opening.port === port ? openness(opening, host) : undefined;
    return rank === undefined ? [] : [{ opening, rank }];
  });
  return rated.toSorted((a, b) => b.rank - a.rank)[0]?.opening;
}

/** Gateways have no mutual TLS of their own accord: a DestinationRule for their Service has to ask for it. */
function mutualLeg(
  context: PathContext,
  client: Workload,
  taken: RouteDestination | undefined,
  port: number,
): LegParts | undefined {
  if (!taken) return undefined;
  const { rootNamespace } = meshConfigOf(context.world, context.settings);
  const call = {
    namespace: client.namespace,
    host: taken.host,
    port,
    ...(taken.subset ? { subset: taken.subset } : {}),
  };
  const { mode, decidedBy, node } = clientTls(context.world, rootNamespace, call);
  if (mode !== 'ISTIO_MUTUAL') return undefined;
  return {
    kind: 'istio-mtls',
    port,
    identity: workloadIdentity(context, client),
    why: 'A DestinationRule has clients speak mutual TLS with the gateway.',
    because: decidedBy && node ? [{ located: decidedBy, node }] : [],
  };
}
