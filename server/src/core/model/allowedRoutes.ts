import { at, items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { matchesSelector } from './labels.ts';
import type { Located } from './located.ts';
import type { World } from './world.ts';

/** Which routes the listeners of a Gateway take, by `allowedRoutes`. */

/** Whether a listener takes routes of a namespace; undefined when the labels that decide are not known. */
export function admitsNamespace(
  world: World,
  gateway: Located,
  listener: YamlNode,
  namespace: string,
): boolean | undefined {
  switch (text(listener, 'allowedRoutes', 'namespaces', 'from') ?? 'Same') {
    case 'All':
      return true;
    case 'Same':
      return gateway.namespace === namespace;
    case 'None':
      return false;
    case 'Selector':
      return selects(world, at(listener, 'allowedRoutes', 'namespaces', 'selector'), namespace);
    default:
      return undefined;
  }
}

const NAME_LABEL = 'kubernetes.io/metadata.name';

function selects(world: World, selector: YamlNode | undefined, namespace: string): boolean | undefined {
  const known = world.namespaceLabels(namespace);
  const labels = new Map(known ?? []);
  // The API server puts this label on every namespace.
  labels.set(NAME_LABEL, namespace);
  const byNameAlone =
    items(selector, 'matchExpressions').every((expression) => text(expression, 'key') === NAME_LABEL) &&
    labelsWanted(selector).every((key) => key === NAME_LABEL);
  return known || byNameAlone ? matchesSelector(selector, labels) : undefined;
}

function labelsWanted(selector: YamlNode | undefined): string[] {
  const map = at(selector, 'matchLabels');
  return map?.kind === 'map' ? map.entries.map(({ key }) => key.text) : [];
}

/** Whether a listener takes routes of a kind; its protocol decides where nothing is written. */
export function admitsKind(listener: YamlNode, route: Located): boolean {
  const kinds = items(listener, 'allowedRoutes', 'kinds');
  if (kinds.length === 0) return true;
  return kinds.some(
    (entry) =>
      text(entry, 'kind') === route.resource.kind &&
      (text(entry, 'group') ?? 'gateway.networking.k8s.io') === route.resource.group,
  );
}
