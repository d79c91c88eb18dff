import { at } from '../../yaml/access.ts';
import { changedRequest, mirrorsOf } from '../routing/changes.ts';
import { type Choice, isForConnections, type RouteRule } from '../routing/choice.ts';
import {
  destinationsOf,
  type OwnAnswer,
  ownAnswerOf,
  partialAbort,
  shownDestination,
} from '../routing/destinations.ts';
import { leadsTo, type Target, takenOf, targetsOf } from './backends.ts';
import type { PathContext } from './context.ts';
import type { Destination, Ends } from './ends.ts';
import { type Refusal, type Routed, refOf } from './judgement.ts';
import { choiceOf } from './routeReaders.ts';
import type { Router } from './router.ts';
import { overridesOf, profileOf } from './serviceProfiles.ts';
import type { HttpRequest, NodeId } from './vocabulary.ts';

/** Where the routes that a proxy reads send a request. */

export type Answer = Routed & { readonly to: Destination | undefined };

/** What the routes that a proxy reads make of a request; undefined where no route concerns it. */
export function routeAt(context: PathContext, ends: Ends, router: Router): Answer | undefined {
  const overridden = router.reader === 'linkerd-outbound' ? overriddenAt(context, ends, router) : undefined;
  if (overridden) return overridden;
  const choice = choiceOf(context, ends, router);
  if (!choice) return undefined;
  const { rule, state } = choice;
  if (!rule || state !== 'matched')
    return { ...undecided(choice, router.node), notes: choice.notes ?? [], to: undefined };
  const { route, index, node } = rule;
  const destinations = destinationsOf(context.world, rule);
  const own = ownAnswerOf(rule, destinations);
  const targets = own ? [] : targetsOf(context.world, destinations, ends, route.namespace);
  // The question names the backend of a gateway, and a route to another one says nothing about it.
  if (router.reader === 'gateway' && !ends.entered && !leadsTo(targets, ends.destination)) return undefined;
  const taken = takenOf(targets, ends);
  const failure = own ? refusalOf(own, rule, router.node) : failureOf(taken, rule, router.node);
  const mirrors = mirrorsOf(rule);
  const decision = {
    node: router.node,
    site: { located: route, node },
    ref: refOf(route),
    rule: index,
    destinations: destinations.map((one) => ({ ...shownDestination(one), taken: one === taken?.destination })),
    ...(mirrors.length > 0 ? { mirrors } : {}),
  };
  const { http, assume } = sentOn(rule, ends.http, taken);
  return {
    decision,
    ...(failure ? { refusal: failure } : {}),
    assume: [...choice.assume, ...assume],
    notes: [...(choice.notes ?? []), ...(taken?.problem === undefined ? [] : [`${refOf(route)} ${taken.problem}`])],
    http,
    to: taken?.to,
  };
}

/** The request behind a rule, and what is taken for granted about it. */
function sentOn(
  rule: RouteRule,
  http: HttpRequest | undefined,
  taken: Target | undefined,
): { readonly http: HttpRequest | undefined; readonly assume: readonly string[] } {
  if (!http || isForConnections(rule)) return { http: undefined, assume: [] };
  const ref = refOf(rule.route);
  const share = partialAbort(rule);
  const aborts = share === undefined ? [] : [`${ref} aborts ${share} % of requests; this one is not among them.`];
  const changed = changedRequest(rule, http, taken?.destination.node);
  if (changed) return { http: changed, assume: aborts };
  const unclear = `What ${ref} makes of the path cannot be told from files: policies behind it are asked about the path as the client sends it.`;
  return { http: undefined, assume: [...aborts, unclear] };
}

/** A ServiceProfile of Linkerd can send requests elsewhere than to the Service. */
function overriddenAt({ world }: PathContext, ends: Ends, { node }: Router): Answer | undefined {
  const profile = profileOf(world, ends);
  const site = at(profile?.root, 'spec', 'dstOverrides');
  const destinations = profile ? overridesOf(profile) : [];
  if (!profile || !site || destinations.length === 0) return undefined;
  const taken = takenOf(targetsOf(world, destinations, ends, profile.namespace), ends);
  const ref = refOf(profile);
  const decision = {
    node,
    site: { located: profile, node: site },
    ref,
    rule: undefined,
    destinations: destinations.map((one) => ({ ...shownDestination(one), taken: one === taken?.destination })),
  };
  // Without a share that can be read, and without the Service, nobody knows where requests go.
  const refusal = { result: 'unknown', at: node, by: ref } as const;
  return { decision, ...(taken?.to ? {} : { refusal }), to: taken?.to };
}

function undecided({ state, rule, lost, assume }: Choice, node: NodeId): Routed {
  const named = rule ?? lost[0]?.rule;
  const ref = named ? refOf(named.route) : '';
  const refusal: Refusal =
    state === 'unknown'
      ? { result: 'unknown', at: node, by: ref }
      : { result: 'deny', at: node, by: 'no-route', signal: signalOf(named, NOT_FOUND) };
  return { decision: { node, site: undefined, ref, rule: undefined, destinations: [] }, refusal, assume };
}

const NOT_FOUND = 404;
const NO_BACKEND = 500;
const UNAVAILABLE = 503;

/** What comes of a rule that leads nowhere, as far as files can say. */
function failureOf(taken: Target | undefined, rule: RouteRule, node: NodeId): Refusal | undefined {
  if (taken?.to) return undefined;
  const by = refOf(rule.route);
  if (!taken?.isCertain) return { result: 'unknown', at: node, by };
  const isIstios = rule.route.resource.kind === 'VirtualService';
  return { result: 'deny', at: node, by, signal: signalOf(rule, isIstios ? UNAVAILABLE : NO_BACKEND) };
}

function refusalOf({ status, grpcStatus }: OwnAnswer, rule: RouteRule, node: NodeId): Refusal {
  const signal = grpcStatus === undefined ? signalOf(rule, status) : `gRPC ${grpcStatus}`;
  return { result: 'deny', at: node, by: refOf(rule.route), signal };
}

/** Without requests there are no answers to them either. */
function signalOf(rule: RouteRule | undefined, status: number): string {
  return rule && isForConnections(rule) ? 'connection closed' : `HTTP ${status}`;
}
