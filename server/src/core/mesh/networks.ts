import type { Labels } from '../model/labels.ts';
import { labelsOf } from '../model/labels.ts';
import type { Located } from '../model/located.ts';
import type { Service, Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { at, text } from '../yaml/access.ts';

/** Networks whose pods do not reach one another directly, and the east-west gateways between them (P9). */

const NETWORK = 'topology.istio.io/network';
const EAST_WEST = 'istio-east-west';
/** Gateways of other clusters, known here by their address alone. */
const REMOTE = 'istio-remote';

/** The network of a workload: what it says itself, else what the system namespace says for its cluster. */
export function networkOf(
  world: World,
  rootNamespace: string,
  { labels, located, spec }: Workload,
): string | undefined {
  const entry = located.resource.kind === 'WorkloadEntry' ? text(spec, 'network') : undefined;
  return entry ?? networkIn(world, rootNamespace, labels);
}

/** The network of a Gateway, a waypoint among them. */
export function networkOfGateway(world: World, rootNamespace: string, gateway: Located): string | undefined {
  return networkIn(world, rootNamespace, labelsOf(at(gateway.root, 'metadata', 'labels')));
}

function networkIn(world: World, rootNamespace: string, labels: Labels): string | undefined {
  return labels.get(NETWORK) ?? world.namespaceLabels(rootNamespace)?.get(NETWORK);
}

/** Whether a Gateway is for traffic between networks in ambient mode. */
export function isEastWest(gateway: Located): boolean {
  return text(gateway.root, 'spec', 'gatewayClassName') === EAST_WEST;
}

/** The gateway by which a network is entered. */
export function entranceOf(world: World, network: string): Located | undefined {
  return world
    .ofKind('gateway.networking.k8s.io/Gateway')
    .find(
      (gateway) =>
        [EAST_WEST, REMOTE].includes(text(gateway.root, 'spec', 'gatewayClassName') ?? '') &&
        text(gateway.root, 'metadata', 'labels', NETWORK) === network,
    );
}

/** Whether a Service has endpoints in other clusters too; without the label each cluster keeps its own. */
export function isGlobal({ labels }: Service): boolean {
  return labels.get('istio.io/global') === 'true';
}
