import { addressedBy } from '../mesh/passing/addressed.ts';
import { type Addressed, targetsFor } from '../mesh/passing/addresses.ts';
import { callerFor, ingressGateways } from '../mesh/passing/callers.ts';
import { httpFor } from '../mesh/passing/requests.ts';
import type { PathContext } from '../mesh/paths/context.ts';
import { nameOf } from '../mesh/paths/ends.ts';
import type { PathRequest, RequestTarget } from '../mesh/paths/vocabulary.ts';
import type { SourceFile } from '../model/file.ts';
import type { Located } from '../model/located.ts';
import { locatedAt } from '../model/references/atOffset.ts';
import type { Service } from '../model/workloads.ts';
import type { Snapshot } from '../model/workspace.ts';
import type { World } from '../model/world.ts';
import type { CoreSettings } from '../settings.ts';

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
  const context = { world: snapshot.world, settings, hypothesis: undefined };
  const request = requestFor(context, located, offset - start);
  return request && { located, request, choices: choicesFor(snapshot.world, request) };
}

/** A request that passes a resource. `offset` is one of its document, and picks the rule of a route. */
export function requestFor(context: PathContext, located: Located, offset = 0): PathRequest | undefined {
  const { world } = context;
  for (const addressed of addressedBy(context, located)) {
    const [to] = targetsFor(world, addressed);
    if (to) return { from: callerFor(context, located, addressed), to, http: httpFor(world, located, to, offset) };
  }
  return undefined;
}

/** Whether there is a request that passes a resource, which is found sooner than the request. */
export function isPassed(context: PathContext, located: Located): boolean {
  for (const addressed of addressedBy(context, located))
    if (targetsFor(context.world, addressed).length > 0) return true;
  return false;
}

export function choicesFor(world: World, { from, to }: PathRequest): PathChoices {
  const workloads = world.workloads().map(nameOf);
  const addressed = addressedAt(world, to);
  return {
    sources: [...new Set([from, ...workloads, ...ingressGateways(world), 'outside', 'kubelet'])],
    targets: addressed ? targetsFor(world, addressed) : [to],
  };
}

/** The Service that is addressed, or that stands before the pod. */
function addressedAt(world: World, to: RequestTarget): Addressed | undefined {
  const service = serviceAt(world, to);
  return service && { service };
}

function serviceAt(world: World, to: RequestTarget): Service | undefined {
  if ('host' in to) return undefined;
  const [namespace = '', name = ''] = ('service' in to ? to.service : to.pod).split('/');
  if ('service' in to) return world.service(namespace, name);
  const workload = world.workloads(namespace).find((candidate) => candidate.name === name);
  return workload && world.servicesOf(workload)[0];
}
