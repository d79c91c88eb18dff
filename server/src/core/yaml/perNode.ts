import type { YamlNode } from './tree.ts';

/** A reading of a node that is made once: trees do not change after parsing. */
export function perNode<T extends object>(read: (node: YamlNode) => T): (node: YamlNode) => T {
  const known = new WeakMap<YamlNode, T>();
  return (node) => {
    let reading = known.get(node);
    if (!reading) {
      reading = read(node);
      known.set(node, reading);
    }
    return reading;
  };
}
