import { derive } from '../model/derivation.ts';
import { fullHost, ownersOfHost } from '../model/hosts.ts';
import type { Located } from '../model/located.ts';
import { destinationRuleFacts, virtualServiceFacts } from '../model/traffic.ts';
import type { World } from '../model/world.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { isAmbientNamespace } from './enrolment.ts';
import { serviceDataPlane } from './selection.ts';
import { addresseeBinding, type WaypointBinding } from './waypoints.ts';

/** What the hosts of a VirtualService or DestinationRule stand for, and how ambient clients reach it. */
export interface HostTarget {
  /** The scalar with the host. */
  readonly node: YamlNode;
  readonly host: string;
  /** The Service or ServiceEntry; undefined when the workspace has none. */
  readonly addressee: Located | undefined;
  /** True when the pods behind it are in ambient mode. */
  readonly ambient: boolean;
  readonly binding: WaypointBinding | undefined;
}

export const hostTargetsOf = derive((world, located: Located): readonly HostTarget[] =>
  hostsOf(located).map(({ node, host }) => {
    const addressee = ownersOfHost(world, host, located.namespace)[0]?.located;
    const binding = addressee && addresseeBinding(world, addressee);
    return { node, host, addressee, ambient: addressee !== undefined && isAmbientAddressee(world, addressee), binding };
  }),
);

function hostsOf(located: Located): { readonly node: YamlNode; readonly host: string }[] {
  if (located.resource.kind === 'VirtualService') return [...virtualServiceFacts(located).hosts];
  const { hostNode, host } = destinationRuleFacts(located);
  return hostNode && host !== undefined ? [{ node: hostNode, host: fullHost(host, located.namespace) }] : [];
}

/** Whether what is behind a Service or ServiceEntry is in ambient mode, as far as the workspace says. */
export function isAmbientAddressee(world: World, addressee: Located): boolean {
  const service =
    addressee.resource.kind === 'Service' ? world.service(addressee.namespace, addressee.name) : undefined;
  return service ? serviceDataPlane(world, service) === 'ambient' : isAmbientNamespace(world, addressee.namespace);
}
