import { isAmbientNamespace } from '../../mesh/enrolment.ts';
import { needsL7 } from '../../mesh/l7.ts';
import { selectionOf } from '../../mesh/selection.ts';
import { USE_WAYPOINT } from '../../mesh/waypoints.ts';
import { hasTargetRefs } from '../../mesh/ztunnelPolicy.ts';
import type { Labels } from '../../model/labels.ts';
import type { Located } from '../../model/located.ts';
import type { Scope } from '../check.ts';

/**
 * Kiali has two codes for each kind that needs a waypoint: one for what is not attached by reference, one for what is in
 * a namespace, or selects a workload, without a waypoint label. Both hold only in namespaces in ambient mode.
 */
export function kialiCodes(scope: Scope, located: Located, notTargeted: string, notEnrolled: string): string[] {
  const { world, meshConfig } = scope;
  if (!isAmbientNamespace(world, located.namespace)) return [];
  const codes = hasTargetRefs(located.root) ? [] : [notTargeted];
  const namespace = world.namespaceLabels(located.namespace);
  const { workloads } = selectionOf(world, meshConfig.rootNamespace, located);
  const owners = hasTargetRefs(located.root) || workloads.length === 0 ? [undefined] : workloads;
  return owners.some((workload) => !isEnrolled(workload?.labels, namespace)) ? [...codes, notEnrolled] : codes;
}

const NOT_ENROLLED: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'KIA0109',
  RequestAuthentication: 'KIA1110',
  WasmPlugin: 'KIA1111',
  Telemetry: 'KIA1112',
};

/** The code for a policy with targets in a namespace that has no waypoint. */
export function notEnrolledCodes(scope: Scope, located: Located): string[] {
  const code = NOT_ENROLLED[located.resource.kind];
  return code !== undefined && needsL7(located).length > 0 ? kialiCodes(scope, located, '', code) : [];
}

function isEnrolled(own: Labels | undefined, namespace: Labels | undefined): boolean {
  const name = own?.get(USE_WAYPOINT) ?? namespace?.get(USE_WAYPOINT);
  return name !== undefined && name !== '' && name !== 'none';
}
