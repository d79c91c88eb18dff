import { type KindKey, type Located, perResource, type Site } from '../model/located.ts';
import type { World } from '../model/world.ts';
import { worldIndex } from '../model/worldIndex.ts';
import { at, items, text } from '../yaml/access.ts';
import { perNode } from '../yaml/perNode.ts';
import type { YamlNode } from '../yaml/tree.ts';

/** What attaches by reference: policies through `targetRefs`, routes through `parentRefs` that name a Service. */

export interface Target {
  /** The reference itself. */
  readonly node: YamlNode;
  readonly nameNode: YamlNode;
  readonly key: KindKey;
  readonly kind: string;
  readonly name: string;
}

const CORE_GROUPS = new Set(['', 'core']);

/** The targets of a policy; always of its own namespace, except for a GatewayClass. */
export const targetsOf = perNode((policy): readonly Target[] => {
  const single = at(policy, 'spec', 'targetRef');
  return [...(single ? [single] : []), ...items(policy, 'spec', 'targetRefs')].flatMap((node) => {
    const nameNode = at(node, 'name');
    const kind = text(node, 'kind');
    const name = text(nameNode);
    const group = text(node, 'group') ?? '';
    if (!nameNode || kind === undefined || name === undefined) return [];
    return [{ node, nameNode, key: `${CORE_GROUPS.has(group) ? '' : group}/${kind}` as const, kind, name }];
  });
});

/** Kinds whose traffic a waypoint takes over: what clients can address. */
export function isAddressee(target: Pick<Target, 'key'>): boolean {
  return target.key === '/Service' || target.key === 'networking.istio.io/ServiceEntry';
}

export function targetLocated(world: World, policy: Located, target: Target): Located | undefined {
  return world.find(target.key, target.kind === 'GatewayClass' ? '' : policy.namespace, target.name);
}

export interface ServiceParent {
  readonly node: YamlNode;
  readonly nameNode: YamlNode;
  readonly key: KindKey;
  readonly namespace: string;
  readonly name: string;
}

/** The Services and ServiceEntries that a Gateway API route is attached to: it then routes traffic inside the mesh. */
export const meshParentsOf = perResource((route): readonly ServiceParent[] =>
  items(route.root, 'spec', 'parentRefs').flatMap((node) => {
    const nameNode = at(node, 'name');
    const name = text(nameNode);
    const key: KindKey = `${text(node, 'group') ?? 'gateway.networking.k8s.io'}/${text(node, 'kind') ?? 'Gateway'}`;
    if (!nameNode || name === undefined || !isAddressee({ key })) return [];
    return [{ node, nameNode, key, namespace: text(node, 'namespace') ?? route.namespace, name }];
  }),
);

export const MESH_ROUTES = ['gateway.networking.k8s.io/HTTPRoute', 'gateway.networking.k8s.io/GRPCRoute'] as const;
export const TARGETING_POLICIES = [
  'security.istio.io/AuthorizationPolicy',
  'security.istio.io/RequestAuthentication',
  'extensions.istio.io/WasmPlugin',
  'extensions.istio.io/TrafficExtension',
  'telemetry.istio.io/Telemetry',
  'networking.istio.io/EnvoyFilter',
] as const;

const attachments = worldIndex<Site>([...TARGETING_POLICIES, ...MESH_ROUTES], (located) => {
  const targets = targetsOf(located.root).map((target) => ({ namespace: located.namespace, ...target }));
  return [...targets, ...meshParentsOf(located)].map(({ key, namespace, name, nameNode }) => [
    `${key}/${namespace}/${name}`,
    { located, node: nameNode },
  ]);
});

/** The policies and routes that are attached to a Service or ServiceEntry, at the places where they name it. */
export function attachedTo(world: World, key: KindKey, namespace: string, name: string): readonly Site[] {
  return attachments(world, `${key}/${namespace}/${name}`);
}
