import type { Located } from '../../model/located.ts';
import type { World } from '../../model/world.ts';
import { at, items } from '../../yaml/access.ts';
import type { Ends } from './ends.ts';

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
