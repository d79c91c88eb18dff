import { type GatewayServer, gatewayFacts, ISTIO_GATEWAY } from '../../model/gateways.ts';
import { matchesLabels, matchesSelector } from '../../model/labels.ts';
import type { Located } from '../../model/located.ts';
import { GATEWAY_API, type ObjectReference, referenceOf } from '../../model/routes.ts';
import type { Workload } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { worldIndex } from '../../model/worldIndex.ts';
import { at, bool, items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { specificity } from './hostnames.ts';
import type { Section } from './request.ts';

/** Where gateways take traffic in: listeners of Gateways and of their ListenerSets, servers of Istio's Gateways. */

export interface Opening {
  /** The resource in which it is written: a Gateway of either kind, or a ListenerSet. */
  readonly owner: Located;
  readonly node: YamlNode;
  readonly port: number | undefined;
  /** What the gateway reads of the traffic, once it has ended TLS where it does. */
  readonly section: Section;
  readonly tls: 'none' | 'ended' | 'mutual' | 'passed';
  /** Hosts and wildcards; none for all hosts. */
  readonly hosts: readonly OpenHost[];
  /** Answers every request with a redirect to HTTPS. */
  readonly redirects: boolean;
}

interface OpenHost {
  readonly host: string;
  /** The namespace whose VirtualServices may use it; `*` for all. */
  readonly from: string;
}

export const GATEWAY = `${GATEWAY_API}/Gateway` as const;
export const LISTENER_SET = `${GATEWAY_API}/ListenerSet` as const;

/** The Gateway to which a ListenerSet adds. */
export function gatewayOfSet(set: Located): ObjectReference[] {
  const defaults = { group: GATEWAY_API, kind: 'Gateway', namespace: set.namespace };
  return referenceOf(at(set.root, 'spec', 'parentRef'), defaults).filter(({ key }) => key === GATEWAY);
}

const setsOf = worldIndex<Located>([LISTENER_SET], (set) =>
  gatewayOfSet(set).map(({ namespace, name }) => [`${namespace}/${name}`, set] as const),
);

/** Those of a Gateway of the Gateway API, with those of the ListenerSets that it allows. */
export function listenersOf(world: World, gateway: Located): Opening[] {
  const sets = setsOf(world, `${gateway.namespace}/${gateway.name}`).filter((set) => allowsSet(world, gateway, set));
  return [gateway, ...sets].flatMap((owner) =>
    items(owner.root, 'spec', 'listeners').flatMap((node) => listenerOpening(owner, node)),
  );
}

/** Without `allowedListeners` no ListenerSet may add to a Gateway. */
function allowsSet(world: World, gateway: Located, { namespace }: Located): boolean {
  const allowed = at(gateway.root, 'spec', 'allowedListeners', 'namespaces');
  switch (text(allowed, 'from')) {
    case 'All':
      return true;
    case 'Same':
      return namespace === gateway.namespace;
    case 'Selector': {
      const labels = new Map(world.namespaceLabels(namespace) ?? []).set('kubernetes.io/metadata.name', namespace);
      return matchesSelector(at(allowed, 'selector'), labels);
    }
    default:
      return false;
  }
}

function listenerOpening(owner: Located, node: YamlNode): Opening[] {
  const passes = text(node, 'tls', 'mode') === 'Passthrough';
  const section = sectionOf((text(node, 'protocol') ?? '').toUpperCase(), passes);
  if (!section) return [];
  const host = text(node, 'hostname');
  const hosts = host === undefined || host === '' ? [] : [{ host: host.toLowerCase(), from: '*' }];
  const tls = at(node, 'tls') ? 'ended' : 'none';
  return [{ owner, node, port: num(node, 'port'), section, tls: passes ? 'passed' : tls, hosts, redirects: false }];
}

const HTTP: ReadonlySet<string> = new Set(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB']);
const BYTES: ReadonlySet<string> = new Set(['TCP', 'MONGO', 'MYSQL', 'REDIS']);

/** Undefined for protocols that carry nothing of this: UDP, and the HBONE of waypoints. */
function sectionOf(protocol: string, passes: boolean): Section | undefined {
  if (HTTP.has(protocol)) return 'http';
  if (BYTES.has(protocol)) return 'tcp';
  if (protocol === 'HTTPS') return passes ? 'tls' : 'http';
  return protocol === 'TLS' ? (passes ? 'tls' : 'tcp') : undefined;
}

/** Those that Istio's Gateways give to a workload by its labels. */
export function serversOf(world: World, workload: Workload): Opening[] {
  return world.ofKind(ISTIO_GATEWAY).flatMap((owner) => {
    const { selector, selectorKnown, servers } = gatewayFacts(owner);
    const selects = selectorKnown && selector.size > 0 && matchesLabels(selector, workload.labels);
    return selects ? servers.flatMap((server) => serverOpening(owner, server)) : [];
  });
}

function serverOpening(owner: Located, { node, port, protocol, hosts }: GatewayServer): Opening[] {
  const isTls = protocol === 'HTTPS' || protocol === 'TLS';
  const mode = isTls ? (text(node, 'tls', 'mode') ?? 'PASSTHROUGH') : undefined;
  // By AUTO_PASSTHROUGH other clusters come in, under names that no client outside of a mesh uses.
  if (mode === 'AUTO_PASSTHROUGH') return [];
  const section = sectionOf(protocol, mode === 'PASSTHROUGH');
  if (!section) return [];
  return [
    {
      owner,
      node,
      port,
      section,
      tls: mode === undefined ? 'none' : tlsOf(mode),
      hosts: hosts.map(({ host, from }) => ({ host: host.toLowerCase(), from })),
      redirects: bool(node, 'tls', 'httpsRedirect') === true,
    },
  ];
}

function tlsOf(mode: string): Opening['tls'] {
  if (mode === 'PASSTHROUGH') return 'passed';
  return mode === 'SIMPLE' || mode === 'OPTIONAL_MUTUAL' ? 'ended' : 'mutual';
}

/** Larger for more specific hosts; undefined where the host is not among those of the opening. */
export function openness({ hosts, section, tls }: Opening, host: string): number | undefined {
  // Bytes without TLS name no host.
  if (hosts.length === 0 || (section === 'tcp' && tls === 'none')) return 0;
  const ranks = hosts.flatMap((open) => specificity(open.host === '*' ? undefined : open.host, host) ?? []);
  return ranks.length === 0 ? undefined : Math.max(...ranks);
}

/** Whether a VirtualService of a namespace may serve a host at an opening. */
export function admitsVirtualService({ hosts }: Opening, namespace: string, host: string): boolean {
  return hosts.some(
    (open) =>
      (open.from === '*' || open.from === namespace) &&
      specificity(open.host === '*' ? undefined : open.host, host) !== undefined,
  );
}
