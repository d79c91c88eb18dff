// Checks of Cilium's own policies: what the agent refuses to load. One file each; this one says what they look through.
import type { Located } from '../../model/located.ts';
import { at, items } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';

export interface CiliumEntry {
  readonly direction: 'ingress' | 'egress';
  readonly deny: boolean;
  readonly node: YamlNode;
}

/** The rules of a policy; it has one, or a list of them. */
export function specsOf({ root }: Located): YamlNode[] {
  const single = at(root, 'spec');
  return [...(single ? [single] : []), ...items(root, 'specs')];
}

/** The entries of a rule, in both directions. */
export function entriesOfSpec(spec: YamlNode): CiliumEntry[] {
  return (['ingress', 'egress'] as const).flatMap((direction) =>
    [false, true].flatMap((deny) =>
      items(spec, deny ? `${direction}Deny` : direction).map((node) => ({ direction, deny, node })),
    ),
  );
}
