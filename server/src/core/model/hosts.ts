import { items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { derive } from './derivation.ts';
import { hostIndex, hostKey } from './hostIndex.ts';
import type { Located } from './located.ts';
import type { World } from './world.ts';

/** Hosts of the mesh: the names of Services and the hosts of ServiceEntries, as Istio resolves them. */

const CLUSTER_DOMAIN = 'svc.cluster.local';

/** The full name of a host as written in a namespace. Short names are taken as Services of that namespace. */
export function fullHost(host: string, namespace: string): string {
  if (host.includes('*')) return host;
  return host.includes('.') ? host : `${host}.${namespace}.${CLUSTER_DOMAIN}`;
}

/** `name.namespace` of a host that names a Service by its full name or by a shorter form of it. */
export function serviceOfHost(host: string, namespace: string): { name: string; namespace: string } | undefined {
  const match = /^([a-z0-9-]+)(?:\.([a-z0-9-]+)(?:\.svc(?:\.[^.]+(?:\.[^.]+)+)?)?)?$/.exec(host);
  return match?.[1] === undefined ? undefined : { name: match[1], namespace: match[2] ?? namespace };
}

/** True for the Service of the API server, which Kubernetes itself makes. */
export function isApiServer(host: string, namespace: string): boolean {
  const named = serviceOfHost(host, namespace);
  return named?.name === 'kubernetes' && named.namespace === 'default';
}

/** True when a host is of a Service whose namespace the workspace does not hold, so that it cannot know the Service. */
export function isOfUnknownNamespace(world: World, host: string, namespace: string): boolean {
  const named = serviceOfHost(host, namespace);
  return named !== undefined && !world.hasNamespace(named.namespace);
}

export interface HostOwner {
  readonly located: Located;
  /** The scalar that says the host: in a ServiceEntry its item, for a Service its name. */
  readonly node: YamlNode | undefined;
  readonly host: string;
}

const entriesByHost = hostIndex<HostOwner>(['networking.istio.io/ServiceEntry'], (located) =>
  items(located.root, 'spec', 'hosts').flatMap((node) => {
    const host = text(node);
    return host === undefined ? [] : [[hostKey(host, located.namespace), { located, node, host }] as const];
  }),
);

/** What a host stands for: Services and ServiceEntries (exact and wildcard hosts). */
export function ownersOfHost(world: World, host: string, namespace: string): readonly HostOwner[] {
  return owners(world, fullHost(host, namespace));
}

/** Of a full name, which is not read differently in any namespace. */
const owners = derive((world, host: string): readonly HostOwner[] => {
  const named = serviceOfHost(host, '');
  const service = named && world.find('/Service', named.namespace, named.name);
  const services: HostOwner[] = service
    ? [{ located: service, node: undefined, host: `${service.name}.${service.namespace}.${CLUSTER_DOMAIN}` }]
    : [];
  const key = hostKey(host, '');
  return [...services, ...entriesByHost.exact(world, key), ...entriesByHost.wider(world, key)];
});

/** True when a pattern (a host, `*`, or `*.suffix`) covers a host or a narrower pattern. */
export function hostsMatch(pattern: string, host: string): boolean {
  if (pattern === host || pattern === '*') return true;
  return pattern.startsWith('*.') && host.length > pattern.length - 1 && host.endsWith(pattern.slice(1));
}

/** True when two patterns have a host in common. */
export function hostsOverlap(a: string, b: string): boolean {
  return hostsMatch(a, b) || hostsMatch(b, a);
}
