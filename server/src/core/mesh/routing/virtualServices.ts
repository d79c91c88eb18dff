import { hostIndex, hostKey } from '../../model/hostIndex.ts';
import type { Located } from '../../model/located.ts';
import { type VirtualServiceFacts, virtualServiceFacts } from '../../model/traffic.ts';
import { isVisibleIn } from '../../model/visibility.ts';
import type { World } from '../../model/world.ts';
import { at, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { every, type Truth } from '../truth.ts';
import { AGE_UNKNOWN, type Choice, firstMatch, type RouteRule } from './choice.ts';
import type { RouteRequest } from './request.ts';
import { gatewayKey, httpRuleFits, type ReadBy } from './virtualServiceMatch.ts';

const byHost = hostIndex<{ readonly key: string; readonly facts: VirtualServiceFacts }>(
  ['networking.istio.io/VirtualService'],
  (located) => {
    const facts = virtualServiceFacts(located);
    return facts.hosts.map(({ key }) => [key, { key, facts }] as const);
  },
);

export interface VirtualServiceReader {
  readonly readBy: ReadBy;
  /** Who reads, for `exportTo` and for short names of hosts; undefined for anybody. */
  readonly namespace: string | undefined;
  readonly dropsSourceLabels?: boolean;
  /** A further condition on the VirtualServices that count. */
  readonly accepts?: (located: Located) => boolean;
}

/** The VirtualServices that decide for a host: those of its most specific spelling, by namespace and name. */
export function virtualServicesFor(world: World, host: string, reader: VirtualServiceReader): Located[] {
  const key = hostKey(host, reader.namespace ?? 'default');
  const rows = [...byHost.exact(world, key), ...byHost.wider(world, key)].filter(({ facts }) => isRead(facts, reader));
  const [first] = rows;
  const chosen = rows.filter((row) => row.key === first?.key).map(({ facts }) => facts.located);
  return [...new Set(chosen)].toSorted(byName);
}

export function byName(a: Located, b: Located): number {
  return compare(a.namespace, b.namespace) || compare(a.name, b.name) || compare(a.path, b.path);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isRead({ located, gateways }: VirtualServiceFacts, { readBy, namespace, accepts }: VirtualServiceReader) {
  if (items(located.root, 'spec', 'http').length === 0) return false;
  if (namespace !== undefined && !isVisibleIn(located, namespace)) return false;
  if (accepts && !accepts(located)) return false;
  return !readBy || gateways.some(({ name }) => readBy.has(gatewayKey(name, located.namespace)));
}

/** What the VirtualServices for the host of a request make of it; undefined where there are none. */
export function chooseVirtualService(
  world: World,
  host: string,
  request: RouteRequest,
  reader: VirtualServiceReader,
): Choice | undefined {
  const all = virtualServicesFor(world, host, reader);
  const [oldest] = all;
  if (!oldest) return undefined;
  // Gateways merge the VirtualServices of a host; sidecars and waypoints use one of them.
  const merges = !reader.readBy?.has('mesh');
  const used = merges ? all : [oldest];
  const choice = firstMatch(used.flatMap((located) => rulesOf(world, located, request, reader)));
  const unused = all
    .filter((located) => !used.includes(located))
    .flatMap((route) =>
      items(route.root, 'spec', 'http').map((node, index) => ({
        rule: { route, index, node },
        why: 'stands in another VirtualService for the same host, of which one counts',
      })),
    );
  return { ...choice, lost: [...choice.lost, ...unused], assume: all.length > 1 ? [AGE_UNKNOWN] : [] };
}

interface Rated {
  readonly rule: RouteRule;
  readonly fits: Truth;
}

function rulesOf(world: World, route: Located, request: RouteRequest, reader: VirtualServiceReader): Rated[] {
  return items(route.root, 'spec', 'http').flatMap((node, index) => {
    const fits = ruleFits(node, route, request, reader);
    const delegate = at(node, 'delegate');
    return delegate
      ? delegated(world, delegate, route, { request, reader, fits })
      : [{ rule: { route, index, node }, fits }];
  });
}

function ruleFits(node: YamlNode, route: Located, request: RouteRequest, reader: VirtualServiceReader): Truth {
  return httpRuleFits(node, {
    request,
    readBy: reader.readBy,
    namespace: route.namespace,
    dropsSourceLabels: reader.dropsSourceLabels ?? false,
  });
}

/**
 * The rules of a delegate stand in place of the rule that names it, each under the conditions of both. A delegate has no
 * hosts and no delegates of its own, so that there can be no cycle; one that is missing takes the rule with it.
 */
function delegated(
  world: World,
  reference: YamlNode,
  from: Located,
  { request, reader, fits }: { request: RouteRequest; reader: VirtualServiceReader; fits: Truth },
): Rated[] {
  const name = text(reference, 'name');
  const namespace = text(reference, 'namespace') || from.namespace;
  const route = name === undefined ? undefined : world.find('networking.istio.io/VirtualService', namespace, name);
  if (!route || !isVisibleIn(route, from.namespace) || items(route.root, 'spec', 'hosts').length > 0) return [];
  return items(route.root, 'spec', 'http').flatMap((node, index) => {
    if (at(node, 'delegate')) return [];
    const both = every([fits, ruleFits(node, route, request, reader)], (part) => part);
    return [{ rule: { route, index, node }, fits: both }];
  });
}
