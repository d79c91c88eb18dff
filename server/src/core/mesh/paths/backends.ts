import { fullHost, ownersOfHost, serviceOfHost } from '../../model/hosts.ts';
import { labelsOf, matchesLabels } from '../../model/labels.ts';
import { destinationRulesFor } from '../../model/traffic.ts';
import { type Service, serviceOf, type Workload } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { at } from '../../yaml/access.ts';
import type { RuleDestination } from '../routing/destinations.ts';
import { addressedPort, claimedTwice, type Destination, type Ends, entryDestination, nameOf } from './ends.ts';
import { faultOf } from './malformed.ts';

/** What the destinations of routes are in the workspace, and which of several the path follows. */

export interface Target {
  readonly destination: RuleDestination;
  /** Undefined where there is nothing of the name. */
  readonly to: Destination | undefined;
  /** What is missing, as the end of a sentence that begins with the route. */
  readonly problem?: string;
  /** Whether files are enough to say that it is missing. */
  readonly isCertain?: boolean;
}

export function targetsOf(
  world: World,
  destinations: readonly RuleDestination[],
  ends: Ends,
  namespace: string,
): readonly Target[] {
  return destinations.map((destination) => ({ destination, ...resolve(world, destination, ends, namespace) }));
}

/** Whether what a question names is among the targets. */
export function leadsTo(targets: readonly Target[], addressed: Destination): boolean {
  return targets.some(({ to }) => {
    if (to?.kind !== 'service' || addressed.kind !== 'service') return to?.kind === addressed.kind;
    return to.service.located === addressed.service.located;
  });
}

/** The backend with the endpoint that the question names, else the first of those with the largest weight. */
export function takenOf(targets: readonly Target[], { chosenEndpoint }: Ends): Target | undefined {
  const usable = targets.filter(({ destination }) => destination.weight > 0);
  const [named] = usable.flatMap((target) => {
    if (target.to?.kind !== 'service' || chosenEndpoint === undefined) return [];
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

function resolve(
  world: World,
  { host, subset, port }: RuleDestination,
  { destination }: Ends,
  namespace: string,
): Omit<Target, 'destination'> {
  const number = port ?? addressedPort(destination);
  const owner = ownersOfHost(world, host, namespace)[0];
  if (!owner) return unowned(host, number, namespace);
  const service = serviceOf(owner.located);
  if (!service) return { to: entryDestination(world, owner.located, host, number) };
  const named = world.findAll('/Service', service.namespace, service.name).map((located) => ({ located }));
  const doubt = claimedTwice(named, nameOf(service), 'Services') ?? faultOf(owner.located);
  if (doubt !== undefined) return { to: undefined, problem: `sends to Service ${nameOf(service)}: ${doubt}.` };
  if (service.externalName !== undefined) return { to: { kind: 'host', host: service.externalName, port: number } };
  // A Service with one port needs no number in the route.
  const servicePort =
    service.ports.find((candidate) => candidate.port === number) ??
    (port === null && service.ports.length === 1 ? service.ports[0] : undefined);
  if (!servicePort)
    return {
      to: undefined,
      problem: `sends to port ${number} of Service ${nameOf(service)}, which has no such port.`,
      isCertain: true,
    };
  const [endpoint, ...others] = endpointsIn(world, service, subset, namespace);
  return { to: { kind: 'service', service, port: servicePort, endpoint, others } };
}

/** A Service that is not in the workspace may be in the cluster; any other name may be known outside of it. */
function unowned(host: string, port: number, namespace: string): Omit<Target, 'destination'> {
  const isInCluster = host.endsWith('.svc.cluster.local') && serviceOfHost(host, namespace) !== undefined;
  return isInCluster
    ? { to: undefined, problem: `sends to ${host}, which is no Service of the workspace.` }
    : { to: { kind: 'host', host, port } };
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
