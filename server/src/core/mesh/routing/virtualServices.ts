import { hostIndex, hostKey } from '../../model/hostIndex.ts';
import type { Located } from '../../model/located.ts';
import { type VirtualServiceFacts, virtualServiceFacts } from '../../model/traffic.ts';
import { isVisibleIn } from '../../model/visibility.ts';
import type { World } from '../../model/world.ts';
import { at, items } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { every, type Truth } from '../truth.ts';
import { inOrderOfAge } from './age.ts';
import { AGE_UNKNOWN, type Choice, firstMatch, type RouteRule } from './choice.ts';
import { connectionRuleFits } from './connectionMatch.ts';
import { delegationOf } from './delegates.ts';
import type { RouteRequest, Section } from './request.ts';
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
  /** The one name in TLS handshakes that it can tell from others; any where none is said. */
  readonly onlySni?: string;
  /** A further condition on the VirtualServices that count. */
  readonly accepts?: (located: Located) => boolean;
}

/** The VirtualServices that decide for a host, in the order in which their rules are tried. */
export interface Deciding {
  readonly used: readonly Located[];
  /** Those that another one for the same host keeps out. */
  readonly unused: readonly Located[];
  /** Whether files say which of them is older. */
  readonly orderKnown: boolean;
}

/**
 * Of requests those of the most specific spelling of the host decide: in the mesh the oldest alone, at gateways all of
 * them. Of connections all decide that cover the host.
 */
export function virtualServicesFor(
  world: World,
  host: string,
  section: Section,
  reader: VirtualServiceReader,
): Deciding {
  const key = hostKey(host, reader.namespace ?? 'default');
  const rows = [...byHost.exact(world, key), ...byHost.wider(world, key)].filter(({ facts }) =>
    isRead(facts, section, reader),
  );
  const [first] = rows;
  const chosen = section === 'http' ? rows.filter((row) => row.key === first?.key) : rows;
  const { ordered, known } = inOrderOfAge(new Set(chosen.map(({ facts }) => facts.located)));
  const isMerging = section !== 'http' || !reader.readBy?.has('mesh');
  const used = isMerging ? ordered : ordered.slice(0, 1);
  return { used, unused: ordered.slice(used.length), orderKnown: known };
}

/** The VirtualServices that name a host, whoever reads them, and those for the mesh that cover it by a wildcard. */
export function virtualServicesNaming(world: World, host: string, namespace: string): Located[] {
  const key = hostKey(host, namespace);
  const wide = byHost.wider(world, key).filter(({ facts }) => facts.gateways.some(({ name }) => name === 'mesh'));
  const rows = [...byHost.exact(world, key), ...wide];
  return [...new Set(rows.map(({ facts }) => facts.located))];
}

function isRead(
  { located, gateways }: VirtualServiceFacts,
  section: Section,
  { readBy, namespace, accepts }: VirtualServiceReader,
): boolean {
  if (items(located.root, 'spec', section).length === 0) return false;
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
  const section = request.section ?? 'http';
  const { used, unused, orderKnown } = virtualServicesFor(world, host, section, reader);
  if (used.length === 0) return undefined;
  const read = used.map((located) => rulesOf(world, located, { request, reader, section }));
  const choice = firstMatch(read.flatMap(({ rules }) => rules));
  const kept = unused.flatMap((route) =>
    items(route.root, 'spec', section).map((node, index) => ({
      rule: { route, index, node },
      why: 'stands in another VirtualService for the same host, of which one counts',
    })),
  );
  return {
    ...choice,
    lost: [...choice.lost, ...kept],
    assume: orderKnown ? [] : [AGE_UNKNOWN],
    notes: read.flatMap(({ notes }) => notes),
  };
}

interface Rated {
  readonly rule: RouteRule;
  readonly fits: Truth;
}

interface Reading {
  readonly request: RouteRequest;
  readonly reader: VirtualServiceReader;
  readonly section: Section;
}

interface Read {
  readonly rules: readonly Rated[];
  readonly notes: readonly string[];
}

function rulesOf(world: World, route: Located, reading: Reading): Read {
  const read = items(route.root, 'spec', reading.section).map((node, index): Read => {
    const own = { rule: { route, index, node }, fits: ruleFits(node, route, reading) };
    const delegate = reading.section === 'http' ? at(node, 'delegate') : undefined;
    return delegate ? delegated(world, delegate, own, reading) : { rules: [own], notes: [] };
  });
  return { rules: read.flatMap(({ rules }) => rules), notes: read.flatMap(({ notes }) => notes) };
}

function ruleFits(node: YamlNode, { namespace }: Located, { request, reader, section }: Reading): Truth {
  const { readBy, dropsSourceLabels = false, onlySni } = reader;
  const context = { request, readBy, namespace, dropsSourceLabels, onlySni };
  return section === 'http' ? httpRuleFits(node, context) : connectionRuleFits(node, context);
}

/** The rules of a delegate stand in place of the rule that names it, each under the conditions of both. */
function delegated(world: World, reference: YamlNode, own: Rated, reading: Reading): Read {
  const delegation = delegationOf(world, reference, own.rule.route);
  if (own.fits === 'no' && delegation.state !== 'found') return { rules: [], notes: [] };
  switch (delegation.state) {
    case 'circle':
      return { rules: [{ ...own, fits: 'unknown' }], notes: [delegation.note] };
    case 'missing':
      return { rules: [], notes: [delegation.note] };
    case 'found': {
      const { route } = delegation;
      const rules = items(route.root, 'spec', 'http').flatMap((node, index) => {
        if (at(node, 'delegate')) return [];
        const both = every([own.fits, ruleFits(node, route, reading)], (part) => part);
        return [{ rule: { route, index, node }, fits: both }];
      });
      return { rules, notes: [] };
    }
  }
}
