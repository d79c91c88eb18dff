import type { SourceFile } from '../model/file.ts';
import { kustomizationRoot, resolvePath } from '../model/kustomize.ts';
import { textSpan } from '../model/references/names.ts';
import type { Snapshot } from '../model/workspace.ts';
import { at, items } from '../yaml/access.ts';
import type { Span } from '../yaml/span.ts';
import type { YamlNode } from '../yaml/tree.ts';

export interface DocumentLink {
  /** In offsets of the file. */
  readonly span: Span;
  /** The path of a file of the workspace. */
  readonly target: string;
}

/** Lists of a kustomization whose items are paths, and those whose items hold a `path`. */
const LISTS = ['resources', 'bases', 'components', 'crds', 'patchesStrategicMerge', 'transformers', 'generators'];
const OBJECT_LISTS = ['patches', 'patchesJson6902', 'replacements'];

/** The paths in a kustomization, as far as the workspace has the files. A folder leads to its own kustomization. */
export function documentLinks(snapshot: Snapshot, file: SourceFile): DocumentLink[] {
  const root = kustomizationRoot(file);
  if (!root) return [];
  const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
  const named = [
    ...LISTS.flatMap((key) => items(root, key)),
    ...OBJECT_LISTS.flatMap((key) => items(root, key).map((item) => at(item, 'path'))),
  ];
  return named.flatMap((node) => linkOf(node, folder, file, snapshot));
}

function linkOf(node: YamlNode | undefined, folder: string, file: SourceFile, snapshot: Snapshot): DocumentLink[] {
  if (node?.kind !== 'scalar' || node.text.includes('\n') || node.text.includes('://')) return [];
  const path = resolvePath(folder, node.text);
  const target = [
    path,
    ...['kustomization.yaml', 'kustomization.yml', 'Kustomization'].map((name) => `${path}/${name}`),
  ].find((candidate) => snapshot.file(candidate) !== undefined);
  return target === undefined ? [] : [{ span: textSpan(node, file.text), target }];
}
