import { type Selection, selectionOf, selectorOf } from '../../mesh/selection.ts';
import { isWaypoint } from '../../mesh/waypoints.ts';
import { hasTargetRefs } from '../../mesh/ztunnelPolicy.ts';
import type { Located } from '../../model/located.ts';
import type { Scope } from '../check.ts';

/**
 * The selection of a resource that needs a sidecar or a gateway to be read, when ambient pods are what it is for. A
 * resource for a whole namespace, or for the mesh, may be meant for the gateways and sidecars in it: those are left out.
 */
export function onlyAmbientReaders({ world, meshConfig }: Scope, located: Located): Selection | undefined {
  if (hasTargetRefs(located.root)) return undefined;
  const selection = selectionOf(world, meshConfig.rootNamespace, located);
  if (!selection.reachesZtunnel) return undefined;
  if (selectorOf(located)) return selection;
  if (located.namespace === meshConfig.rootNamespace) return undefined;
  const others = selection.workloads.length > selection.ambient.length;
  return others || hasGateway({ world }, located.namespace) ? undefined : selection;
}

function hasGateway({ world }: Pick<Scope, 'world'>, namespace: string): boolean {
  return world
    .inNamespace('gateway.networking.k8s.io/Gateway', namespace)
    .some((gateway) => !isWaypoint(world, gateway));
}
