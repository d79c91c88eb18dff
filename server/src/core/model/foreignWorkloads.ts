import { at } from '../yaml/access.ts';
import { type Labels, labelsOf } from './labels.ts';
import type { World } from './world.ts';
import { worldIndex } from './worldIndex.ts';

/**
 * What selectors may fit beside the workloads of Kubernetes itself: pods that other tools make, and machines that Linkerd
 * knows. Nothing is judged about these kinds; but a selector that fits one of them does not select nothing.
 */
const labels = worldIndex(
  [
    'workload.linkerd.io/ExternalWorkload',
    '/ReplicationController',
    'apps.kruise.io/CloneSet',
    'apps.openshift.io/DeploymentConfig',
    'argoproj.io/Rollout',
    'serving.knative.dev/Service',
  ],
  ({ namespace, root, resource }) => {
    const holder = resource.kind === 'ExternalWorkload' ? root : at(root, 'spec', 'template');
    return [[namespace, labelsOf(at(holder, 'metadata', 'labels'))]];
  },
);

/** The labels of what runs in a namespace and is no workload of Kubernetes itself. */
export function foreignWorkloads(world: World, namespace: string): readonly Labels[] {
  return labels(world, namespace);
}
