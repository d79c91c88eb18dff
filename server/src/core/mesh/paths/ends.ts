import { gatewayFacts, gatewayWorkloads, ISTIO_GATEWAY } from '../../model/gateways.ts';
import { ownersOfHost } from '../../model/hosts.ts';
import { labelsOf, matchesLabels } from '../../model/labels.ts';
import { type Located, shortPath } from '../../model/located.ts';
import type { Service, ServicePort, Workload } from '../../model/workloads.ts';
import { serviceOf } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { at, items, num } from '../../yaml/access.ts';
import type { Opening } from '../routing/openings.ts';
import type { HttpRequest, NodeId, PathRequest } from './vocabulary.ts';

/** The two ends of a request, found in the workspace. */

export type Source =
  | { readonly kind: 'workload'; readonly workload: Workload }
  /** A Kubernetes Gateway, or a workload that is one by injection. */
  | { readonly kind: 'gateway'; readonly gateway: Located; readonly workload: Workload | undefined }
  | { readonly kind: 'outside' }
  /** The kubelet of the pod's own node, which sends probes. */
  | { readonly kind: 'kubelet' };

export type GatewaySource = Extract<Source, { kind: 'gateway' }>;

export type Destination =
  | {
      readonly kind: 'service';
      readonly service: Service;
      readonly port: ServicePort;
      /** The workload behind the Service that the path follows; undefined when the workspace knows none. */
      readonly endpoint: Workload | undefined;
      /** Workloads behind the Service besides that one. */
      readonly others: readonly Workload[];
    }
  | { readonly kind: 'pod'; readonly workload: Workload; readonly port: number }
  /** A host of a ServiceEntry. */
  | {
      readonly kind: 'entry';
      readonly entry: Located;
      readonly host: string;
      readonly port: number;
      /** A workload that the entry selects; undefined for hosts outside of the workspace. */
      readonly endpoint: Workload | undefined;
    }
  /** A host that no resource of the workspace knows. */
  | { readonly kind: 'host'; readonly host: string; readonly port: number };

export interface Ends {
  readonly source: Source;
  readonly destination: Destination;
  readonly http: HttpRequest | undefined;
  /** The workload that the question names among those behind the Service. */
  readonly chosenEndpoint?: string | undefined;
  /** Where a gateway has taken the request in, if it came from outside and named no more than a host. */
  readonly entered?: Opening | undefined;
}

/** What a request means in this workspace, or a sentence that says which part of it names nothing. */
export function endsOf(world: World, request: PathRequest): Ends | { readonly problem: string } {
  const source = sourceOf(world, request.from);
  if ('problem' in source) return source;
  const destination = destinationOf(world, request);
  if ('problem' in destination) return destination;
  const chosenEndpoint = 'service' in request.to ? request.to.endpoint : undefined;
  return { source, destination, http: request.http, chosenEndpoint };
}

function sourceOf(world: World, from: string): Source | { readonly problem: string } {
  if (from === 'outside' || from === 'kubelet') return { kind: from };
  const isGateway = from.startsWith('gateway:');
  const [namespace, name] = split(isGateway ? from.slice('gateway:'.length) : from);
  if (name === undefined) return { problem: `from: "${from}" is not of the form namespace/workload` };
  const workload = workloadNamed(world, namespace, name);
  if (!isGateway) {
    if (!workload) return { problem: `from: no workload ${namespace}/${name} in the workspace` };
    const doubt = claimedTwice(workloadsLike(world, workload), from, 'workloads');
    return doubt === undefined ? { kind: 'workload', workload } : { problem: `from: ${doubt}` };
  }
  const gateway = world.find('gateway.networking.k8s.io/Gateway', namespace, name) ?? workload?.located;
  if (gateway) return { kind: 'gateway', gateway, workload };
  // One of Istio's own kind is served by the workloads that it selects.
  const istio = world.find(ISTIO_GATEWAY, namespace, name);
  const [serving] = istio ? gatewayWorkloads(world, gatewayFacts(istio)) : [];
  return serving
    ? { kind: 'gateway', gateway: serving.located, workload: serving }
    : { problem: `from: no Gateway ${namespace}/${name} in the workspace` };
}

function destinationOf(world: World, { to }: PathRequest): Destination | { readonly problem: string } {
  if ('pod' in to) {
    const [namespace, name] = split(to.pod);
    const workload = name === undefined ? undefined : workloadNamed(world, namespace, name);
    if (!workload) return { problem: `to: no workload ${to.pod} in the workspace` };
    const doubt = claimedTwice(workloadsLike(world, workload), to.pod, 'workloads');
    return doubt === undefined ? { kind: 'pod', workload, port: to.port } : { problem: `to: ${doubt}` };
  }
  if ('service' in to) return serviceDestination(world, to);
  const owner = ownersOfHost(world, to.host, 'default')[0];
  if (!owner) return { kind: 'host', host: to.host, port: to.port };
  const service = serviceOf(owner.located);
  if (!service) return entryDestination(world, owner.located, to.host, to.port);
  return serviceDestination(world, { service: `${service.namespace}/${service.name}`, port: to.port });
}

/** A host of a ServiceEntry, with a workload of its namespace where it selects some. */
export function entryDestination(world: World, entry: Located, host: string, port: number): Destination {
  const wanted = labelsOf(at(entry.root, 'spec', 'workloadSelector', 'labels'));
  const endpoint =
    wanted.size === 0
      ? undefined
      : world.workloads(entry.namespace).find(({ labels }) => matchesLabels(wanted, labels));
  return { kind: 'entry', entry, host, port, endpoint };
}

function serviceDestination(
  world: World,
  to: { readonly service: string; readonly port: number; readonly endpoint?: string | undefined },
): Destination | { readonly problem: string } {
  const [namespace, name] = split(to.service);
  const named = name === undefined ? [] : world.services(namespace).filter((service) => service.name === name);
  const [service] = named;
  if (!service) return { problem: `to: no Service ${to.service} in the workspace` };
  const doubt = claimedTwice(named, to.service, 'Services');
  if (doubt !== undefined) return { problem: `to: ${doubt}` };
  if (service.externalName !== undefined) return { kind: 'host', host: service.externalName, port: to.port };
  const port = service.ports.find((candidate) => candidate.port === to.port);
  if (!port) {
    const known = service.ports.map((candidate) => candidate.port).join(', ');
    return { problem: `to: Service ${to.service} has no port ${to.port}${known === '' ? '' : `, only ${known}`}` };
  }
  const endpoints = world.endpointsOf(service);
  const chosen =
    to.endpoint === undefined ? endpoints[0] : endpoints.find((workload) => nameOf(workload) === to.endpoint);
  if (to.endpoint !== undefined && !chosen)
    return { problem: `to: ${to.endpoint} is not behind Service ${to.service}` };
  return {
    kind: 'service',
    service,
    port,
    endpoint: chosen,
    others: endpoints.filter((workload) => workload !== chosen),
  };
}

/** Says of several that are called the same in which files they are: which of them the cluster has, nobody knows. */
export function claimedTwice(
  named: readonly { readonly located: Located }[],
  name: string,
  what: string,
): string | undefined {
  if (named.length < 2) return undefined;
  const files = [...new Set(named.map(({ located }) => shortPath(located)))].join(', ');
  return `${named.length} ${what} are called ${name} (in ${files})`;
}

/** The port that the client addresses. */
export function addressedPort(destination: Destination): number {
  return destination.kind === 'service' ? destination.port.port : destination.port;
}

/** The Service or ServiceEntry that is addressed. */
export function addressedResource(destination: Destination): Located | undefined {
  if (destination.kind === 'service') return destination.service.located;
  return destination.kind === 'entry' ? destination.entry : undefined;
}

/** The port of the pods that a Service's port leads to; the Service's own number where a name leads nowhere. */
export function targetPortOf({ targetPort, port }: ServicePort, workload: Workload | undefined): number {
  if (typeof targetPort === 'number') return targetPort;
  return workload?.ports.find(({ name }) => name === targetPort)?.port ?? port;
}

/** The port at the endpoints of a ServiceEntry that one of its ports leads to. */
export function entryTargetPort(entry: Located, port: number): number {
  const written = items(entry.root, 'spec', 'ports').find((candidate) => num(candidate, 'number') === port);
  return num(written, 'targetPort') ?? port;
}

export function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

/** The workload of the node `app:namespace/name`; undefined for other nodes. */
export function workloadAt(world: World, node: NodeId): Workload | undefined {
  const [, namespace, name] = /^app:([^/]*)\/(.*)$/.exec(node) ?? [];
  return namespace === undefined || name === undefined ? undefined : workloadNamed(world, namespace, name);
}

/** The workload that a destination leads to, as far as the workspace knows one. */
export function endpointOf(destination: Destination): Workload | undefined {
  if (destination.kind === 'service' || destination.kind === 'entry') return destination.endpoint;
  return destination.kind === 'pod' ? destination.workload : undefined;
}

function workloadNamed(world: World, namespace: string, name: string): Workload | undefined {
  return world.workloads(namespace).find((workload) => workload.name === name);
}

/** Those that cannot be there beside a workload: of its kind and name. */
function workloadsLike(world: World, { located }: Workload): { readonly located: Located }[] {
  return world.findAll(located.kindKey, located.namespace, located.name).map((other) => ({ located: other }));
}

function split(written: string): [namespace: string, name: string | undefined] {
  const slash = written.indexOf('/');
  return slash === -1 ? ['', undefined] : [written.slice(0, slash), written.slice(slash + 1)];
}
