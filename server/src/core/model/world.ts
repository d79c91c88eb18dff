import { at } from '../yaml/access.ts';
import { type Labels, labelsOf, matchesLabels } from './labels.ts';
import { type KindKey, kindKey, type Located } from './located.ts';
import { type Service, serviceOf, type Workload, workloadOf } from './workloads.ts';

/**
 * All resources of a workspace with the indexes that checks and features ask. Immutable; every index is made on first
 * use, once. What is derived from one resource alone is kept with the resource from one world to the next.
 */
export class World {
  readonly all: readonly Located[];
  readonly #byKind = new Map<KindKey, Located[]>();
  readonly #named = new Map<string, Located[]>();
  readonly #byNamespace = new Map<KindKey, ReadonlyMap<string, readonly Located[]>>();
  #services: Grouped<Service> | undefined;
  #workloads: Grouped<Workload> | undefined;
  #namespaces: ReadonlySet<string> | undefined;

  constructor(all: readonly Located[]) {
    this.all = all;
    for (const located of all) {
      if (located.partial) continue;
      push(this.#byKind, kindKey(located), located);
      push(this.#named, nameKey(kindKey(located), located.namespace, located.name), located);
    }
  }

  /** The resources of a kind, in the order of files and documents. Kustomize patches are left out. */
  ofKind(kind: KindKey): readonly Located[] {
    return this.#byKind.get(kind) ?? [];
  }

  /** The resources of a kind in one namespace. */
  inNamespace(kind: KindKey, namespace: string): readonly Located[] {
    let by = this.#byNamespace.get(kind);
    if (!by) {
      by = group(this.ofKind(kind)).by;
      this.#byNamespace.set(kind, by);
    }
    return by.get(namespace) ?? [];
  }

  /** The resource with a name; the first when a workspace has several (one for each environment, say). */
  find(kind: KindKey, namespace: string, name: string): Located | undefined {
    return this.#named.get(nameKey(kind, namespace, name))?.[0];
  }

  findAll(kind: KindKey, namespace: string, name: string): readonly Located[] {
    return this.#named.get(nameKey(kind, namespace, name)) ?? [];
  }

  services(namespace?: string): readonly Service[] {
    this.#services ??= group(this.ofKind('/Service').flatMap((located) => derived(serviceFacts, located, serviceOf)));
    return namespace === undefined ? this.#services.all : (this.#services.by.get(namespace) ?? []);
  }

  service(namespace: string, name: string): Service | undefined {
    return this.services(namespace).find((service) => service.name === name);
  }

  workloads(namespace?: string): readonly Workload[] {
    this.#workloads ??= group(
      this.all.filter((located) => !located.partial).flatMap((located) => derived(workloadFacts, located, workloadOf)),
    );
    return namespace === undefined ? this.#workloads.all : (this.#workloads.by.get(namespace) ?? []);
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

interface Grouped<T> {
  readonly all: readonly T[];
  readonly by: ReadonlyMap<string, readonly T[]>;
}

const serviceFacts = new WeakMap<Located, Service | null>();
const workloadFacts = new WeakMap<Located, Workload | null>();

function derived<T>(
  cache: WeakMap<Located, T | null>,
  located: Located,
  make: (located: Located) => T | undefined,
): T[] {
  let fact = cache.get(located);
  if (fact === undefined) {
    fact = make(located) ?? null;
    cache.set(located, fact);
  }
  return fact === null ? [] : [fact];
}

function group<T extends { readonly namespace: string }>(all: readonly T[]): Grouped<T> {
  const by = new Map<string, T[]>();
  for (const item of all) push(by, item.namespace, item);
  return { all, by };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function nameKey(kind: KindKey, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}
