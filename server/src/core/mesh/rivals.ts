import { labelsOf, matchesLabels } from '../model/labels.ts';
import type { Located } from '../model/located.ts';
import type { Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { entriesOf } from '../yaml/access.ts';
import { selectorOf } from './selection.ts';
import { hasTargetRefs } from './ztunnelPolicy.ts';

/** Two policies of one kind and one level, for the same workloads. */
export interface Rival {
  readonly located: Located;
  /** A workload that both select; undefined when both are for everything in their namespace. */
  readonly workload: Workload | undefined;
}

/**
 * Another policy of the same kind for the same workloads as this one, as far as the workspace tells; of those that count
 * where not all do.
 */
export function rivalOf(
  world: World,
  policy: Located,
  counts: (other: Located) => boolean = () => true,
): Rival | undefined {
  if (hasTargetRefs(policy.root)) return undefined;
  const others = world
    .inNamespace(policy.kindKey, policy.namespace)
    .filter((other) => other.name !== policy.name && !hasTargetRefs(other.root) && counts(other));
  const wanted = wantedBy(policy);
  if (!wanted) {
    const rival = others.find((other) => !wantedBy(other));
    return rival && { located: rival, workload: undefined };
  }
  if (others.length === 0) return undefined;
  const chosen = world.workloads(policy.namespace).filter(({ labels }) => matchesLabels(wanted, labels));
  for (const located of others) {
    const labels = wantedBy(located);
    const workload = labels && chosen.find((each) => matchesLabels(labels, each.labels));
    if (workload) return { located, workload };
  }
  return undefined;
}

/** What the rival does, as the end of a sentence about it. */
export function describeRival({ workload }: Rival): string {
  return workload
    ? `also selects ${workload.located.resource.kind} \`${workload.name}\``
    : 'is for the whole namespace, too';
}

/** The labels that a policy selects by; undefined when it has no selector. */
function wantedBy(policy: Located): ReadonlyMap<string, string> | undefined {
  const selector = selectorOf(policy);
  return entriesOf(selector).length === 0 ? undefined : labelsOf(selector);
}
