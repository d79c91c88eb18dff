import { at, entriesOf, isTemplated, items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';

/** Labels and the selectors that match them, as Kubernetes reads them. */
export type Labels = ReadonlyMap<string, string>;

/** The labels of a map; values that come from a template are left out. */
export function labelsOf(node: YamlNode | undefined): Labels {
  const labels = new Map<string, string>();
  for (const entry of entriesOf(node)) {
    const value = text(entry.value);
    if (value !== undefined) labels.set(entry.key.text, value);
  }
  return labels;
}

/** The labels with others put over them. */
export function withLabels(labels: Labels, added: Labels): Labels {
  return added.size === 0 ? labels : new Map([...labels, ...added]);
}

/** True when a template says some of the labels, so that only a part of them is known. */
export function hasHiddenLabels(node: YamlNode | undefined): boolean {
  return entriesOf(node).some(({ key, value }) => isTemplated(key) || isTemplated(value));
}

/** `app: cart` and `tier: web`, as messages list labels. */
export function describeLabels(labels: Labels): string {
  return [...labels].map(([key, value]) => `\`${key}: ${value}\``).join(', ');
}

/** True when every label of `wanted` is there with the same value; an empty selector matches everything. */
export function matchesLabels(wanted: Labels, labels: Labels): boolean {
  for (const [key, value] of wanted) if (labels.get(key) !== value) return false;
  return true;
}

/** A Kubernetes LabelSelector: `matchLabels` and `matchExpressions`. Unknown operators match nothing. */
export function matchesSelector(selector: YamlNode | undefined, labels: Labels): boolean {
  if (!matchesLabels(labelsOf(at(selector, 'matchLabels')), labels)) return false;
  return items(selector, 'matchExpressions').every((expression) => {
    const key = text(expression, 'key') ?? '';
    const values = items(expression, 'values').map((value) => text(value));
    const value = labels.get(key);
    switch (text(expression, 'operator')) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return false;
    }
  });
}
