import { at, entriesOf, isTemplated, items, text } from '../yaml/access.ts';
import { hostKey, keyCovers } from './hostIndex.ts';
import { type Located, perResource } from './located.ts';
import type { World } from './world.ts';

/** Which namespaces see a resource: `exportTo`, and the Sidecars that import only some hosts. */

/** The namespaces that a resource is exported to; undefined for all of them. */
export const exportedTo = perResource((located): readonly string[] | undefined => {
  const targets = exportTargets(located);
  if (targets.length === 0 || targets.includes('*')) return undefined;
  return targets.map((target) => (target === '.' ? located.namespace : target));
});

function exportTargets(located: Located): string[] {
  if (located.resource.kind !== 'Service')
    return items(located.root, 'spec', 'exportTo').flatMap((node) => text(node) ?? []);
  const annotations = entriesOf(at(located.root, 'metadata', 'annotations'));
  const written = text(annotations.find(({ key }) => key.text === 'networking.istio.io/exportTo')?.value);
  return (written ?? '').split(',').flatMap((target) => (target.trim() === '' ? [] : [target.trim()]));
}

/** Whether a resource's `exportTo` lets a namespace see it; everyone when absent. */
export function isVisibleIn(located: Located, namespace: string): boolean {
  return exportedTo(located)?.includes(namespace) ?? true;
}

/** True when some namespace sees both resources. Unsure when a template says who sees them: then false. */
export function seenTogether(a: Located, b: Located): boolean {
  if (hasUnknownExport(a) || hasUnknownExport(b)) return false;
  const [seenA, seenB] = [exportedTo(a), exportedTo(b)];
  if (!seenA || !seenB) return (seenA ?? seenB ?? ['*']).some((target) => target !== '~');
  return seenA.some((target) => target !== '~' && seenB.includes(target));
}

function hasUnknownExport(located: Located): boolean {
  return items(located.root, 'spec', 'exportTo').some(isTemplated);
}

/** False when the Sidecar for a whole namespace leaves a host out, so that nothing said about the host matters there. */
export function importsHost(world: World, namespace: string, host: string): boolean {
  const sidecar = world
    .inNamespace('networking.istio.io/Sidecar', namespace)
    .find(({ root }) => !at(root, 'spec', 'workloadSelector'));
  if (!sidecar) return true;
  const key = hostKey(host, namespace);
  const last = key.slice(key.indexOf('.') + 1);
  // A host of a Service is imported from the Service's namespace, any other from where it is defined: here, as far as we know.
  const home = key.split('.').length === 2 && world.hasNamespace(last) ? last : namespace;
  return sidecarImports(sidecar, namespace, { key, namespace: home });
}

/** Whether a Sidecar lets clients of a namespace know a host that is defined in another: all of them without a list. */
export function sidecarImports(
  sidecar: Located,
  namespace: string,
  host: { readonly key: string; readonly namespace: string },
): boolean {
  const egress = items(sidecar.root, 'spec', 'egress');
  if (egress.length === 0) return true;
  return egress
    .flatMap((listener) => items(listener, 'hosts'))
    .some((node) => {
      const [from = '', pattern = '*'] = (text(node) ?? '*/*').split('/');
      return (
        (from === '*' || from === host.namespace || (from === '.' && host.namespace === namespace)) &&
        (pattern === '*' || keyCovers(hostKey(pattern, namespace), host.key))
      );
    });
}
