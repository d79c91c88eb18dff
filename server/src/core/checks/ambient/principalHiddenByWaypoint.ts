import { sourcesOf } from '../../mesh/principals.ts';
import { ztunnelSelection } from '../../mesh/selection.ts';
import { waypointServiceAccount, waypointsBefore } from '../../mesh/waypoints.ts';
import {
  CALLER_FIELDS,
  type Caller,
  EXCEPTED_FIELDS,
  isAdmitted,
  principalOf,
  sourceFits,
} from '../../mesh/ztunnelCallers.ts';
import { actionOf } from '../../mesh/ztunnelPolicy.ts';
import type { Located } from '../../model/located.ts';
import type { Workload } from '../../model/workloads.ts';
import { at } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** Callers by name at ztunnel, which behind a waypoint sees only the waypoint. */
export const principalHiddenByWaypoint = workspaceCheck({
  facts: {
    code: 'principal-hidden-by-waypoint',
    severity: 'error',
    what: 'A policy at ztunnel names the callers of a pod that is reached through a waypoint, but not the waypoint.',
    why: 'The pod is called by the waypoint, under its own identity. ztunnel does not see who called the waypoint, so requests that came through it are denied.',
    todo: 'Add the ServiceAccount of the waypoint to the principals, and say who may call the Service in a policy with `targetRefs`.',
    source: 'istio/ztunnel@1.30.3:src/proxy/inbound.rs',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const action = actionOf(located.root);
    const selection = ztunnelSelection(scope.world, scope.meshConfig.rootNamespace, located);
    const node = action === 'ALLOW' || action === 'DENY' ? callerField(located.root, action) : undefined;
    if (!selection || !node) return;
    for (const workload of selection.ambient) {
      const refused = waypointsBefore(scope.world, workload).find(
        (waypoint) => !passes(scope, located, action === 'DENY', workload, callerOf(scope, waypoint)),
      );
      if (!refused) continue;
      const principal = principalOf(callerOf(scope, refused));
      scope.report(
        node,
        `${workload.located.resource.kind} \`${workload.name}\` is called by its waypoint as \`${principal}\`, which ${action === 'DENY' ? 'this policy denies' : 'no policy admits'}: everything that comes through the waypoint is refused.`,
        {
          related: [
            {
              site: { located: refused, node: at(refused.root, 'metadata', 'name') ?? refused.root },
              message: 'The waypoint before these pods',
            },
          ],
        },
      );
      return;
    }
  },
});

/** The first field that names callers, or for a DENY excepts some. */
function callerField(policy: YamlNode, action: string): YamlNode | undefined {
  const fields = action === 'ALLOW' ? CALLER_FIELDS : EXCEPTED_FIELDS;
  return sourcesOf(policy).flatMap((source) => fields.flatMap((field) => at(source, field) ?? []))[0];
}

function callerOf({ meshConfig }: Scope, waypoint: Located): Caller {
  return {
    trustDomain: meshConfig.trustDomain,
    namespace: waypoint.namespace,
    serviceAccount: waypointServiceAccount(waypoint),
  };
}

function passes(
  { world, meshConfig }: Scope,
  policy: Located,
  deny: boolean,
  workload: Workload,
  caller: Caller,
): boolean {
  if (!deny) return isAdmitted(world, meshConfig.rootNamespace, workload, caller);
  const excepting = sourcesOf(policy.root).filter((source) => EXCEPTED_FIELDS.some((field) => at(source, field)));
  return !excepting.some((source) => sourceFits(source, policy, caller));
}
