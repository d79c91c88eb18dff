import { mayFitForeign } from '../model/foreignWorkloads.ts';
import { hasHiddenLabels, type Labels, labelsOf } from '../model/labels.ts';
import { mayHaveAnyLabel } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { isManagedGateway } from './enrolment.ts';
import { isMeshNamespace } from './meshNamespaces.ts';
import { isSystemNamespace } from './systemNamespaces.ts';

/** Whether the workspace knows enough of a namespace to say that a selector fits nothing there. */

/** A map of labels as it is written; undefined where a template hides some, or where the mesh makes the pods. */
export function certainLabels(node: YamlNode | undefined): Labels | undefined {
  const labels = labelsOf(node);
  return labels.size > 0 && !hasHiddenLabels(node) && !isManagedGateway(labels) ? labels : undefined;
}

/** True when a namespace is one of the mesh, shows workloads, and none of its pods fits. */
export function fitsNoPod(world: World, namespace: string, fits: (labels: Labels) => boolean): boolean {
  const workloads = world.workloads(namespace);
  // A namespace without workloads says nothing of what runs in it.
  if (workloads.length === 0 || workloads.some(mayHaveAnyLabel) || isSystemNamespace(namespace)) return false;
  if (workloads.some(({ labels }) => fits(labels)) || mayFitForeign(world, namespace, fits)) return false;
  return isMeshNamespace(world, namespace);
}
