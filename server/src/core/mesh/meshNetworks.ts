import { labelsOf } from '../model/labels.ts';
import type { Located } from '../model/located.ts';
import type { World } from '../model/world.ts';
import { at, entriesOf, items, text } from '../yaml/access.ts';
import { parseDocument } from '../yaml/parse.ts';
import type { Span } from '../yaml/span.ts';
import type { YamlNode } from '../yaml/tree.ts';

/** Istio's networks, as the ConfigMap `istio` or an IstioOperator lists them, and the clusters that these can name. */

export interface NetworkRegistry {
  readonly network: string;
  readonly registry: string;
  /** Where the name is written; in a ConfigMap that is inside a text. */
  readonly span: Span;
}

/** The registries from which networks take their endpoints. */
export function networkRegistries(located: Located): NetworkRegistry[] {
  if (located.resource.kind !== 'ConfigMap')
    return registriesIn(at(located.root, 'spec', 'values', 'global', 'meshNetworks'), (node) => node);
  const holder = at(located.root, 'data', 'meshNetworks');
  const written = text(holder);
  if (!holder || written === undefined) return [];
  const { root } = parseDocument(written);
  const networks = at(root, 'networks') ?? root ?? undefined;
  return registriesIn(networks, (_, registry) => wordIn(located.document.text, registry, holder));
}

function registriesIn(
  networks: YamlNode | undefined,
  spanOf: (node: YamlNode, registry: string) => Span,
): NetworkRegistry[] {
  return entriesOf(networks).flatMap(({ key, value }) =>
    items(value, 'endpoints').flatMap((endpoint) => {
      const node = at(endpoint, 'fromRegistry');
      const registry = text(node);
      return node && registry ? [{ network: key.text, registry, span: spanOf(node, registry) }] : [];
    }),
  );
}

/** A word of a text inside the document; the whole text where it is not written as it is read. */
function wordIn(source: string, word: string, { start, end }: Span): Span {
  const before = source.slice(start, end).indexOf(`fromRegistry: ${word}`);
  if (before === -1) return { start, end };
  const first = start + before + 'fromRegistry: '.length;
  return { start: first, end: first + word.length };
}

/** The clusters that Istio knows: its own, and those of which it has a Secret with credentials. */
export function knownClusters(world: World): ReadonlySet<string> {
  const secrets = world.ofKind('/Secret').filter(({ root }) => {
    return labelsOf(at(root, 'metadata', 'labels')).get('istio/multiCluster') === 'true';
  });
  const remote = secrets.flatMap(({ root }) =>
    ['data', 'stringData'].flatMap((field) => entriesOf(at(root, field)).map(({ key }) => key.text)),
  );
  const own = world
    .ofKind('install.istio.io/IstioOperator')
    .flatMap(({ root }) => text(root, 'spec', 'values', 'global', 'multiCluster', 'clusterName') ?? []);
  return new Set(['Kubernetes', ...own, ...remote]);
}
