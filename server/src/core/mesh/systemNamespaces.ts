import type { World } from '../model/world.ts';

const INSTALLED = /^(?:kube-system|kube-public|kube-node-lease|local-path-storage)$/;

/** Namespaces of the platform itself, whose Services nobody wrote for the mesh. Istio injects no sidecars there. */
export function isSystemNamespace(namespace: string): boolean {
  return INSTALLED.test(namespace);
}

const EVERYWHERE = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Namespaces that are there without anybody writing them: Kubernetes makes its own, and the mesh is installed in one. */
export function unwrittenNamespaces(rootNamespace: string): readonly string[] {
  return [...EVERYWHERE, rootNamespace];
}

/** Whether a namespace is in the workspace, or there without being written. */
export function isKnownNamespace(world: World, rootNamespace: string, name: string): boolean {
  return world.hasNamespace(name) || unwrittenNamespaces(rootNamespace).includes(name);
}
