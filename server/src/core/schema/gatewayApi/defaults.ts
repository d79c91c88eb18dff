import { at, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';

/**
 * The API server fills in defaults before it runs a CRD's rules, so a rule must read an absent `kind` of a backend as
 * `Service`. A value that a template computes stays unknown: these give undefined for it.
 */
export function textOr(node: YamlNode, name: string, fallback: string): string | undefined {
  return at(node, name) ? text(node, name) : fallback;
}

export function numberOr(node: YamlNode, name: string, fallback: number): number | undefined {
  return at(node, name) ? num(node, name) : fallback;
}
