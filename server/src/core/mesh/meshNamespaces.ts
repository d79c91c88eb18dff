import { derive } from '../model/derivation.ts';
import type { Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { enrolmentOf, isAmbientNamespace } from './enrolment.ts';
import { defaultInjectionOf } from './injectionDefaults.ts';
import { isLinkerdNamespace } from './linkerdNamespaces.ts';

/** What takes part in a mesh: plain Kubernetes is checked there alone, because elsewhere it is none of a mesh's business. */

const IN_MESH = new Set(['ambient', 'sidecar', 'linkerd']);

/** True when the pods of a workload have a proxy, or are in ambient mode. */
export function isMeshed(world: World, workload: Workload): boolean {
  return IN_MESH.has(enrolmentOf(world, workload).dataPlane);
}

/** True when a namespace takes part in a mesh: by its own labels, or by the pods in it. */
export const isMeshNamespace = derive((world, namespace: string): boolean => {
  const labels = world.namespaceLabels(namespace);
  const injection = labels?.get('istio-injection');
  return (
    isAmbientNamespace(world, namespace) ||
    injection === 'enabled' ||
    (labels?.has('istio.io/rev') === true && injection === undefined) ||
    defaultInjectionOf(world, namespace) !== undefined ||
    isLinkerdNamespace(world, namespace) ||
    world.workloads(namespace).some((workload) => isMeshed(world, workload))
  );
}, Object.is);
