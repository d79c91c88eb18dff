import type { Fix } from '../schema/rule.ts';
import { nearestName } from '../schema/unknownField.ts';
import { replaceScalar } from '../yaml/edits.ts';
import type { YamlNode } from '../yaml/tree.ts';

/** What a check adds about a name that nothing has, when something has nearly that name. */
export interface Slip {
  /** The name that is meant; undefined when none is near. */
  readonly near: string | undefined;
  /** A question at the end of the message; empty when no name is near. */
  readonly hint: string;
  readonly fixes: readonly Fix[];
}

/** `written` makes the value of the name that is meant, where the name is only a part of it. */
export function slipOf(
  node: YamlNode,
  name: string,
  candidates: readonly string[],
  written: (near: string) => string = (near) => near,
): Slip {
  const near = nearestName(name, candidates);
  if (near === undefined) return { near, hint: '', fixes: [] };
  const value = written(near);
  const title = `Change to \`${value}\``;
  const fixes = node.kind === 'scalar' ? [{ title, safe: false, edits: [replaceScalar(node, value)] }] : [];
  return { near, hint: ` Did you mean \`${near}\`?`, fixes };
}
