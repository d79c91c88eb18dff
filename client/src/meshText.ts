/**
 * What only mesh and gateway manifests hold: the API groups, which are also the prefixes of the labels and annotations
 * that the meshes read on core kinds, and the one label without a prefix.
 */
const MESH =
  /\b(?:istio|linkerd)\.io\/|\bgateway\.networking\.(?:x-)?k8s\.io\/|\bsplit\.smi-spec\.io\/|\bistio-injection\b/;

/** Whether a text mentions a mesh, which is when the language server has something to say about it. */
export function mentionsMesh(text: string): boolean {
  return MESH.test(text);
}
