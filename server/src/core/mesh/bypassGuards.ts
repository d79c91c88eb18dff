import type { Located } from '../model/located.ts';
import type { Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import type { CoreSettings } from '../settings.ts';
import { at } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { meshConfigOf } from './meshConfig.ts';
import { sourcesOf } from './principals.ts';
import { ztunnelSelection } from './selection.ts';
import { waypointServiceAccount, waypointsBefore } from './waypoints.ts';
import { CALLER_FIELDS, type Caller, EXCEPTED_FIELDS, isAdmitted, sourceFits } from './ztunnelCallers.ts';
import { actionOf } from './ztunnelPolicy.ts';

/** Policies at ztunnel that let the waypoint before some pods through, and not those who come past it. */

export interface BypassGuard {
  /** The list of callers. */
  readonly node: YamlNode;
  readonly workload: Workload;
  readonly waypoint: Located;
  /** Whether the guard turns a caller away. */
  readonly refuses: (caller: Caller) => boolean;
}

/** What a policy guards; empty for a policy that lets no waypoint through, or that says nothing of callers. */
export function bypassGuardsOf(world: World, settings: CoreSettings, policy: Located): BypassGuard[] {
  const action = actionOf(policy.root);
  if (action !== 'ALLOW' && action !== 'DENY') return [];
  const deny = action === 'DENY';
  const fields = deny ? EXCEPTED_FIELDS : CALLER_FIELDS;
  const sources = sourcesOf(policy.root).filter((source) => fields.some((field) => at(source, field)));
  const node = sources.flatMap((source) => fields.flatMap((field) => at(source, field) ?? []))[0];
  const { rootNamespace, trustDomain } = meshConfigOf(world, settings);
  const selection = node && ztunnelSelection(world, rootNamespace, policy);
  if (!node || !selection) return [];
  return selection.ambient.flatMap((workload) => {
    const refuses = (caller: Caller) =>
      deny
        ? sources.some((source) => sourceFits(source, policy, caller))
        : !isAdmitted(world, rootNamespace, workload, caller);
    const waypoint = waypointsBefore(world, workload).find(
      (candidate) =>
        !refuses({
          trustDomain,
          namespace: candidate.namespace,
          serviceAccount: waypointServiceAccount(candidate),
        }),
    );
    return waypoint ? [{ node, workload, waypoint, refuses }] : [];
  });
}
