import type { HttpRequest, PathRequest, RequestTarget } from '../mesh/paths/vocabulary.ts';
import { selectionOf, selectorOf } from '../mesh/selection.ts';
import { targetsOf } from '../mesh/targets.ts';
import type { SourceFile } from '../model/file.ts';
import { ownersOfHost } from '../model/hosts.ts';
import { kindKey, type Located } from '../model/located.ts';
import { locatedAt } from '../model/references/atOffset.ts';
import { isRoute, routeFacts } from '../model/routes.ts';
import { type Service, serviceOf, type Workload, workloadOf } from '../model/workloads.ts';
import type { Snapshot } from '../model/workspace.ts';
import type { World } from '../model/world.ts';
import type { CoreSettings } from '../settings.ts';
import { at, items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';

/** What stands at a place of a file, as far as a request can show it. */
export interface HopPathSubject {
  readonly located: Located;
  readonly request: PathRequest;
  readonly choices: PathChoices;
}

/** What may be put in the place of the parts of a request. */
export interface PathChoices {
  readonly sources: readonly string[];
  readonly targets: readonly RequestTarget[];
}

/** The request that shows best what stands at an offset; undefined where nothing stands that requests pass. */
export function hopPathAt(
  snapshot: Snapshot,
  file: SourceFile,
  offset: number,
  settings: CoreSettings,
): HopPathSubject | undefined {
  const located = locatedAt(snapshot, file, offset);
  const start = located && snapshot.startOf(located);
  if (!located || start === undefined) return undefined;
  const request = requestFor(snapshot.world, located, settings, offset - start);
  return request && { located, request, choices: choicesFor(snapshot.world, request) };
}

/** A request that passes a resource. `offset` is one of its document, and picks the rule of a route. */
export function requestFor(
  world: World,
  located: Located,
  { rootNamespace }: Pick<CoreSettings, 'rootNamespace'>,
  offset = 0,
): PathRequest | undefined {
  const addressed = addressedBy(world, located, rootNamespace);
  const to = addressed && targetOf(world, addressed);
  if (!addressed || !to) return undefined;
  const http = isRoute(located) || located.resource.kind === 'VirtualService' ? matchedBy(located, offset) : undefined;
  return { from: gatewayOf(world, located) ?? sourceFor(world, addressed), to, http: http ?? ANY_HTTP };
}

const ANY_HTTP: HttpRequest = { method: 'GET', path: '/' };

type Addressed = { readonly service: Service } | { readonly workload: Workload };

/** What clients address when a request is to pass the resource. */
function addressedBy(world: World, located: Located, rootNamespace: string): Addressed | undefined {
  const service = serviceOf(located);
  if (service) return { service };
  const workload = workloadOf(located);
  if (workload) return ofWorkload(world, workload);
  if (located.resource.kind === 'VirtualService') return byHosts(world, located);
  if (isRoute(located)) return byReferences(world, located);
  if (!isPolicy(located)) return undefined;
  const targeted = firstOf(targetsOf(located.root), ({ key, name }) =>
    key === '/Service' ? world.service(located.namespace, name) : undefined,
  );
  if (targeted) return { service: targeted };
  const [selected] = selectionOf(world, rootNamespace, located).workloads;
  return selected && ofWorkload(world, selected);
}

function isPolicy(located: Located): boolean {
  return kindKey(located).startsWith('security.istio.io/') || selectorOf(located) !== undefined;
}

function ofWorkload(world: World, workload: Workload): Addressed {
  const service = world.servicesOf(workload).find(({ ports }) => ports.length > 0);
  return service ? { service } : { workload };
}

function byReferences(world: World, route: Located): Addressed | undefined {
  const { parents, backends } = routeFacts(route);
  const service = firstOf([...parents, ...backends], ({ key, namespace, name }) =>
    key === '/Service' ? world.service(namespace, name) : undefined,
  );
  return service && { service };
}

function byHosts(world: World, { root, namespace }: Located): Addressed | undefined {
  const destinations = ['http', 'tls', 'tcp'].flatMap((key) =>
    items(root, 'spec', key).flatMap((rule) => items(rule, 'route').map((route) => at(route, 'destination', 'host'))),
  );
  const service = firstOf([...items(root, 'spec', 'hosts'), ...destinations], (node) => {
    const host = text(node);
    return host === undefined
      ? undefined
      : firstOf(ownersOfHost(world, host, namespace), (owner) => serviceOf(owner.located));
  });
  return service && { service };
}

function targetOf(world: World, addressed: Addressed): RequestTarget | undefined {
  return targetsFor(world, addressed)[0];
}

function targetsFor(world: World, addressed: Addressed): RequestTarget[] {
  if ('service' in addressed) {
    const { service } = addressed;
    const byService = service.ports.map(({ port }) => ({ service: `${service.namespace}/${service.name}`, port }));
    return [...byService, ...world.endpointsOf(service).flatMap(podTargets)];
  }
  return podTargets(addressed.workload);
}

function podTargets({ namespace, name, ports }: Workload): RequestTarget[] {
  return ports.map(({ port }) => ({ pod: `${namespace}/${name}`, port }));
}

/** The Gateway through which a route lets requests in; undefined for routes inside the mesh. */
function gatewayOf(world: World, located: Located): string | undefined {
  if (!isRoute(located)) return undefined;
  return firstOf(routeFacts(located).parents, ({ key, namespace, name }) =>
    key === 'gateway.networking.k8s.io/Gateway' && world.find(key, namespace, name)
      ? `gateway:${namespace}/${name}`
      : undefined,
  );
}

/** A plausible client: another workload of the namespace, or anybody outside. */
function sourceFor(world: World, addressed: Addressed): string {
  const servers = 'service' in addressed ? world.endpointsOf(addressed.service) : [addressed.workload];
  const { namespace } = 'service' in addressed ? addressed.service : addressed.workload;
  const others = (workloads: readonly Workload[]) => workloads.find((workload) => !servers.includes(workload));
  const client = others(world.workloads(namespace)) ?? others(world.workloads());
  return client ? `${client.namespace}/${client.name}` : 'outside';
}

export function choicesFor(world: World, { from, to }: PathRequest): PathChoices {
  const workloads = world.workloads().map(({ namespace, name }) => `${namespace}/${name}`);
  const gateways = world
    .ofKind('gateway.networking.k8s.io/Gateway')
    .filter(({ root }) => text(root, 'spec', 'gatewayClassName') !== 'istio-waypoint')
    .map(({ namespace, name }) => `gateway:${namespace}/${name}`);
  const service = serviceAt(world, to);
  return {
    sources: [...new Set([from, ...workloads, ...gateways, 'outside', 'kubelet'])],
    targets: service ? targetsFor(world, { service }) : [to],
  };
}

/** The Service that is addressed, or that stands before the pod. */
function serviceAt(world: World, to: RequestTarget): Service | undefined {
  if ('host' in to) return undefined;
  const [namespace = '', name = ''] = ('service' in to ? to.service : to.pod).split('/');
  if ('service' in to) return world.service(namespace, name);
  const workload = world.workloads(namespace).find((candidate) => candidate.name === name);
  return workload && world.servicesOf(workload)[0];
}

/** A request that the rule at the offset matches, or else the first rule. */
function matchedBy({ root, resource }: Located, offset: number): HttpRequest | undefined {
  const rules = resource.kind === 'VirtualService' ? items(root, 'spec', 'http') : items(root, 'spec', 'rules');
  const rule = rules.find(({ start, end }) => start <= offset && offset <= end) ?? rules[0];
  if (!rule) return undefined;
  return resource.kind === 'VirtualService' ? fromMatch(at(rule, 'match', 0)) : fromRouteMatch(at(rule, 'matches', 0));
}

function fromMatch(match: YamlNode | undefined): HttpRequest {
  const written = (key: string) => text(match, key, 'exact') ?? text(match, key, 'prefix');
  return { method: written('method') ?? 'GET', path: rooted(written('uri')) };
}

function fromRouteMatch(match: YamlNode | undefined): HttpRequest {
  const headers = items(match, 'headers').flatMap((header): [string, string][] => {
    const name = text(header, 'name');
    const value = text(header, 'value');
    const exact = (text(header, 'type') ?? 'Exact') === 'Exact';
    return name !== undefined && value !== undefined && exact ? [[name.toLowerCase(), value]] : [];
  });
  const service = text(match, 'method', 'service');
  const grpc = service === undefined ? undefined : `/${service}/${text(match, 'method', 'method') ?? ''}`;
  const path = text(match, 'path', 'type') === 'RegularExpression' ? undefined : text(match, 'path', 'value');
  return {
    method: grpc === undefined ? (text(match, 'method') ?? 'GET') : 'POST',
    path: rooted(grpc ?? path),
    ...(headers.length > 0 ? { headers: Object.fromEntries(headers) } : {}),
  };
}

function rooted(path: string | undefined): string {
  return path?.startsWith('/') ? path : '/';
}

function firstOf<T, R>(list: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of list) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
