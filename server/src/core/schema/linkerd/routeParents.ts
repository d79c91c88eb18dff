import { has, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { POLICY_GROUP } from './references.ts';

/** Which of Linkerd's parents a route is attached to. */

export type LinkerdParent = 'server' | 'service' | 'egress-network';

/** `defaultGroup` is the group that the API server fills in, which differs between the two HTTPRoute kinds. */
export function parentKind(parent: YamlNode, defaultGroup: string): LinkerdParent | undefined {
  const group = has(parent, 'group') ? text(parent, 'group') : defaultGroup;
  const kind = text(parent, 'kind');
  if (kind === 'Service' && (group === '' || group === 'core')) return 'service';
  if (group !== POLICY_GROUP) return undefined;
  if (kind === 'Server') return 'server';
  return kind === 'EgressNetwork' ? 'egress-network' : undefined;
}

/** The parents of a route, resource root given. */
export function parentsOf(root: YamlNode): readonly YamlNode[] {
  return items(root, 'spec', 'parentRefs');
}
