const INSTALLED = /^(?:kube-system|kube-public|kube-node-lease|local-path-storage)$/;

/** Namespaces of the platform itself, whose Services nobody wrote for the mesh. Istio injects no sidecars there. */
export function isSystemNamespace(namespace: string): boolean {
  return INSTALLED.test(namespace);
}
