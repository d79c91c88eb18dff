import { items, text } from '../yaml/access.ts';
import { readFile, type SourceFile } from './file.ts';
import { parseDocument } from '../yaml/parse.ts';

/**
 * The one mutable object of the core: the files as they are now. Hosts feed it texts; readers take a snapshot, which
 * never changes.
 */
export class Workspace {
  readonly #files = new Map<string, SourceFile>();
  #snapshot: Snapshot | undefined;

  /** Adds a file or replaces its text; unchanged documents keep what is known about them. */
  setFile(path: string, text: string): SourceFile {
    const previous = this.#files.get(path);
    if (previous?.text === text) return previous;
    const file = readFile(path, text, previous);
    this.#files.set(path, file);
    this.#snapshot = undefined;
    return file;
  }

  deleteFile(path: string): void {
    if (this.#files.delete(path)) this.#snapshot = undefined;
  }

  /** The workspace as it is now. The same object until something changes. */
  snapshot(): Snapshot {
    this.#snapshot ??= new Snapshot([...this.#files.values()]);
    return this.#snapshot;
  }
}

const KUSTOMIZATION = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;
/** Folders whose files are, by wide convention, laid over a base. */
const PATCH_FOLDER = /(?:^|\/)(?:patches|overlays)\//;
const TEMPLATE_FOLDER = /(?:^|\/)templates\//;

/** One immutable reading of the workspace. Everything derived is computed on first use, once. */
export class Snapshot {
  readonly files: readonly SourceFile[];
  #byPath: Map<string, SourceFile> | undefined;
  #patches: Set<string> | undefined;

  constructor(files: readonly SourceFile[]) {
    this.files = files;
  }

  file(path: string): SourceFile | undefined {
    this.#byPath ??= new Map(this.files.map((file) => [file.path, file]));
    return this.#byPath.get(path);
  }

  /** True for Kustomize patches, where what is missing may stand in the base. */
  isPatch(path: string): boolean {
    this.#patches ??= patchFiles(this.files);
    return PATCH_FOLDER.test(path) || this.#patches.has(path);
  }
}

/** True for files that a chart renders, even where no action is in sight. */
export function isChartTemplate(path: string): boolean {
  return TEMPLATE_FOLDER.test(path);
}

function patchFiles(files: readonly SourceFile[]): Set<string> {
  const patches = new Set<string>();
  for (const file of files) {
    if (!KUSTOMIZATION.test(file.path)) continue;
    const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
    const { root } = parseDocument(file.text);
    const named = [
      ...items(root, 'patches').map((patch) => text(patch, 'path')),
      ...items(root, 'patchesStrategicMerge').map((patch) => text(patch)),
      ...items(root, 'patchesJson6902').map((patch) => text(patch, 'path')),
    ];
    for (const path of named) if (path !== undefined && !path.includes('\n')) patches.add(resolvePath(folder, path));
  }
  return patches;
}

function resolvePath(folder: string, path: string): string {
  const parts = folder.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
