import { fullHost, ownersOfHost } from '../../model/hosts.ts';
import { labelsOf, matchesLabels } from '../../model/labels.ts';
import { destinationRulesFor } from '../../model/traffic.ts';
import { type Service, serviceOf, type Workload } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { at } from '../../yaml/access.ts';
import type { Choice } from '../routing/choice.ts';
import { destinationsOf, type OwnAnswer, ownAnswerOf, type WeightedDestination } from '../routing/destinations.ts';
import type { PathContext } from './context.ts';
import { type Destination, type Ends, entryDestination, nameOf } from './ends.ts';
import { type Refusal, type Routed, refOf } from './judgement.ts';
import { choiceOf, type Router } from './routeReaders.ts';
import type { NodeId } from './vocabulary.ts';

// Which routes there are for what a request addresses, and who would read them, says `routesConcerning` in
// `routeReaders.ts`.

/** What the routes that a proxy reads make of a request; undefined where no route concerns it. */
export function routeAt(
  context: PathContext,
  ends: Ends,
  router: Router,
): (Routed & { readonly to: Destination | undefined }) | undefined {
  const choice = choiceOf(context, ends, router);
  if (!choice) return undefined;
  const { rule, state } = choice;
  if (!rule || state !== 'matched') return { ...undecided(choice, router.node), to: undefined };
  const { route, index, node } = rule;
  const destinations = destinationsOf(context.world, rule);
  const own = ownAnswerOf(rule, destinations);
  const targets = own
    ? []
    : destinations.map((destination) => ({
        destination,
        to: resolve(context.world, destination, ends, route.namespace),
      }));
  // The question names the backend of a gateway, and a route to another one says nothing about it.
  if (router.reader === 'gateway' && !targets.some(({ to }) => isAddressed(to, ends.destination))) return undefined;
  const taken = takenOf(targets, ends);
  const ref = refOf(route);
  const decision = {
    node: router.node,
    site: { located: route, node },
    ref,
    rule: index,
    destinations: destinations.map((one) => ({ ...one, taken: one === taken?.destination })),
  };
  const refusal: Refusal | undefined = own && refusalOf(own, ref, router.node);
  return { decision, ...(refusal ? { refusal } : {}), assume: choice.assume, to: taken?.to };
}

function undecided({ state, rule, lost, assume }: Choice, node: NodeId): Routed {
  const named = rule ?? lost[0]?.rule;
  const ref = named ? refOf(named.route) : '';
  const refusal: Refusal =
    state === 'unknown'
      ? { result: 'unknown', at: node, by: ref }
      : { result: 'deny', at: node, by: 'no-route', signal: 'HTTP 404' };
  return { decision: { node, site: undefined, ref, rule: undefined, destinations: [] }, refusal, assume };
}

function refusalOf({ status }: OwnAnswer, ref: string, node: NodeId): Refusal {
  return { result: 'deny', at: node, by: ref, signal: `HTTP ${status}` };
}

interface Target {
  readonly destination: WeightedDestination;
  readonly to: Destination;
}

/** The backend with the endpoint that the question names, else the first of those with the largest weight. */
function takenOf(targets: readonly Target[], { chosenEndpoint }: Ends): Target | undefined {
  const usable = targets.filter(({ destination }) => destination.weight > 0);
  const [named] = usable.flatMap((target) => {
    if (target.to.kind !== 'service' || chosenEndpoint === undefined) return [];
    const all = behind(target.to);
    const endpoint = all.find((workload) => nameOf(workload) === chosenEndpoint);
    return endpoint
      ? [{ ...target, to: { ...target.to, endpoint, others: all.filter((workload) => workload !== endpoint) } }]
      : [];
  });
  const largest = Math.max(...usable.map(({ destination }) => destination.weight));
  return named ?? usable.find(({ destination }) => destination.weight === largest);
}

function behind({ endpoint, others }: Extract<Destination, { kind: 'service' }>): Workload[] {
  return endpoint ? [endpoint, ...others] : [...others];
}

function isAddressed(to: Destination, addressed: Destination): boolean {
  if (to.kind !== 'service' || addressed.kind !== 'service') return to.kind === addressed.kind;
  return to.service.located === addressed.service.located;
}

function resolve(
  world: World,
  { host, subset, port }: WeightedDestination,
  { destination }: Ends,
  namespace: string,
): Destination {
  const addressedPort = destination.kind === 'service' ? destination.port.port : destination.port;
  const number = port ?? addressedPort;
  const owner = ownersOfHost(world, host, namespace)[0];
  if (!owner) return { kind: 'host', host, port: number };
  const service = serviceOf(owner.located);
  if (!service) return entryDestination(world, owner.located, host, number);
  // A Service with one port needs no number in the route.
  const servicePort =
    service.ports.find((candidate) => candidate.port === number) ??
    (port === null && service.ports.length === 1 ? service.ports[0] : undefined);
  if (!servicePort) return { kind: 'host', host, port: number };
  const [endpoint, ...others] = endpointsIn(world, service, subset, namespace);
  return { kind: 'service', service, port: servicePort, endpoint, others };
}

/** The workloads of a subset are those with the labels that a DestinationRule gives it. */
function endpointsIn(world: World, service: Service, subset: string | null, namespace: string): readonly Workload[] {
  const all = world.endpointsOf(service);
  if (subset === null) return all;
  const written = destinationRulesFor(world, fullHost(service.name, service.namespace), namespace)
    .flatMap(({ subsets }) => subsets)
    .find(({ name }) => name === subset);
  if (!written) return [];
  const labels = labelsOf(at(written.node, 'labels'));
  return all.filter((workload) => matchesLabels(labels, workload.labels));
}
