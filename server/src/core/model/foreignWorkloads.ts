import { at } from '../yaml/access.ts';
import { type Labels, labelsOf } from './labels.ts';
import type { World } from './world.ts';
import { worldIndex } from './worldIndex.ts';

/**
 * What selectors may fit beside the workloads of Kubernetes itself: pods that other tools make, and machines that Linkerd
 * knows. Nothing is judged about these kinds; but a selector that fits one of them does not select nothing.
 */
const pods = worldIndex<ForeignPods>(
  [
    'workload.linkerd.io/ExternalWorkload',
    '/ReplicationController',
    'apps.kruise.io/CloneSet',
    'apps.openshift.io/DeploymentConfig',
    'argoproj.io/Rollout',
    'serving.knative.dev/Service',
  ],
  ({ namespace, root, resource, document }) => {
    const holder = resource.kind === 'ExternalWorkload' ? root : at(root, 'spec', 'template');
    const row = { labels: labelsOf(at(holder, 'metadata', 'labels')), templated: document.parsed.actions.length > 0 };
    return [
      [namespace, row],
      [ANYWHERE, row],
    ];
  },
);

interface ForeignPods {
  readonly labels: Labels;
  /** True when a template may say more labels. */
  readonly templated: boolean;
}

const ANYWHERE = '';

/** Whether something runs in a namespace, or in any, that is no workload of Kubernetes itself and that a selector may fit. */
export function mayFitForeign(world: World, namespace: string | undefined, fits: (labels: Labels) => boolean): boolean {
  return pods(world, namespace ?? ANYWHERE).some(({ labels, templated }) => templated || fits(labels));
}
