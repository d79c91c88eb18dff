import { at, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { fullHost, serviceOfHost } from '../hosts.ts';
import { type Labels, labelsOf, matchesLabels } from '../labels.ts';
import { describeLocated, type KindKey, type Located } from '../located.ts';
import {
  type Candidate,
  type Declaration,
  declared,
  holder,
  type NameForm,
  namespaceOf,
  type Use,
} from './reference.ts';

/** Labels in selectors. What they name are the labels of what is selected: of workloads, or of Linkerd Servers. */

/** Something that carries labels, with the map that holds them. */
export interface Labeled {
  readonly located: Located;
  readonly labels: Labels;
  readonly node: YamlNode | undefined;
}

export interface LabelForm extends NameForm {
  readonly selectable: (use: Use) => readonly Labeled[];
}

export function labelForm(selectable: (use: Use) => readonly Labeled[]): LabelForm {
  return {
    noun: 'label',
    selectable,
    resolve: (written, use) => {
      const key = keyOf(use);
      if (key === undefined) return [];
      const carriers = selectable(use).filter(({ labels }) => labels.get(key) === written);
      const selected = carriers.filter(({ labels }) => matchesLabels(labelsOf(holder(use)), labels));
      return (selected.length > 0 ? selected : carriers).flatMap(({ located, node }): Declaration[] =>
        declared(located, at(node, key), 'label'),
      );
    },
    candidates: (use) => {
      const key = keyOf(use);
      return key === undefined ? [] : valuesOf(key, use, selectable(use));
    },
  };
}

function keyOf(use: Use): string | undefined {
  const key = use.path.at(-1);
  return typeof key === 'string' ? key : undefined;
}

/** The values of a label; first those of what the rest of the selector leaves. */
function valuesOf(key: string, use: Use, all: readonly Labeled[]): Candidate[] {
  const others = new Map([...labelsOf(holder(use))].filter(([other]) => other !== key));
  const found = new Map<string, Candidate>();
  for (const { located, labels } of all) {
    const name = labels.get(key);
    if (name === undefined) continue;
    const rank = matchesLabels(others, labels) ? 0 : 1;
    const known = found.get(name);
    if (!known || rank < known.rank) found.set(name, { name, detail: describeLocated(located), rank });
  }
  return [...found.values()];
}

/** The labels that could be asked for at a selector, with a value of each. */
export function labelKeys(form: LabelForm, use: Use): Map<string, string> {
  const keys = new Map<string, string>();
  for (const { located, labels } of form.selectable(use)) {
    for (const key of labels.keys()) if (!keys.has(key)) keys.set(key, describeLocated(located));
  }
  return keys;
}

function workloadsIn(use: Use, namespace: string | undefined): Labeled[] {
  return use.scope.world
    .workloads(namespace)
    .map(({ located, labels, metadata }) => ({ located, labels, node: at(metadata, 'labels') }));
}

function resourcesOfKind(use: Use, kind: KindKey, namespace: string): Labeled[] {
  return use.scope.world.inNamespace(kind, namespace).map((located) => ({
    located,
    labels: labelsOf(at(located.root, 'metadata', 'labels')),
    node: at(located.root, 'metadata', 'labels'),
  }));
}

/** Workloads of the own namespace. */
export const workloadLabel = labelForm((use) => workloadsIn(use, namespaceOf(use.located)));

/** Workloads of the own namespace, or of the whole mesh for what stands in the root namespace. */
export const policyLabel = labelForm((use) => {
  const own = namespaceOf(use.located);
  return workloadsIn(use, own === use.scope.rootNamespace ? undefined : own);
});

/** Istio Gateways select the pods of any namespace. */
export const gatewayLabel = labelForm((use) => workloadsIn(use, undefined));

/** A template's own labels, which the selector of its Deployment has to repeat. */
export const templateLabel = labelForm((use) => {
  const node = at(use.located.root, 'spec', 'template', 'metadata', 'labels');
  return node ? [{ located: use.located, labels: labelsOf(node), node }] : [];
});

/** Pods and WorkloadEntries, which a ServiceEntry may both select. */
export const entryLabel = labelForm((use) => [
  ...workloadsIn(use, namespaceOf(use.located)),
  ...use.scope.world.inNamespace('networking.istio.io/WorkloadEntry', namespaceOf(use.located)).map((located) => ({
    located,
    labels: labelsOf(at(located.root, 'spec', 'labels')),
    node: at(located.root, 'spec', 'labels'),
  })),
]);

export const serverLabel = labelForm((use) =>
  resourcesOfKind(use, 'policy.linkerd.io/Server', namespaceOf(use.located)),
);

export const externalWorkloadLabel = labelForm((use) =>
  resourcesOfKind(use, 'workload.linkerd.io/ExternalWorkload', namespaceOf(use.located)),
);

/** The labels of a subset: of the workloads behind the DestinationRule's host. */
export const subsetLabel = labelForm((use) => {
  const { world } = use.scope;
  const host = text(use.located.root, 'spec', 'host');
  if (host === undefined) return [];
  const named = serviceOfHost(host, namespaceOf(use.located));
  const service = named && world.service(named.namespace, named.name);
  if (service) {
    return world
      .endpointsOf(service)
      .map(({ located, labels, metadata }) => ({ located, labels, node: at(metadata, 'labels') }));
  }
  return endpointsOfEntries(use, fullHost(host, namespaceOf(use.located)), host);
});

function endpointsOfEntries(use: Use, ...hosts: readonly string[]): Labeled[] {
  return use.scope.world
    .ofKind('networking.istio.io/ServiceEntry')
    .filter((entry) => items(entry.root, 'spec', 'hosts').some((item) => hosts.includes(text(item) ?? '')))
    .flatMap((located) =>
      items(located.root, 'spec', 'endpoints')
        .map((endpoint) => at(endpoint, 'labels'))
        .map((node) => ({ located, labels: labelsOf(node), node })),
    );
}
