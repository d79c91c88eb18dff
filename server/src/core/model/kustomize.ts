import { items, text } from '../yaml/access.ts';
import { parseDocument } from '../yaml/parse.ts';
import type { YamlNode } from '../yaml/tree.ts';
import type { SourceFile } from './file.ts';
import { type Overlay, overlaysOf } from './located.ts';

/** What kustomization files say about other files. Nothing is built: only names, namespaces and who is a patch. */

const KUSTOMIZATION = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;

export function isKustomization(path: string): boolean {
  return KUSTOMIZATION.test(path);
}

export interface Kustomizations {
  /** Files that are patches: what is missing in them may stand in the base. */
  readonly patches: ReadonlySet<string>;
  readonly overlays: ReadonlyMap<string, Overlay>;
}

const roots = new WeakMap<SourceFile, { readonly root: YamlNode | null }>();

export function readKustomizations(files: readonly SourceFile[]): Kustomizations {
  const found = files
    .filter((file) => isKustomization(file.path))
    .map((file) => ({ path: file.path, root: rootOf(file) }));
  return { patches: new Set(found.flatMap(({ path, root }) => patchesOf(path, root))), overlays: overlaysOf(found) };
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

function patchesOf(path: string, root: YamlNode | null): string[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
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
