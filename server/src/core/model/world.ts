import { at } from '../yaml/access.ts';
import { type Labels, labelsOf, matchesLabels } from './labels.ts';
import { type KindKey, kindKey, type Located } from './located.ts';
import {
  buildIndex,
  type Changes,
  defineIndex,
  type IndexDefinition,
  type RowIndex,
  rowsIn,
  updateIndex,
} from './rowIndex.ts';
import { type Service, serviceOf, type Workload, workloadOf } from './workloads.ts';

/**
 * All resources of a workspace with the indexes that checks and features ask. Immutable; every index is made on first
 * use, and taken over into the next world with what has changed. What is derived from one resource alone is kept with
 * the resource from one world to the next.
 */
export class World {
  readonly all: readonly Located[];
  readonly #indexes: Map<IndexDefinition<unknown>, RowIndex<unknown>>;
  #namespaces: ReadonlySet<string> | undefined;

  private constructor(all: readonly Located[], indexes: Map<IndexDefinition<unknown>, RowIndex<unknown>>) {
    this.all = all;
    this.#indexes = indexes;
  }

  static of(all: readonly Located[]): World {
    return new World(all, new Map());
  }

  /** The world after a change; `all` are its resources. Costs what has changed, not what there is. */
  next(all: readonly Located[], changes: Omit<Changes, 'places'>): World {
    const places = new Map(all.map((located, place) => [located, place]));
    const indexes = new Map<IndexDefinition<unknown>, RowIndex<unknown>>();
    for (const [definition, index] of this.#indexes) {
      const updated = updateIndex(index, definition, { ...changes, places });
      if (updated) indexes.set(definition, updated);
    }
    return new World(all, indexes);
  }

  /** What an index has for a key. */
  rows<T>(definition: IndexDefinition<T>, key: string): readonly T[] {
    let index = this.#indexes.get(definition) as RowIndex<T> | undefined;
    if (!index) {
      const resources = definition.kinds
        ? definition.kinds.flatMap((kind) => this.ofKind(kind))
        : this.all.filter(({ partial }) => !partial);
      index = buildIndex(definition, resources);
      this.#indexes.set(definition, index);
    }
    return rowsIn(index, key);
  }

  /** The resources of a kind, in the order of files and documents. Kustomize patches are left out. */
  ofKind(kind: KindKey): readonly Located[] {
    return this.rows(BY_KIND, kind);
  }

  /** The resources of a kind in one namespace. */
  inNamespace(kind: KindKey, namespace: string): readonly Located[] {
    return this.rows(BY_NAMESPACE, `${kind}/${namespace}`);
  }

  /** The resource with a name; the first when a workspace has several (one for each environment, say). */
  find(kind: KindKey, namespace: string, name: string): Located | undefined {
    return this.findAll(kind, namespace, name)[0];
  }

  findAll(kind: KindKey, namespace: string, name: string): readonly Located[] {
    return this.rows(BY_NAME, nameKey(kind, namespace, name));
  }

  services(namespace?: string): readonly Service[] {
    return this.rows(SERVICES, namespace ?? ANYWHERE);
  }

  service(namespace: string, name: string): Service | undefined {
    return this.services(namespace).find((service) => service.name === name);
  }

  workloads(namespace?: string): readonly Workload[] {
    return this.rows(WORKLOADS, namespace ?? ANYWHERE);
  }

  /** True when the workspace says what runs, not only what is to happen to it. */
  get hasInventory(): boolean {
    return (
      this.ofKind('/Service').length > 0 || this.ofKind('/ServiceAccount').length > 0 || this.workloads().length > 0
    );
  }

  /** The workloads that a Service sends to. */
  endpointsOf(service: Service): readonly Workload[] {
    const { selector } = service;
    return selector
      ? this.workloads(service.namespace).filter((workload) => matchesLabels(selector, workload.labels))
      : [];
  }

  servicesOf(workload: Workload): readonly Service[] {
    return this.services(workload.namespace).filter(
      (service) => service.selector && matchesLabels(service.selector, workload.labels),
    );
  }

  /** Labels of a Namespace; undefined when the workspace does not have it, so that nothing is known about it. */
  namespaceLabels(name: string): Labels | undefined {
    const located = this.find('/Namespace', '', name);
    return located && labelsOf(at(located.root, 'metadata', 'labels'));
  }

  namespaceAnnotations(name: string): Labels | undefined {
    const located = this.find('/Namespace', '', name);
    return located && labelsOf(at(located.root, 'metadata', 'annotations'));
  }

  /** Every namespace that the workspace defines or puts something in. */
  namespaces(): ReadonlySet<string> {
    this.#namespaces ??= new Set(this.all.flatMap(namespacesOf));
    return this.#namespaces;
  }
}

function namespacesOf(located: Located): string[] {
  if (located.resource.kind === 'Namespace') return [located.name];
  return located.namespaceKnown && located.namespace !== '' ? [located.namespace] : [];
}

const BY_KIND = defineIndex(undefined, (located) => [[kindKey(located), located]]);
const BY_NAMESPACE = defineIndex(undefined, (located) => [[`${kindKey(located)}/${located.namespace}`, located]]);
const BY_NAME = defineIndex(undefined, (located) => [
  [nameKey(kindKey(located), located.namespace, located.name), located],
]);

/** No namespace has this name. */
const ANYWHERE = '*';
const SERVICES = defineIndex(['/Service'], (located) => inNamespaces(serviceOf(located)));
const WORKLOADS = defineIndex(undefined, (located) => inNamespaces(workloadOf(located)));

function inNamespaces<T extends { readonly namespace: string }>(fact: T | undefined): [string, T][] {
  return fact
    ? [
        [ANYWHERE, fact],
        [fact.namespace, fact],
      ]
    : [];
}

function nameKey(kind: KindKey, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}
