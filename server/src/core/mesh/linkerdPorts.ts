import type { Service, Workload, WorkloadPort } from '../model/workloads.ts';
import type { World } from '../model/world.ts';

/** Linkerd's lists of ports in annotations: on the pod or Service, else on the namespace, else the default. */

export const OPAQUE_PORTS = 'config.linkerd.io/opaque-ports';
export const SKIP_INBOUND_PORTS = 'config.linkerd.io/skip-inbound-ports';

/** The chart's `proxy.opaquePorts`. */
const DEFAULT_OPAQUE_PORTS = '25,587,3306,4444,5432,6379,9300,11211';

export interface PortList {
  readonly text: string;
  /** False when the chart's default stands here. */
  readonly written: boolean;
  readonly has: (port: number) => boolean;
}

export function opaquePorts(world: World, object: Workload | Service): PortList {
  const text = object.annotations.get(OPAQUE_PORTS) ?? world.namespaceAnnotations(object.namespace)?.get(OPAQUE_PORTS);
  return listOf(text ?? DEFAULT_OPAQUE_PORTS, text !== undefined, containerPorts(object));
}

export function skippedInboundPorts(world: World, pod: Workload): PortList {
  const text =
    pod.annotations.get(SKIP_INBOUND_PORTS) ?? world.namespaceAnnotations(pod.namespace)?.get(SKIP_INBOUND_PORTS);
  return listOf(text ?? '', text !== undefined, pod.ports);
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
