import type { World } from '../model/world.ts';

/** True when a Namespace of the workspace has its pods injected with Linkerd's proxy. */
export function isLinkerdNamespace(world: World, namespace: string): boolean {
  const value = world.namespaceAnnotations(namespace)?.get('linkerd.io/inject');
  return value === 'enabled' || value === 'ingress';
}
