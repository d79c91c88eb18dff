import { containsNetwork, parseNetwork } from '../schema/addresses.ts';
import { items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { some, type Truth } from './truth.ts';

/**
 * Where a client calls from, as far as files say: a pod has an address in the cluster's networks, but not which; of
 * anything else the address is not known at all.
 */
export type Origin = 'pod' | 'elsewhere';

/** Whether a client is in one of the cluster's networks. */
export function isInCluster(origin: Origin): Truth {
  return origin === 'pod' ? 'yes' : 'unknown';
}

/** Whether a client's address is in a list of `{cidr, except}`. */
export function isInNetworks(networks: readonly YamlNode[], origin: Origin, clusterNetworks: readonly string[]): Truth {
  if (some(networks, (network) => (coversEverything(network) ? 'yes' : 'no')) === 'yes') return 'yes';
  if (networks.length === 0) return 'no';
  const outer = networks.filter((network) => items(network, 'except').length === 0).flatMap(cidrOf);
  const inner = clusterNetworks.flatMap((written) => parseNetwork(written) ?? []);
  const all = inner.length > 0 && inner.every((network) => outer.some((wide) => containsNetwork(wide, network)));
  return origin === 'pod' && all ? 'yes' : 'unknown';
}

function coversEverything(network: YamlNode): boolean {
  return items(network, 'except').length === 0 && cidrOf(network).some(({ prefix }) => prefix === 0);
}

/** The network of an entry, which older versions wrote as plain text. */
function cidrOf(network: YamlNode) {
  const written = text(network, 'cidr') ?? text(network);
  const parsed = written === undefined ? undefined : parseNetwork(written);
  return parsed ? [parsed] : [];
}

/** Whether a list of networks is for every address; an empty list is for all outside of the cluster. */
export function coversEverywhere(networks: readonly YamlNode[]): boolean {
  return networks.length === 0 || networks.some(coversEverything);
}
