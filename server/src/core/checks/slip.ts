import { changeTo } from '../schema/fixes.ts';
import type { Fix } from '../schema/rule.ts';
import { nearestName } from '../schema/unknownField.ts';
import type { YamlNode } from '../yaml/tree.ts';

/** What a check adds about a name that nothing has, when something has nearly that name. */
export interface Slip {
  /** A question at the end of the message; empty when no name is near. */
  readonly hint: string;
  readonly fixes: readonly Fix[];
}

/** `value` makes what is written of the name that is meant, where that is a part of it. */
export function slipOf(
  node: YamlNode,
  name: string,
  candidates: readonly string[],
  value: (near: string) => string = (near) => near,
): Slip {
  const near = nearestName(name, candidates);
  if (near === undefined) return { hint: '', fixes: [] };
  return {
    hint: ` Did you mean \`${near}\`?`,
    fixes: node.kind === 'scalar' ? [changeTo(node, value(near))] : [],
  };
}
