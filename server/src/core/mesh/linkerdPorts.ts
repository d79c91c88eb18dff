import type { Service, Workload, WorkloadPort } from '../model/workloads.ts';
import type { World } from '../model/world.ts';

/** Linkerd's lists of ports in annotations: on the pod or Service, else on the namespace, else the default. */

export const OPAQUE_PORTS = 'config.linkerd.io/opaque-ports';
export const SKIP_INBOUND_PORTS = 'config.linkerd.io/skip-inbound-ports';
export const SKIP_OUTBOUND_PORTS = 'config.linkerd.io/skip-outbound-ports';

export interface PortList {
  readonly text: string;
  /** False when the chart's default stands here. */
  readonly written: boolean;
  readonly has: (port: number) => boolean;
}

/** The ports that are not read. A list of one's own replaces the `fallback`, the chart's `proxy.opaquePorts`. */
export function opaquePorts(world: World, object: Workload | Service, fallback = ''): PortList {
  return listedPorts(world, object, OPAQUE_PORTS, fallback);
}

export function skippedInboundPorts(world: World, pod: Workload): PortList {
  return listedPorts(world, pod, SKIP_INBOUND_PORTS);
}

export function skippedOutboundPorts(world: World, pod: Workload): PortList {
  return listedPorts(world, pod, SKIP_OUTBOUND_PORTS);
}

function listedPorts(world: World, object: Workload | Service, annotation: string, fallback = ''): PortList {
  const text = object.annotations.get(annotation) ?? world.namespaceAnnotations(object.namespace)?.get(annotation);
  return listOf(text ?? fallback, text !== undefined, containerPorts(object));
}

/** Only the injector knows the names of container ports; on a Service they mean nothing. */
function containerPorts(object: Workload | Service): readonly WorkloadPort[] {
  return 'serviceAccount' in object ? object.ports : [];
}

function listOf(text: string, written: boolean, named: readonly WorkloadPort[]): PortList {
  const parts = text.split(',').map((part) => part.trim());
  const has = (port: number): boolean =>
    parts.some((part) => {
      const range = /^(\d+)(?:-(\d+))?$/.exec(part);
      if (range) return Number(range[1]) <= port && port <= Number(range[2] ?? range[1]);
      return named.some((candidate) => candidate.name === part && candidate.port === port);
    });
  return { text, written, has };
}
