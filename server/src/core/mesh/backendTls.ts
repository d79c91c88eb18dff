import type { Located } from '../model/located.ts';
import { referenceOf } from '../model/routes.ts';
import type { ServicePort } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { worldIndex } from '../model/worldIndex.ts';
import { items, text } from '../yaml/access.ts';

/** BackendTLSPolicies: gateways start TLS towards the Services that they target. */

interface Targeting {
  readonly policy: Located;
  /** The name of the one port that is meant; undefined for all of them. */
  readonly portName: string | undefined;
}

const byService = worldIndex<Targeting>(['gateway.networking.k8s.io/BackendTLSPolicy'], (policy) =>
  items(policy.root, 'spec', 'targetRefs').flatMap((node) =>
    // Another namespace cannot be named here.
    referenceOf(node, { group: '', kind: '', namespace: policy.namespace })
      .filter(({ key }) => key === '/Service')
      .map(({ name }) => [`${policy.namespace}/${name}`, { policy, portName: text(node, 'sectionName') }] as const),
  ),
);

/** The policy for a port of a Service; one that names the port before one for all ports. */
export function backendTlsPolicy(
  world: World,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  port: ServicePort,
): Located | undefined {
  const fitting = byService(world, `${namespace}/${name}`).filter(
    ({ portName }) => portName === undefined || portName === port.name,
  );
  return (fitting.find(({ portName }) => portName !== undefined) ?? fitting[0])?.policy;
}
