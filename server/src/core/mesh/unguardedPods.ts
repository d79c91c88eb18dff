import type { Located } from '../model/located.ts';
import type { Service, Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { has } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { enrolmentOf } from './enrolment.ts';
import { sourcesOf } from './principals.ts';
import { authorizationsOf, isDryRun } from './selection.ts';
import { targetsOf } from './targets.ts';
import { addresseeBinding } from './waypoints.ts';
import { allowsAt, EXCEPTED_FIELDS } from './ztunnelCallers.ts';
import { actionOf } from './ztunnelPolicy.ts';

/** Pods behind a waypoint that take calls from everybody who comes past it. */

/** Whether a policy at ztunnel says who may call a workload: an ALLOW, or a DENY of all but some. */
export function isGuarded(world: World, rootNamespace: string, workload: Workload): boolean {
  if (allowsAt(world, rootNamespace, workload).length > 0) return true;
  return authorizationsOf(world, rootNamespace, workload.located).some(
    (policy) =>
      actionOf(policy.root) === 'DENY' &&
      !isDryRun(policy) &&
      sourcesOf(policy.root).some((source) => EXCEPTED_FIELDS.some((field) => has(source, field))),
  );
}

/** True for a workload that is certainly in ambient mode, and that no policy at ztunnel guards. */
export function isUnguarded(world: World, rootNamespace: string, workload: Workload): boolean {
  const { dataPlane, certain } = enrolmentOf(world, workload);
  return dataPlane === 'ambient' && certain && !isGuarded(world, rootNamespace, workload);
}

export interface UnguardedService {
  readonly service: Service;
  /** The waypoint that enforces the policy. */
  readonly waypoint: Located;
  /** The name of the Service in the policy. */
  readonly nameNode: YamlNode;
  readonly pods: readonly Workload[];
}

/** The Services that a policy at their waypoint is for, with the pods behind them that nothing guards. */
export function unguardedServices(world: World, rootNamespace: string, policy: Located): UnguardedService[] {
  if (actionOf(policy.root) === 'AUDIT') return [];
  return targetsOf(policy.root).flatMap((target) => {
    const service = target.key === '/Service' ? world.service(policy.namespace, target.name) : undefined;
    const binding = service && addresseeBinding(world, service.located);
    if (!service || binding?.state !== 'bound') return [];
    const pods = world.endpointsOf(service).filter((workload) => isUnguarded(world, rootNamespace, workload));
    return pods.length > 0 ? [{ service, waypoint: binding.waypoint, nameNode: target.nameNode, pods }] : [];
  });
}
