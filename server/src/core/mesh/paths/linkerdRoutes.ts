import type { Located } from '../../model/located.ts';
import { items, text } from '../../yaml/access.ts';
import { opaquePorts } from '../linkerdPorts.ts';
import { routesOfAddressee, SECTION_OF_KIND } from '../routing/attachedRoutes.ts';
import { type Choice, namedInHandshake } from '../routing/choice.ts';
import { chooseConnectionRoute } from '../routing/connectionRoutes.ts';
import { chooseRanked } from '../routing/rank.ts';
import type { RouteRequest, Section } from '../routing/request.ts';
import type { PathContext } from './context.ts';
import { addressedPort, addressedResource, type Destination, type Ends } from './ends.ts';
import type { Unread } from './judgement.ts';
import type { Router } from './router.ts';
import { profileOf } from './serviceProfiles.ts';

/** Which route the outbound side of Linkerd's proxy follows. */

export function chooseForLinkerd(
  context: PathContext,
  ends: Ends,
  request: RouteRequest,
  { namespace }: Router,
): Choice | undefined {
  const counting = countingRoutes(context, ends.destination, request.port, namespace);
  const [first] = counting;
  switch (first && SECTION_OF_KIND.get(first.resource.kind)) {
    case 'http':
      // Of bytes that are no HTTP these routes say nothing.
      if (!ends.http || profileOf(context.world, ends)) return undefined;
      return chooseRanked(
        counting.map((route) => ({ route, hostRank: 0 })),
        request,
      );
    case 'tls':
      return namedInHandshake(chooseConnectionRoute(counting, request.sni), request.sni);
    case 'tcp':
      return chooseConnectionRoute(counting, undefined);
    default:
      return undefined;
  }
}

const PRECEDENCE = ['GRPCRoute', 'HTTPRoute', 'TLSRoute', 'TCPRoute'];

/**
 * The routes of the client's namespace and of the Service's, taken together. Of several kinds on a port one counts. On an
 * opaque port nothing is looked into.
 */
function countingRoutes(
  context: PathContext,
  destination: Destination,
  port: number | undefined,
  namespace: string,
): readonly Located[] {
  const addressee = addressedResource(destination);
  if (!addressee) return [];
  const sections: readonly Section[] = isOpaque(context, destination) ? ['tcp'] : ['http', 'tls', 'tcp'];
  const accepted = sections
    .flatMap((section) => routesOfAddressee(context.world, addressee, port, section))
    .filter((route) => route.namespace === namespace || route.namespace === addressee.namespace)
    .filter((route) => !hasRefusedFilter(route));
  const kind = PRECEDENCE.find((candidate) => accepted.some(({ resource }) => resource.kind === candidate));
  return accepted.filter(({ resource }) => resource.kind === kind);
}

const REFUSED_FILTERS: ReadonlySet<string | undefined> = new Set([
  'RequestMirror',
  'URLRewrite',
  'ExtensionRef',
  'CORS',
]);

/** Why the outbound side of a proxy does not follow a route; undefined where it does. */
export function whyUnreadByLinkerd(
  context: PathContext,
  ends: Ends,
  route: Located,
  { namespace }: Router,
): Unread | undefined {
  const addressee = addressedResource(ends.destination);
  const section = SECTION_OF_KIND.get(route.resource.kind);
  if (!addressee || (route.namespace !== namespace && route.namespace !== addressee.namespace))
    return { state: 'not-applicable', reason: `it is for clients of namespace ${route.namespace}` };
  const profile = profileOf(context.world, ends);
  if (profile && section === 'http')
    return { state: 'shadowed', reason: `ServiceProfile ${profile.name} takes precedence` };
  if (section !== 'tcp' && isOpaque(context, ends.destination))
    return { state: 'ignored', reason: 'the port is marked as opaque, so that the proxy does not look into it' };
  if (section === 'http' && hasRefusedFilter(route))
    return { state: 'ignored', reason: 'Linkerd refuses a route with a filter that it cannot apply' };
  if (section === 'http' && !ends.http)
    return { state: 'not-applicable', reason: 'what is sent to the port is not HTTP' };
  const counting = countingRoutes(context, ends.destination, addressedPort(ends.destination), namespace);
  const [stronger] = counting;
  if (!stronger || counting.includes(route)) return undefined;
  return { state: 'shadowed', reason: `of several kinds of routes on a port the ${stronger.resource.kind}s count` };
}

/** Linkerd takes no route that has a filter which it cannot apply. */
function hasRefusedFilter({ root }: Located): boolean {
  const rules = items(root, 'spec', 'rules');
  const holders = [...rules, ...rules.flatMap((rule) => items(rule, 'backendRefs'))];
  return holders.some((holder) => items(holder, 'filters').some((filter) => REFUSED_FILTERS.has(text(filter, 'type'))));
}

/**
 * Whether the outbound proxy reads requests: there are some, the port is not marked as opaque, and no route takes its
 * connections whole.
 */
export function readsRequests(context: PathContext, { source, destination, http }: Ends): boolean {
  if (!http || source.kind !== 'workload' || isOpaque(context, destination)) return false;
  const [first] = countingRoutes(context, destination, addressedPort(destination), source.workload.namespace);
  return !first || SECTION_OF_KIND.get(first.resource.kind) === 'http';
}

/** Ports on which Linkerd's proxies pass bytes on without looking into them. */
function isOpaque({ world, settings }: PathContext, destination: Destination): boolean {
  const { opaquePorts: fallback } = settings.linkerd;
  if (destination.kind === 'service')
    return opaquePorts(world, destination.service, fallback).has(destination.port.port);
  return destination.kind === 'pod' && opaquePorts(world, destination.workload, fallback).has(destination.port);
}
