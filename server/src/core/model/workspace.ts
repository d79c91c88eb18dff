import type { DocumentText } from '../schema/rule.ts';
import { readFile, type SourceDocument, type SourceFile, startOf } from './file.ts';
import { Journal } from './journal.ts';
import { isKustomization, type Kustomizations, readKustomizations } from './kustomize.ts';
import { type Located, locate } from './located.ts';
import type { World } from './world.ts';
import { createWorlds, type WorldSource } from './worlds.ts';

/**
 * The one mutable object of the core: the files as they are now. Hosts feed it texts; readers take a snapshot, which
 * never changes.
 */
export class Workspace {
  readonly #files = new Map<string, SourceFile>();
  readonly #journal = new Journal();
  readonly #worlds = createWorlds(this.#journal);
  #snapshot: Snapshot | undefined;

  /** What snapshots share until another file comes or goes, or a kustomization changes. */
  #shared: Shared = {};

  /** Adds a file or replaces its text; unchanged documents keep what is known about them. */
  setFile(path: string, text: string): SourceFile {
    const previous = this.#files.get(path);
    if (previous?.text === text) return previous;
    const file = readFile(path, text, previous);
    if (!previous || isKustomization(path)) this.#shared = {};
    this.#files.set(path, file);
    this.#changed(path);
    return file;
  }

  deleteFile(path: string): void {
    if (!this.#files.delete(path)) return;
    this.#shared = {};
    this.#changed(path);
  }

  #changed(path: string): void {
    this.#journal.note(path);
    this.#snapshot = undefined;
  }

  /** The workspace as it is now. The same object until something changes. */
  snapshot(): Snapshot {
    this.#snapshot ??= new Snapshot([...this.#files.values()], this.#worlds, this.#shared);
    return this.#snapshot;
  }

  /**
   * The files about which there may be something new to say since `mark`, which is what an earlier call gave, or 0 for
   * the beginning: they changed or are gone, or something did that was looked at for their diagnostics.
   */
  changesSince(mark: number): { readonly paths: readonly string[]; readonly mark: number } {
    // Only the next world shows what has become of the others.
    void this.snapshot().world;
    return { paths: this.#journal.since(mark), mark: this.#journal.last };
  }
}

/** Folders whose files are, by wide convention, laid over a base. */
const PATCH_FOLDER = /(?:^|\/)(?:patches|overlays)\//;
const TEMPLATE_FOLDER = /(?:^|\/)templates\//;

interface Shared {
  /** Where in the list of files each path stands. */
  places?: ReadonlyMap<string, number>;
  kustomizations?: Kustomizations;
}

/** One immutable reading of the workspace. Everything derived is computed on first use, once. */
export class Snapshot {
  readonly files: readonly SourceFile[];
  readonly #worldOf: (source: WorldSource) => World;
  readonly #shared: Shared;
  #world: World | undefined;

  constructor(files: readonly SourceFile[], worldOf: (source: WorldSource) => World, shared: Shared) {
    this.files = files;
    this.#worldOf = worldOf;
    this.#shared = shared;
  }

  file(path: string): SourceFile | undefined {
    this.#shared.places ??= new Map(this.files.map((file, place) => [file.path, place]));
    const place = this.#shared.places.get(path);
    return place === undefined ? undefined : this.files[place];
  }

  /** True for Kustomize patches, where what is missing may stand in the base. */
  isPatch(path: string): boolean {
    return PATCH_FOLDER.test(path) || this.#kustomizations.patches.has(path);
  }

  get #kustomizations(): Kustomizations {
    this.#shared.kustomizations ??= readKustomizations(this.files);
    return this.#shared.kustomizations;
  }

  /** All resources with their indexes. */
  get world(): World {
    this.#world ??= this.#worldOf({ files: this.files, located: (file) => this.located(file) });
    return this.#world;
  }

  /** Makes the world and its indexes in small steps, so that nobody has to wait for all of it at once. */
  *prepare(): Generator<void> {
    for (const file of this.files) {
      this.located(file);
      yield;
    }
    yield* this.world.prepare();
  }

  /** The resources of one file, with the names that they will have in the cluster. */
  located(file: SourceFile): readonly Located[] {
    return file.documents.flatMap(({ document }) => this.locatedIn(file.path, document));
  }

  /** Those of one document of a file. */
  locatedIn(path: string, document: SourceDocument): readonly Located[] {
    const partial = this.isPatch(path);
    const { overlays, labelled } = this.#kustomizations;
    const labelsKnown = !labelled.some((start) => path.startsWith(start));
    return locate(document, { path, overlay: overlays.get(path), labelsKnown, partial });
  }

  /** Where a document begins in its file; undefined when this snapshot does not have it there. */
  startOf({ path, document }: { readonly path: string; readonly document: DocumentText }): number | undefined {
    const file = this.file(path);
    return file && startOf(file, document);
  }
}

/** True for files that a chart renders, even where no action is in sight. */
export function isChartTemplate(path: string): boolean {
  return TEMPLATE_FOLDER.test(path);
}
