import { isMeshWideHost } from '../model/hostIndex.ts';
import type { Located } from '../model/located.ts';
import { destinationRuleFacts, destinationRulesByHost } from '../model/traffic.ts';
import type { World } from '../model/world.ts';
import { hasSidecars, isAmbientNamespace, usesAmbient, usesEnvoyClients } from './enrolment.ts';

/** DestinationRules for all Services of a namespace or of the mesh, as they were written before mTLS was automatic. */

export type Reach =
  | { readonly of: 'mesh' }
  | { readonly of: 'namespace'; readonly namespace: string }
  | { readonly of: 'host'; readonly host: string };

const MESH_HOST = '*.svc.cluster.local';
const NAMESPACE_HOST = /^\*\.([^.*]+)\.svc(?:\.[^.]+(?:\.[^.]+)+)?$/;

/** What a DestinationRule is for; undefined when its host is missing or comes from a template. */
export function reachOf(rule: Located): Reach | undefined {
  const { host, key } = destinationRuleFacts(rule);
  if (host === undefined || key === undefined) return undefined;
  if (key === '*' || isMeshWideHost(key)) return { of: 'mesh' };
  const namespace = NAMESPACE_HOST.exec(host)?.[1];
  return namespace === undefined ? { of: 'host', host } : { of: 'namespace', namespace };
}

/** The DestinationRules for the whole mesh. */
export function meshRules(world: World): Located[] {
  const rules = [...destinationRulesByHost.exact(world, MESH_HOST), ...destinationRulesByHost.wider(world, MESH_HOST)];
  return rules.map(({ located }) => located);
}

/** The DestinationRules for all Services of a namespace; those for the mesh are left out. */
export function namespaceRules(world: World, namespace: string): Located[] {
  return destinationRulesByHost.exact(world, `*.${namespace}`).flatMap(({ located }) => {
    return reachOf(located)?.of === 'namespace' ? [located] : [];
  });
}

/** True when the clients that obey DestinationRules are absent, as far as the workspace says: all is in ambient mode. */
export function isAmbientOnly(world: World, namespace?: string): boolean {
  if (namespace === undefined) return usesAmbient(world) && !usesEnvoyClients(world);
  return isAmbientNamespace(world, namespace) && !hasSidecars(world, namespace);
}
