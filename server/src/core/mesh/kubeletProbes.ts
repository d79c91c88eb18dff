import type { Workload } from '../model/workloads.ts';
import { at, items, num, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';

/** The HTTP probes that the kubelet sends to a pod. */
export interface Probe {
  readonly path: string;
  readonly port: number;
  readonly node: YamlNode;
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

export function httpProbes(pod: Workload): Probe[] {
  return items(pod.spec, 'containers').flatMap((container) =>
    PROBES.flatMap((name) => {
      const node = at(container, name, 'httpGet');
      const written = text(node, 'port');
      const port = num(node, 'port') ?? pod.ports.find((candidate) => candidate.name === written)?.port;
      return node && port !== undefined ? [{ path: text(node, 'path') ?? '/', port, node }] : [];
    }),
  );
}

/** True when a container says how it is probed, in whatever way. */
export function declaresProbes(pod: Workload): boolean {
  return items(pod.spec, 'containers').some((container) => PROBES.some((name) => at(container, name) !== undefined));
}
