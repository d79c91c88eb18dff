import type { Service, Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { namespaceMtls, type ServerMtls, serverMtls } from './mutualTls.ts';

/**
 * What all workloads behind a Service ask of their callers, on all its ports; undefined when they differ or when it is
 * not certain. Without workloads in the workspace it is what their namespace asks.
 */
export function serviceMtls(world: World, rootNamespace: string, service: Service): ServerMtls | undefined {
  const endpoints = world.endpointsOf(service);
  const verdicts =
    endpoints.length === 0
      ? [namespaceMtls(world, rootNamespace, service.namespace)]
      : endpoints.flatMap((workload) =>
          targetPorts(service, workload).map((port) => serverMtls(world, rootNamespace, workload, port)),
        );
  const [first] = verdicts;
  return first && verdicts.every(({ mode, certain }) => certain && mode === first.mode) ? first : undefined;
}

function targetPorts(service: Service, workload: Workload): (number | undefined)[] {
  if (service.ports.length === 0) return [undefined];
  return service.ports.map(({ targetPort }) =>
    typeof targetPort === 'number' ? targetPort : workload.ports.find(({ name }) => name === targetPort)?.port,
  );
}
