import { at, items, text } from '../../yaml/access.ts';
import { parseDocument } from '../../yaml/parse.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { derive } from '../derivation.ts';
import { describeLocated, type Located } from '../located.ts';
import { type Declaration, declared, type NameForm } from './reference.ts';

/**
 * Extension providers of the mesh config: in an IstioOperator, or in the ConfigMap that istiod reads, where the whole
 * mesh config is one text.
 */

interface Provider {
  readonly name: string;
  readonly kind: string;
  readonly located: Located;
  readonly declaration: readonly Declaration[];
}

const providersOf = derive((world): readonly Provider[] => {
  const operators = world
    .ofKind('install.istio.io/IstioOperator')
    .flatMap((located) =>
      items(located.root, 'spec', 'meshConfig', 'extensionProviders').flatMap((node) =>
        provider(located, node, declared(located, at(node, 'name'), 'provider')),
      ),
    );
  const maps = world
    .ofKind('/ConfigMap')
    .filter((located) => located.name === 'istio' || located.name.startsWith('istio-'))
    .flatMap((located) => {
      const node = at(located.root, 'data', 'mesh');
      const source = text(node);
      if (source === undefined) return [];
      const { root } = parseDocument(source);
      return items(root, 'extensionProviders').flatMap((found) =>
        provider(located, found, declared(located, node, 'provider')),
      );
    });
  return [...operators, ...maps];
});

function provider(located: Located, node: YamlNode, declaration: readonly Declaration[]): Provider[] {
  const name = text(node, 'name');
  if (name === undefined || node.kind !== 'map') return [];
  const kind = node.entries.find(({ key }) => key.text !== 'name')?.key.text ?? 'provider';
  return [{ name, kind, located, declaration }];
}

/** A provider that can do what the field needs; any, when nothing is said. */
export function providerName(...kinds: readonly string[]): NameForm {
  return {
    noun: 'provider',
    resolve: (written, { scope }) =>
      providersOf(scope.world)
        .filter(({ name }) => name === written)
        .flatMap(({ declaration }) => declaration),
    candidates: ({ scope }) =>
      providersOf(scope.world).map(({ name, kind, located }) => ({
        name,
        detail: `${kind} in ${describeLocated(located)}`,
        rank: kinds.length === 0 || kinds.includes(kind) ? 0 : 1,
      })),
  };
}
