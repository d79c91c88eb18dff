import type { YamlNode } from '../yaml/tree.ts';
import type { SourceDocument } from './file.ts';
import { type Labels, matchesLabels } from './labels.ts';
import type { Resource } from './resource.ts';

/**
 * A resource of the workspace, with the namespace and name that it will have in the cluster. The same object as long as
 * its document stays as it is, wherever in the file that is: what is derived from it can be kept with it.
 */
export interface Located {
  readonly resource: Resource;
  readonly kindKey: KindKey;
  /** Of its file. */
  readonly path: string;
  readonly document: SourceDocument;
  readonly root: YamlNode;
  /** `default` when neither the resource nor a kustomization says one; always empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
  /** False when the namespace was not written anywhere, so that the resource may land in any. */
  readonly namespaceKnown: boolean;
  /** What its kustomization puts on it, beside what is written. */
  readonly added: AddedLabels;
  /** False when a kustomization elsewhere puts labels on it, which stands in another folder and may not be the only one. */
  readonly labelsKnown: boolean;
  /** A Kustomize patch: it says something about a resource, but is none itself. */
  readonly partial: boolean;
}

/** A place in the workspace: a node of a resource. */
export interface Site {
  readonly located: Located;
  readonly node: YamlNode;
}

/** `group/kind`, the key under which kinds are looked up: `networking.istio.io/VirtualService`, `/Service`. */
export type KindKey = `${string}/${string}`;

export function kindKeyOf({ group, kind }: Resource): KindKey {
  return `${group}/${kind}`;
}

/** `VirtualService shop/cart`, as messages call a resource. */
export function describeLocated(located: Located): string {
  const { kind } = located.resource;
  return located.namespace === '' ? `${kind} ${located.name}` : `${kind} ${located.namespace}/${located.name}`;
}

/** A reading of a resource that is made once: it depends on nothing else. */
export function perResource<T>(read: (located: Located) => T): (located: Located) => T {
  const known = new WeakMap<Located, { readonly value: T }>();
  return (located) => {
    let reading = known.get(located);
    if (!reading) {
      reading = { value: read(located) };
      known.set(located, reading);
    }
    return reading.value;
  };
}

/** The last parts of a path say enough to people, who know where their workspace is. */
export function shortPath({ path }: Pick<Located, 'path'>): string {
  return path.split('/').slice(-3).join('/');
}

const CLUSTER_SCOPED = new Set([
  'Namespace',
  'GatewayClass',
  'XMesh',
  'Node',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
]);

/** What a kustomization does to the resources that it lists. */
export interface Overlay {
  readonly namespace: string | undefined;
  readonly prefix: string;
  readonly suffix: string;
  readonly added: AddedLabels;
}

export interface AddedLabels {
  /** On the resource itself. */
  readonly own: Labels;
  /** On the pods that it makes. */
  readonly pods: Labels;
}

export const NOTHING_ADDED: AddedLabels = { own: new Map(), pods: new Map() };

/** What resources are called depends on these, beside their document. */
interface Circumstances {
  readonly path: string;
  readonly overlay: Overlay | undefined;
  readonly labelsKnown: boolean;
  readonly partial: boolean;
}

interface Known {
  readonly circumstances: Circumstances;
  readonly located: readonly Located[];
}

const known = new WeakMap<SourceDocument, Known>();

/** The resources of a document; `overlay` comes from the kustomization that lists its file. */
export function locate(document: SourceDocument, circumstances: Circumstances): readonly Located[] {
  const last = known.get(document);
  if (last && isSame(last.circumstances, circumstances)) return last.located;
  const located = locateAll(document, circumstances);
  known.set(document, { circumstances, located });
  return located;
}

function isSame(a: Circumstances, b: Circumstances): boolean {
  return (
    a.path === b.path &&
    a.partial === b.partial &&
    a.labelsKnown === b.labelsKnown &&
    a.overlay?.namespace === b.overlay?.namespace &&
    a.overlay?.prefix === b.overlay?.prefix &&
    a.overlay?.suffix === b.overlay?.suffix &&
    areSameLabels(a.overlay?.added.own, b.overlay?.added.own) &&
    areSameLabels(a.overlay?.added.pods, b.overlay?.added.pods)
  );
}

function areSameLabels(a: Labels = NOTHING_ADDED.own, b: Labels = NOTHING_ADDED.own): boolean {
  return a.size === b.size && matchesLabels(a, b);
}

function locateAll(document: SourceDocument, circumstances: Circumstances): Located[] {
  const { path, overlay, labelsKnown, partial } = circumstances;
  const added = overlay?.added ?? NOTHING_ADDED;
  return document.resources.flatMap((resource) => {
    // Files that a tool reads rather than the API server need no name.
    const written = resource.name ?? (resource.definition?.metadataRequired === false ? '(unnamed)' : undefined);
    if (written === undefined) return [];
    const clusterScoped = CLUSTER_SCOPED.has(resource.kind);
    const namespace = clusterScoped ? '' : (overlay?.namespace ?? resource.namespace ?? 'default');
    const name = resource.kind === 'Namespace' ? written : `${overlay?.prefix ?? ''}${written}${overlay?.suffix ?? ''}`;
    const namespaceKnown = clusterScoped || overlay?.namespace !== undefined || resource.namespace !== undefined;
    const kindKey = kindKeyOf(resource);
    const { root } = resource;
    return [{ resource, kindKey, path, document, root, namespace, name, namespaceKnown, added, labelsKnown, partial }];
  });
}
