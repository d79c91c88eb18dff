import type { KindKey, Located } from '../../server/src/core/model/located.ts';
import type { Workload } from '../../server/src/core/model/workloads.ts';
import { Workspace } from '../../server/src/core/model/workspace.ts';
import type { World } from '../../server/src/core/model/world.ts';

/** The world of one file. */
export function worldOf(...documents: readonly string[]): World {
  const workspace = new Workspace();
  workspace.setFile('mesh.yaml', documents.join('\n---\n'));
  return workspace.snapshot().world;
}

export function the(world: World, kind: KindKey, namespace: string, name: string): Located {
  const located = world.find(kind, namespace, name);
  if (!located) throw new Error(`${kind} ${namespace}/${name} is not in the world`);
  return located;
}

export function workloadNamed(world: World, name: string): Workload {
  const workload = world.workloads().find((candidate) => candidate.name === name);
  if (!workload) throw new Error(`workload ${name} is not in the world`);
  return workload;
}

export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}

export interface PodFacts {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly hostNetwork?: boolean;
}

export function pod(inNamespace: string, name: string, { labels, annotations, hostNetwork }: PodFacts = {}): string {
  const metadata = { name, namespace: inNamespace, labels: { app: name, ...labels }, annotations };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { hostNetwork, containers: [] } });
}

export function service(inNamespace: string, name: string, labels: Readonly<Record<string, string>> = {}): string {
  const metadata = { name, namespace: inNamespace, labels };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  });
}

export interface WaypointFacts {
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespaces?: unknown;
}

export function waypoint(inNamespace: string, name: string, { labels, namespaces }: WaypointFacts = {}): string {
  const listener = {
    name: 'mesh',
    port: 15008,
    protocol: 'HBONE',
    ...(namespaces ? { allowedRoutes: { namespaces } } : {}),
  };
  return JSON.stringify({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace: inNamespace, labels },
    spec: { gatewayClassName: 'istio-waypoint', listeners: [listener] },
  });
}
