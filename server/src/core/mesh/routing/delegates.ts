import type { Located } from '../../model/located.ts';
import { isVisibleIn } from '../../model/visibility.ts';
import type { World } from '../../model/world.ts';
import { at, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';

/** What stands in place of a rule of a VirtualService that has a delegate. */
export type Delegation =
  | { readonly state: 'found'; readonly route: Located }
  /** Nothing can: the rule falls away. */
  | { readonly state: 'missing'; readonly note: string }
  /** The delegates lead back to where they began, and nobody can say what a proxy then gets. */
  | { readonly state: 'circle'; readonly note: string };

const KIND = 'networking.istio.io/VirtualService';

/** A delegate has no hosts, and it is looked up one level deep: its own delegates are not followed. */
export function delegationOf(world: World, reference: YamlNode, from: Located): Delegation {
  const { namespace, name } = namedBy(reference, from);
  const shown = `${namespace}/${name}`;
  const route = world.find(KIND, namespace, name);
  if (!route)
    return { state: 'missing', note: `${titleOf(from)} delegates to ${shown}, which is not in the workspace.` };
  const circle = circleFrom(world, from, route);
  if (circle) return { state: 'circle', note: `${titleOf(from)} delegates in a circle: ${circle.join(', ')}.` };
  if (items(route.root, 'spec', 'hosts').length > 0)
    return { state: 'missing', note: `${titleOf(from)} delegates to ${shown}, which has hosts and so is no delegate.` };
  if (!isVisibleIn(route, from.namespace))
    return { state: 'missing', note: `${titleOf(from)} delegates to ${shown}, which is not exported to it.` };
  return { state: 'found', route };
}

function namedBy(reference: YamlNode, from: Located): { readonly namespace: string; readonly name: string } {
  return { namespace: text(reference, 'namespace') || from.namespace, name: text(reference, 'name') ?? '' };
}

/** The names on the way round, when delegates of a route lead back to it or to themselves. */
function circleFrom(world: World, from: Located, first: Located): string[] | undefined {
  const trail = [from];
  const done = new Set<Located>();
  const visit = (route: Located): string[] | undefined => {
    const seen = trail.indexOf(route);
    if (seen !== -1) return [...trail.slice(seen), route].map(({ namespace, name }) => `${namespace}/${name}`);
    if (done.has(route)) return undefined;
    done.add(route);
    trail.push(route);
    for (const next of delegatesOf(world, route)) {
      const circle = visit(next);
      if (circle) return circle;
    }
    trail.pop();
    return undefined;
  };
  return visit(first);
}

function delegatesOf(world: World, route: Located): Located[] {
  return items(route.root, 'spec', 'http').flatMap((rule) => {
    const reference = at(rule, 'delegate');
    if (!reference) return [];
    const { namespace, name } = namedBy(reference, route);
    return world.find(KIND, namespace, name) ?? [];
  });
}

function titleOf({ namespace, name }: Located): string {
  return `VirtualService ${namespace}/${name}`;
}
