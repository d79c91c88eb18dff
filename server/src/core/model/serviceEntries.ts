import { items, num, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { hostIndex, hostKey } from './hostIndex.ts';
import type { Located } from './located.ts';

/** What ServiceEntries say about one port of one host. */
export interface EntryPort {
  readonly located: Located;
  readonly host: string;
  readonly key: string;
  readonly port: number;
  /** In upper case. */
  readonly protocol: string;
  readonly node: YamlNode;
}

export function entryPorts(located: Located): EntryPort[] {
  const ports = items(located.root, 'spec', 'ports').flatMap((node) => {
    const port = num(node, 'number');
    return port === undefined ? [] : [{ port, protocol: (text(node, 'protocol') ?? 'TCP').toUpperCase(), node }];
  });
  return items(located.root, 'spec', 'hosts').flatMap((hostNode) => {
    const host = text(hostNode);
    return host === undefined
      ? []
      : ports.map((port) => ({ located, host, key: hostKey(host, located.namespace), ...port }));
  });
}

export const entryPortsByHost = hostIndex<EntryPort>(['networking.istio.io/ServiceEntry'], (located) =>
  entryPorts(located).map((port) => [port.key, port] as const),
);
