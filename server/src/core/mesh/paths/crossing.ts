import type { Located } from '../../model/located.ts';
import type { Service, Workload } from '../../model/workloads.ts';
import { meshConfigOf } from '../meshConfig.ts';
import { entranceOf, isGlobal, networkOf, networkOfGateway } from '../networks.ts';
import { HBONE_PORT, type Sender } from './arrival.ts';
import { type PathContext, planeOf, type Waypoint } from './context.ts';
import type { PathDraft } from './draft.ts';
import { type Destination, nameOf } from './ends.ts';

/**
 * From one network to another in ambient mode: a tunnel to the east-west gateway, and in it one to who is behind it, who
 * therefore sees the client and not the gateway (P9).
 */

/** Where a hop stands: the network of a pod, or of a waypoint. */
export function standsIn(context: PathContext, hop: Workload | Waypoint): string | undefined {
  const { world, settings } = context;
  const { rootNamespace } = meshConfigOf(world, settings);
  if ('serviceAccount' in hop) return networkOf(world, rootNamespace, hop);
  return hop.gateway && networkOfGateway(world, rootNamespace, hop.gateway);
}

export interface Passage {
  readonly from: string | undefined;
  readonly to: Workload | Waypoint;
  /** What is addressed; undefined for the address of a pod. */
  readonly service: Service | undefined;
  readonly sender: Sender;
}

/** Goes through the gateway of the other network where there is one to go to. False where the path ends on the way. */
export function cross(context: PathContext, draft: PathDraft, passage: Passage): boolean {
  const to = standsIn(context, passage.to);
  if (to === undefined || passage.from === to) return true;
  const gateway = entranceOf(context.world, to);
  // Of a client that no file places, a gateway into the server's network says that it is elsewhere.
  if (passage.from === undefined && !gateway) return true;
  const obstacle = obstacleTo(context, passage, to);
  if (obstacle !== undefined || !gateway) {
    draft.refusals.push({ result: 'unknown', at: draft.here, by: 'other-network' });
    draft.remark(obstacle ?? `No east-west gateway of the workspace leads into network ${to}.`);
    return false;
  }
  enter(context, draft, gateway, passage.sender);
  return true;
}

function obstacleTo(context: PathContext, { service, to, sender }: Passage, network: string): string | undefined {
  const where = `${nameOf(to)} is in network ${network}`;
  if (!service) return `${where}: only Services lead into other networks, not addresses of pods.`;
  if (!isGlobal(service)) return `${where}, and Service ${nameOf(service)} is not global (istio.io/global).`;
  if (!sender.speaks.has('hbone') || sender.speaks.has('istio-mtls'))
    return `${where}: sidecars and ingress gateways do not go through the east-west gateways of ambient mode.`;
  if ('serviceAccount' in to && planeOf(context, to) !== 'ambient')
    return `${where}, and only pods in ambient mode are reached through its east-west gateway.`;
  return undefined;
}

function enter(context: PathContext, draft: PathDraft, gateway: Located, { identity }: Sender): void {
  const because = [{ located: gateway, node: gateway.root }];
  draft.assume.add(
    context.settings.istiod.ambientEnableMultiNetwork
      ? 'Ambient mode spans several networks (meshpath.istiod.ambientEnableMultiNetwork).'
      : 'Ambient mode spans several networks, since a gateway for them is there; meshpath.istiod.ambientEnableMultiNetwork does not say so.',
  );
  draft.go(
    `ew:${nameOf(gateway)}`,
    'gateway-eastwest',
    {
      kind: 'hbone-double',
      port: HBONE_PORT,
      identity,
      certainty: 'assumed',
      why: 'The way leads into another network: a tunnel to its gateway, with the tunnel to the server in it.',
      because,
    },
    because,
  );
}

/** Of the workloads behind a Service the path follows one that is in reach: in other networks only where it is global. */
export function inReach(
  context: PathContext,
  destination: Destination,
  from: string | undefined,
  chosen: string | undefined,
): Destination {
  if (destination.kind !== 'service' || chosen !== undefined || from === undefined) return destination;
  const { service, endpoint, others } = destination;
  if (!endpoint || isGlobal(service)) return destination;
  const all = [endpoint, ...others];
  const near = all.find((workload) => (standsIn(context, workload) ?? from) === from) ?? endpoint;
  return { ...destination, endpoint: near, others: all.filter((workload) => workload !== near) };
}
