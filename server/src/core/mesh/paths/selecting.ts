import { type Labels, labelsOf, matchesLabels } from '../../model/labels.ts';
import type { KindKey, Located } from '../../model/located.ts';
import type { Workload } from '../../model/workloads.ts';
import { entriesOf } from '../../yaml/access.ts';
import { meshConfigOf } from '../meshConfig.ts';
import { selectionOf, selectorOf } from '../selection.ts';
import { hasTargetRefs } from '../ztunnelPolicy.ts';
import type { PathContext } from './context.ts';

/** What pods have that policies select by. */
interface Selectable {
  readonly namespace: string;
  readonly labels: Labels;
}

/** The workloads that a policy selects. */
export function selectedBy({ world, settings }: PathContext, policy: Located): readonly Workload[] {
  return selectionOf(world, meshConfigOf(world, settings).rootNamespace, policy).workloads;
}

/** The policies of a kind without targets for a pod: by its labels, for its namespace, and for the whole mesh. */
export function policiesSelecting({ world, settings }: PathContext, kind: KindKey, pod: Selectable): Located[] {
  const { rootNamespace } = meshConfigOf(world, settings);
  return [...new Set([pod.namespace, rootNamespace])]
    .flatMap((namespace) => world.inNamespace(kind, namespace))
    .filter((policy) => !hasTargetRefs(policy.root) && matchesLabels(labelsOf(selectorOf(policy)), pod.labels));
}

/** Whether a policy holds for all pods of its namespace, or of the mesh. */
export function isForAll(policy: Located): boolean {
  return !hasTargetRefs(policy.root) && entriesOf(selectorOf(policy)).length === 0;
}

/** False where a template hides a label that the policy asks for, so that nobody can say whom it selects. */
export function isSelectorKnown(policy: Located): boolean {
  return labelsOf(selectorOf(policy)).size === entriesOf(selectorOf(policy)).length;
}
