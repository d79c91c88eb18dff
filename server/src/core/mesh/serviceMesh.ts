import type { Service } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { enrolmentOf } from './enrolment.ts';
import { defaultInjectionOf } from './injectionDefaults.ts';

/**
 * Whether proxies of Istio handle the requests for a Service. Undefined when the workspace does not say: it has neither
 * the workloads nor the Namespace.
 */
export function isServedByMesh(world: World, service: Service): boolean | undefined {
  const planes = world.endpointsOf(service).map((workload) => enrolmentOf(world, workload));
  if (planes.some(({ dataPlane }) => dataPlane === 'ambient' || dataPlane === 'sidecar')) return true;
  if (planes.length > 0 && planes.every(({ certain }) => certain)) return false;
  const labels = world.namespaceLabels(service.namespace);
  if (!labels) return undefined;
  return (
    labels.get('istio-injection') === 'enabled' ||
    labels.has('istio.io/rev') ||
    labels.get('istio.io/dataplane-mode') === 'ambient' ||
    defaultInjectionOf(world, service.namespace) !== undefined
  );
}
