import { fullHost } from '../../model/hosts.ts';
import { isGranted } from '../../model/referenceGrants.ts';
import { LINKERD_POLICY, referenceOf } from '../../model/routes.ts';
import type { World } from '../../model/world.ts';
import { at, has, items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { RouteRule } from './choice.ts';

/** Where a rule sends what it takes. */

export interface WeightedDestination {
  /** The full name. */
  readonly host: string;
  readonly subset: string | null;
  readonly port: number | null;
  /** As written, with the default of its kind. */
  readonly weight: number;
}

/** A destination with its item of the rule, which may change headers of what is sent there. */
export interface RuleDestination extends WeightedDestination {
  /** Undefined where the destination is no item of a rule. */
  readonly node: YamlNode | undefined;
}

/** A destination as answers show it. */
export function shownDestination({ host, subset, port, weight }: WeightedDestination): WeightedDestination {
  return { host, subset, port, weight };
}

/** An answer of the proxy itself, instead of a destination. */
export interface OwnAnswer {
  readonly kind: 'redirect' | 'direct-response' | 'fault' | 'no-backend';
  readonly status: number;
  /** The status of gRPC that it answers with instead. */
  readonly grpcStatus?: string | undefined;
}

/** The part of requests that a rule aborts, where it is not all of them. */
export function partialAbort({ node, route }: RouteRule): number | undefined {
  if (route.resource.kind !== 'VirtualService') return undefined;
  const share = num(node, 'fault', 'abort', 'percentage', 'value') ?? 0;
  return share > 0 && share < 100 ? share : undefined;
}

export function destinationsOf(world: World, rule: RouteRule): RuleDestination[] {
  return rule.route.resource.kind === 'VirtualService' ? virtualServiceTargets(rule) : backends(world, rule);
}

function virtualServiceTargets({ node, route }: RouteRule): RuleDestination[] {
  const targets = items(node, 'route');
  return targets.flatMap((target) => {
    const destination = at(target, 'destination');
    const host = text(destination, 'host');
    if (host === undefined) return [];
    return [
      {
        host: fullHost(host, route.namespace),
        subset: text(destination, 'subset') || null,
        port: num(destination, 'port', 'number') ?? null,
        // One destination takes all, whatever its weight; beside others an absent weight is none.
        weight: num(target, 'weight') ?? (targets.length === 1 ? 1 : 0),
        node: target,
      },
    ];
  });
}

/** The backends that the route may use: those of other namespaces need a ReferenceGrant there. */
function backends(world: World, { node, route }: RouteRule): RuleDestination[] {
  return items(node, 'backendRefs').flatMap((backend) => {
    const defaults = { group: '', kind: 'Service', namespace: route.namespace };
    return referenceOf(backend, defaults).flatMap(({ key, kind, name, namespace, port }) => {
      const group = key.slice(0, key.indexOf('/'));
      const mayRefer =
        route.resource.group === LINKERD_POLICY ||
        isGranted(world, { from: route, target: { group, kind, namespace, name } });
      if (!mayRefer) return [];
      const host = kind === 'Service' ? `${name}.${namespace}.svc.cluster.local` : name;
      return [{ host, subset: null, port: port ?? null, weight: num(backend, 'weight') ?? 1, node: backend }];
    });
  });
}

const FOUND = 302;
const MOVED = 301;
const SERVER_ERROR = 500;

/** What the proxy answers by itself under a rule; undefined where it forwards the request. */
export function ownAnswerOf(rule: RouteRule, destinations: readonly WeightedDestination[]): OwnAnswer | undefined {
  const { node, route } = rule;
  if (route.resource.kind === 'VirtualService') {
    const redirect = at(node, 'redirect');
    if (redirect) return { kind: 'redirect', status: num(redirect, 'redirectCode') ?? MOVED };
    const direct = at(node, 'directResponse');
    if (direct) return { kind: 'direct-response', status: num(direct, 'status') ?? SERVER_ERROR };
    const abort = at(node, 'fault', 'abort');
    // Without a percentage nothing is aborted.
    if ((num(abort, 'percentage', 'value') ?? 0) >= 100)
      return {
        kind: 'fault',
        status: num(abort, 'httpStatus') ?? SERVER_ERROR,
        ...(has(abort, 'grpcStatus') ? { grpcStatus: text(abort, 'grpcStatus') } : {}),
      };
    return undefined;
  }
  const redirect = items(node, 'filters').find((filter) => text(filter, 'type') === 'RequestRedirect');
  if (redirect) return { kind: 'redirect', status: num(redirect, 'requestRedirect', 'statusCode') ?? FOUND };
  return destinations.some(({ weight }) => weight > 0) ? undefined : { kind: 'no-backend', status: SERVER_ERROR };
}
