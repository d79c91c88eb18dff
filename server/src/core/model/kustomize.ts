import { at, bool, items, text } from '../yaml/access.ts';
import { parseDocument } from '../yaml/parse.ts';
import type { YamlNode } from '../yaml/tree.ts';
import type { SourceFile } from './file.ts';
import { type Labels, labelsOf } from './labels.ts';
import type { AddedLabels, Overlay } from './located.ts';

/** What kustomization files say about other files. Nothing is built: only names, namespaces, labels and who is a patch. */

const KUSTOMIZATION = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;

export function isKustomization(path: string): boolean {
  return KUSTOMIZATION.test(path);
}

export interface Kustomizations {
  /** Files that are patches: what is missing in them may stand in the base. */
  readonly patches: ReadonlySet<string>;
  readonly overlays: ReadonlyMap<string, Overlay>;
  /** What the paths begin with of files on which a kustomization of another folder puts labels. */
  readonly labelled: readonly string[];
}

const roots = new WeakMap<SourceFile, { readonly root: YamlNode | null }>();

export function readKustomizations(files: readonly SourceFile[]): Kustomizations {
  const found = files
    .filter((file) => isKustomization(file.path))
    .map((file) => ({ path: file.path, root: rootOf(file) }));
  return {
    patches: new Set(found.flatMap(({ path, root }) => patchesOf(path, root))),
    overlays: new Map(found.flatMap(({ path, root }) => overlaysOf(path, root))),
    labelled: found.flatMap(({ path, root }) => labelledBy(path, root)),
  };
}

/** The tree of a kustomization file; undefined for other files. These have no apiVersion of their own as a rule. */
export function kustomizationRoot(file: SourceFile): YamlNode | undefined {
  return isKustomization(file.path) ? (rootOf(file) ?? undefined) : undefined;
}

function rootOf(file: SourceFile): YamlNode | null {
  let known = roots.get(file);
  if (!known) {
    known = { root: parseDocument(file.text).root };
    roots.set(file, known);
  }
  return known.root;
}

/** By path: what a kustomization does to the files that it lists. */
function overlaysOf(path: string, root: YamlNode | null): [path: string, overlay: Overlay][] {
  const overlay: Overlay = {
    namespace: text(root, 'namespace'),
    prefix: text(root, 'namePrefix') ?? '',
    suffix: text(root, 'nameSuffix') ?? '',
    added: addedLabels(root),
  };
  if (changesNothing(overlay)) return [];
  return items(root, 'resources').flatMap((resource): [string, Overlay][] => {
    const target = text(resource);
    // Only files beside the kustomization: a base that several overlays use has a namespace in none of them alone.
    if (target === undefined || !IS_FILE.test(target) || target.startsWith('..')) return [];
    return [[folderOf(path) + target.replace(/^\.\//, ''), overlay]];
  });
}

function changesNothing({ namespace, prefix, suffix, added }: Overlay): boolean {
  return namespace === undefined && prefix === '' && suffix === '' && added.own.size === 0;
}

const IS_FILE = /\.(?:ya?ml|json)$/;

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** `commonLabels`, and `labels`, which are for the resources alone unless they say otherwise. */
function addedLabels(root: YamlNode | null): AddedLabels {
  const common = labelsOf(at(root, 'commonLabels'));
  const own = new Map(common);
  const pods = new Map(common);
  for (const item of items(root, 'labels')) {
    const pairs: Labels = labelsOf(at(item, 'pairs'));
    const reachesPods = bool(item, 'includeSelectors') === true || bool(item, 'includeTemplates') === true;
    for (const [key, value] of pairs) {
      own.set(key, value);
      if (reachesPods) pods.set(key, value);
    }
  }
  return { own, pods };
}

/** The folders that a kustomization uses and puts labels on; for a component, whoever uses it, every folder. */
function labelledBy(path: string, root: YamlNode | null): string[] {
  if (addedLabels(root).own.size === 0) return [];
  if (text(root, 'kind') === 'Component') return [''];
  return [...items(root, 'resources'), ...items(root, 'bases')].flatMap((resource) => {
    const target = text(resource);
    return target === undefined || IS_FILE.test(target) ? [] : [`${resolvePath(folderOf(path), target)}/`];
  });
}

function patchesOf(path: string, root: YamlNode | null): string[] {
  const folder = folderOf(path);
  const named = [
    ...items(root, 'patches').map((patch) => text(patch, 'path')),
    ...items(root, 'patchesStrategicMerge').map((patch) => text(patch)),
    ...items(root, 'patchesJson6902').map((patch) => text(patch, 'path')),
  ];
  // An entry with a line break is the patch itself, written in place.
  return named.flatMap((target) =>
    target === undefined || target.includes('\n') ? [] : [resolvePath(folder, target)],
  );
}

/** The path of a file that a kustomization in a folder names; `folder` ends with a slash. */
export function resolvePath(folder: string, path: string): string {
  const parts = folder.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
