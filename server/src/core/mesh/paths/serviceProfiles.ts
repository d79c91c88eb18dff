import type { Located } from '../../model/located.ts';
import type { World } from '../../model/world.ts';
import { at, items, text } from '../../yaml/access.ts';
import type { RuleDestination } from '../routing/destinations.ts';
import { splitHost } from '../routing/request.ts';
import type { Ends } from './ends.ts';

/** Linkerd's ServiceProfiles, which come before routes of the Gateway API. */

const KIND = 'linkerd.io/ServiceProfile';

/**
 * The ServiceProfile that decides about a client's requests to a Service: in the client's namespace, else in the
 * Service's. One without routes and without overrides leaves the request to HTTPRoutes.
 */
export function profileOf(world: World, { source, destination }: Ends): Located | undefined {
  if (destination.kind !== 'service') return undefined;
  const { namespace, name } = destination.service;
  const host = `${name}.${namespace}.svc.cluster.local`;
  const places = [source.kind === 'workload' ? source.workload.namespace : undefined, namespace];
  return places
    .flatMap((place) => (place === undefined ? [] : (world.find(KIND, place, host) ?? [])))
    .find(({ root }) => {
      const spec = at(root, 'spec');
      return items(spec, 'routes').length > 0 || items(spec, 'dstOverrides').length > 0;
    });
}

/** Where a ServiceProfile sends requests instead, by share. */
export function overridesOf({ root }: Located): RuleDestination[] {
  return items(root, 'spec', 'dstOverrides').flatMap((override) => {
    const authority = text(override, 'authority');
    if (authority === undefined) return [];
    const { host, port } = splitHost(authority);
    const weight = shareOf(text(override, 'weight'));
    return [{ host: host.replace(/\.$/, ''), subset: null, port: port ?? null, weight, node: undefined }];
  });
}

/** A share is written as a quantity of Kubernetes: `1`, `0.5`, or `500m` for the same. */
function shareOf(written: string | undefined): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([mk]?)$/.exec(written ?? '') ?? [];
  if (digits === undefined) return 0;
  const scale = { m: 0.001, k: 1000 }[unit ?? ''] ?? 1;
  return Number(digits) * scale;
}
