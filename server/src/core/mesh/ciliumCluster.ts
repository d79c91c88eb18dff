import { derive } from '../model/derivation.ts';
import type { Located } from '../model/located.ts';
import type { World } from '../model/world.ts';
import type { CiliumValues } from '../settings.ts';
import { at, text } from '../yaml/access.ts';
import { CILIUM_POLICIES } from './ciliumPolicies.ts';
import { isUnmeshed } from './enrolment.ts';
import { MESH_ROUTES, meshParentsOf } from './targets.ts';

/** Whether Cilium is the network of the cluster, and what its own configuration says about it. */

/** `named` where something in the workspace is Cilium's own, `inferred` where only Cilium is left to do the work. */
export type CiliumEvidence = 'named' | 'inferred';

export const ciliumEvidence = derive((world): CiliumEvidence | undefined => {
  const named =
    [...CILIUM_POLICIES, ...CILIUM_PROXIES].some((kind) => world.ofKind(kind).length > 0) ||
    ciliumConfig(world) !== undefined ||
    world.ofKind('gateway.networking.k8s.io/Gateway').some((gateway) => isCiliumGateway(world, gateway)) ||
    world.ofKind('/Namespace').some(({ name }) => hasCiliumMtls(world, name));
  if (named) return 'named';
  return hasUnservedRoutes(world) ? 'inferred' : undefined;
}, Object.is);

const CILIUM_PROXIES = ['cilium.io/CiliumEnvoyConfig', 'cilium.io/CiliumClusterwideEnvoyConfig'] as const;

/** Routes of Services need a mesh. Where no workload is in another one, for certain, Cilium takes them from the network. */
function hasUnservedRoutes(world: World): boolean {
  const workloads = world.workloads();
  if (workloads.length === 0 || !workloads.every((workload) => isUnmeshed(world, workload))) return false;
  return MESH_ROUTES.some((kind) => world.ofKind(kind).some((route) => meshParentsOf(route).length > 0));
}

/** A Gateway that the Envoys of the nodes serve. */
export function isCiliumGateway(world: World, gateway: Located): boolean {
  const className = text(gateway.root, 'spec', 'gatewayClassName');
  if (className === undefined || className === 'cilium') return className === 'cilium';
  const gatewayClass = world.find('gateway.networking.k8s.io/GatewayClass', '', className);
  return text(gatewayClass?.root, 'spec', 'controllerName') === 'io.cilium/gateway-controller';
}

function ciliumConfig(world: World): Located | undefined {
  return world.ofKind('/ConfigMap').find(({ name }) => name === 'cilium-config');
}

/** How nodes encrypt what they send one another; undefined where no file has Cilium's ConfigMap. */
export function ciliumEncryption(world: World): CiliumValues['encryption'] | undefined {
  const data = at(ciliumConfig(world)?.root, 'data');
  if (!data) return undefined;
  if (text(data, 'enable-wireguard') === 'true') return 'wireguard';
  return text(data, 'enable-ipsec') === 'true' ? 'ipsec' : 'none';
}

/** Whether the pods of a namespace have their connections tunneled by the ztunnel that Cilium runs (beta). */
export function hasCiliumMtls(world: World, namespace: string): boolean {
  return world.namespaceLabels(namespace)?.get('io.cilium/mtls-enabled') === 'true';
}
