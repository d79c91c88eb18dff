import { at, items, text } from '../../yaml/access.ts';
import { describeLocated, type KindKey, type Located } from '../located.ts';
import { beside, declared, type NameForm, namespaceOf, type Sort, type Use } from './reference.ts';
import { K8S_GATEWAY } from './resources.ts';

/** `sectionName`: a listener of a Gateway, a port of a Service, a rule of a route; which one depends on the kind. */

interface Section {
  readonly path: readonly string[];
  readonly sort: Sort;
}

const LISTENERS: Section = { path: ['spec', 'listeners'], sort: 'listener' };
const PORTS: Section = { path: ['spec', 'ports'], sort: 'port' };
const RULES: Section = { path: ['spec', 'rules'], sort: 'rule' };

const SECTIONS: ReadonlyMap<string, Section> = new Map([
  ['Gateway', LISTENERS],
  ['ListenerSet', LISTENERS],
  ['Service', PORTS],
  ['HTTPRoute', RULES],
  ['GRPCRoute', RULES],
  ['TLSRoute', RULES],
  ['TCPRoute', RULES],
  ['UDPRoute', RULES],
]);

function targetsOf(use: Use, fallback: KindKey | undefined): { located: Located; section: Section }[] {
  const kind = beside(use, 'kind');
  const key: KindKey | undefined = kind === undefined ? fallback : `${beside(use, 'group') ?? groupOf(kind)}/${kind}`;
  const section = key === undefined ? undefined : SECTIONS.get(key.slice(key.indexOf('/') + 1));
  const name = beside(use, 'name');
  if (key === undefined || !section || name === undefined) return [];
  const namespace = beside(use, 'namespace') ?? namespaceOf(use.located);
  return use.scope.world.findAll(key, namespace, name).map((located) => ({ located, section }));
}

function groupOf(kind: string): string {
  return kind === 'Service' ? '' : 'gateway.networking.k8s.io';
}

function sectionForm(fallback: KindKey | undefined): NameForm {
  return {
    noun: 'section',
    resolve: (written, use) =>
      targetsOf(use, fallback).flatMap(({ located, section }) =>
        items(located.root, ...section.path)
          .filter((item) => text(item, 'name') === written)
          .flatMap((item) => declared(located, at(item, 'name'), section.sort)),
      ),
    candidates: (use) =>
      targetsOf(use, fallback).flatMap(({ located, section }) =>
        items(located.root, ...section.path).flatMap((item) => {
          const name = text(item, 'name');
          return name === undefined ? [] : [{ name, detail: describeLocated(located), rank: 0 }];
        }),
      ),
  };
}

export const parentSection = sectionForm(K8S_GATEWAY);
export const targetSection = sectionForm(undefined);
