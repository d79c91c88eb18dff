import type { Service, ServicePort, Workload } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { nameOf, targetPortOf } from '../paths/ends.ts';
import { isHttpPort } from '../paths/speech.ts';
import type { RequestTarget } from '../paths/vocabulary.ts';

/** `port` is that of the pods, where only one is meant. */
export type Addressed =
  | { readonly service: Service; readonly port?: number | undefined }
  | { readonly workload: Workload; readonly port?: number | undefined }
  | { readonly host: string; readonly port: number };

/** Clients use the Service before a workload where there is one; for a port of the pods, one that leads there. */
export function ofWorkload(world: World, workload: Workload, port?: number): Addressed {
  const services = world.servicesOf(workload).filter(({ ports }) => ports.length > 0);
  const service = services.find(({ ports }) => port === undefined || ports.some(leadsTo(port, workload)));
  return service ? { service, port } : { workload, port };
}

function leadsTo(port: number, workload: Workload | undefined): (servicePort: ServicePort) => boolean {
  return (servicePort) => targetPortOf(servicePort, workload) === port;
}

/** All that can be put as the target of a request: the ports of the Service, then the addresses of its pods. */
export function targetsFor(world: World, addressed: Addressed): RequestTarget[] {
  if ('host' in addressed) return [addressed];
  const { port } = addressed;
  if ('workload' in addressed) return podTargets(addressed.workload, port);
  const { service } = addressed;
  const endpoints = world.endpointsOf(service);
  const ports = service.ports.filter((candidate) => port === undefined || leadsTo(port, endpoints[0])(candidate));
  return [
    // What speaks HTTP shows more than what does not.
    ...[...ports.filter(isHttpPort), ...ports.filter((candidate) => !isHttpPort(candidate))].map((candidate) => ({
      service: nameOf(service),
      port: candidate.port,
    })),
    ...endpoints.flatMap((endpoint) => podTargets(endpoint, port)),
  ];
}

function podTargets({ namespace, name, ports }: Workload, only: number | undefined): RequestTarget[] {
  const known = ports.map(({ port }) => port);
  return (only === undefined ? known : [only]).map((port) => ({ pod: `${namespace}/${name}`, port }));
}
