import { at } from '../yaml/access.ts';
import { type AnyDerivation, Dependencies, type Derivation } from './dependencies.ts';
import { type Labels, labelsOf, matchesLabels, withLabels } from './labels.ts';
import { type KindKey, type Located, perResource } from './located.ts';
import {
  buildIndex,
  type Changes,
  defineIndex,
  INDEXES,
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
  readonly #list: () => readonly Located[];
  #all: readonly Located[] | undefined;
  readonly #indexes: Map<IndexDefinition<unknown>, RowIndex<unknown>>;
  #dependencies: Dependencies;

  private constructor(
    list: () => readonly Located[],
    indexes: Map<IndexDefinition<unknown>, RowIndex<unknown>>,
    dependencies: Dependencies,
  ) {
    this.#list = list;
    this.#indexes = indexes;
    this.#dependencies = dependencies;
  }

  /** `outdated` is told, by a world that follows, of each resource about which something is not right any more. */
  static of(list: () => readonly Located[], outdated?: (located: Located) => void): World {
    return new World(list, new Map(), new Dependencies(outdated));
  }

  get all(): readonly Located[] {
    this.#all ??= this.#list();
    return this.#all;
  }

  /** The world after a change; `list` gives its resources. Costs what has changed, not what there is. */
  next(list: () => readonly Located[], changes: Omit<Changes, 'placeOf'>): World {
    const placeOf = placesIn(list);
    const indexes = new Map<IndexDefinition<unknown>, RowIndex<unknown>>();
    const changed = new Map<IndexDefinition<unknown>, readonly string[]>();
    for (const [definition, before] of this.#indexes) {
      const { index, keys } = updateIndex(before, definition, { ...changes, placeOf });
      indexes.set(definition, index);
      if (keys.length > 0) changed.set(definition, keys);
    }
    const world = new World(list, indexes, this.#dependencies);
    // Whoever still holds this world gets the same answers from it, but pays for them anew.
    this.#dependencies = new Dependencies();
    const still = new Set(changes.added);
    const gone = changes.removed.filter((located) => !still.has(located));
    world.#dependencies.advance(world, changed, gone);
    return world;
  }

  /** What an index has for a key. */
  rows<T>(definition: IndexDefinition<T>, key: string): readonly T[] {
    return this.#dependencies.rows(definition, key, () => rowsIn(this.#index(definition), key));
  }

  /** Makes the indexes, one after the other, in small steps. */
  *prepare(): Generator<void> {
    for (const definition of INDEXES) {
      yield* this.#indexing(definition);
      yield;
    }
  }

  #index<T>(definition: IndexDefinition<T>): RowIndex<T> {
    const known = this.#indexes.get(definition) as RowIndex<T> | undefined;
    if (known) return known;
    const steps = this.#indexing(definition);
    let step = steps.next();
    while (!step.done) step = steps.next();
    return step.value;
  }

  *#indexing<T>(definition: IndexDefinition<T>): Generator<void, RowIndex<T>> {
    const known = this.#indexes.get(definition) as RowIndex<T> | undefined;
    if (known) return known;
    const index = yield* buildIndex(definition, this.#resourcesOf(definition.kinds));
    this.#indexes.set(definition, index);
    return index;
  }

  #resourcesOf(kinds: readonly KindKey[] | undefined): readonly Located[] {
    if (!kinds) return this.all.filter(({ partial }) => !partial);
    const byKind = this.#index(BY_KIND);
    return ([] as Located[]).concat(...kinds.map((kind) => rowsIn(byKind, kind)));
  }

  /** The value of a derivation; see there. */
  derived<Key, With, Value>(derivation: Derivation<World, Key, With, Value>, key: Key, asked: With): Value {
    return this.#dependencies.value(this, derivation as AnyDerivation, key, asked) as Value;
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
    return this.rows(SERVICES_BY_NAME, `${namespace}/${name}`)[0];
  }

  workloads(namespace?: string): readonly Workload[] {
    return this.rows(WORKLOADS, namespace ?? ANYWHERE);
  }

  /** True when the workspace says what runs, not only what is to happen to it. */
  get hasInventory(): boolean {
    return this.rows(INVENTORY, ANYWHERE).length > 0;
  }

  /** The workloads that a Service sends to. */
  endpointsOf(service: Service): readonly Workload[] {
    return this.derived(ENDPOINTS, service.located, service);
  }

  servicesOf(workload: Workload): readonly Service[] {
    return this.derived(SERVICES_OF, workload.located, workload);
  }

  /** Labels of a Namespace; undefined when the workspace does not have it, so that nothing is known about it. */
  namespaceLabels(name: string): Labels | undefined {
    const located = this.rows(NAMESPACE_RESOURCES, name)[0];
    return located && labelsOfResource(located);
  }

  namespaceAnnotations(name: string): Labels | undefined {
    const located = this.rows(NAMESPACE_RESOURCES, name)[0];
    return located && annotationsOfResource(located);
  }

  /** Whether the workspace defines a namespace or puts something in it. */
  hasNamespace(name: string): boolean {
    return this.rows(NAMESPACES, name).length > 0;
  }

  /** Every namespace that the workspace defines or puts something in. */
  namespaces(): ReadonlySet<string> {
    return this.derived(NAMESPACE_NAMES, undefined, undefined);
  }
}

const labelsOfResource = perResource(({ root, added }) =>
  withLabels(labelsOf(at(root, 'metadata', 'labels')), added.own),
);
const annotationsOfResource = perResource(({ root }) => labelsOf(at(root, 'metadata', 'annotations')));

function placesIn(list: () => readonly Located[]): (located: Located) => number {
  let places: Map<Located, number> | undefined;
  return (located) => {
    places ??= new Map(list().map((other, place) => [other, place]));
    return places.get(located) ?? 0;
  };
}

function namespaceOf(located: Located): string | undefined {
  if (located.resource.kind === 'Namespace') return located.name;
  return located.namespaceKnown && located.namespace !== '' ? located.namespace : undefined;
}

const BY_KIND = defineIndex(undefined, (located) => [[located.kindKey, located]]);
const BY_NAMESPACE = defineIndex(undefined, (located) => [[`${located.kindKey}/${located.namespace}`, located]]);
const BY_NAME = defineIndex(undefined, (located) => [
  [nameKey(located.kindKey, located.namespace, located.name), located],
]);

const NAMESPACE_NAMES: Derivation<World, undefined, undefined, ReadonlySet<string>> = {
  make: (world) => new Set(world.rows(NAMESPACES, ANYWHERE)),
  isSame: undefined,
};

const ENDPOINTS: Derivation<World, Located, Service, readonly Workload[]> = {
  make: (world, _, { selector, namespace }) =>
    selector ? world.workloads(namespace).filter(({ labels }) => matchesLabels(selector, labels)) : [],
  isSame: undefined,
};
const SERVICES_OF: Derivation<World, Located, Workload, readonly Service[]> = {
  make: (world, _, { labels, namespace }) =>
    world.services(namespace).filter(({ selector }) => selector && matchesLabels(selector, labels)),
  isSame: undefined,
};

/** No namespace has this name. */
const ANYWHERE = '*';
const SERVICES = defineIndex(['/Service'], (located) => inNamespaces(serviceOf(located)));
const SERVICES_BY_NAME = defineIndex(['/Service'], (located) => {
  const service = serviceOf(located);
  return service ? [[`${service.namespace}/${service.name}`, service]] : [];
});
const WORKLOADS = defineIndex(undefined, (located) => inNamespaces(workloadOf(located)));

/** What shows what runs. */
const INVENTORY = defineIndex(undefined, (located) => {
  const key = located.kindKey;
  return key === '/Service' || key === '/ServiceAccount' || workloadOf(located) ? [[ANYWHERE, true]] : [];
});
const NAMESPACE_RESOURCES = defineIndex(['/Namespace'], (located) => [[located.name, located]]);
const NAMESPACES = defineIndex(undefined, (located) => {
  const name = namespaceOf(located);
  return name === undefined
    ? []
    : [
        [ANYWHERE, name],
        [name, name],
      ];
});

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
