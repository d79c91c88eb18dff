import { items, num, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { hostIndex, hostKey } from './hostIndex.ts';
import type { Located } from './located.ts';
import { importsHost, seenTogether } from './visibility.ts';
import type { World } from './world.ts';

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

/** The same port of the same host in another ServiceEntry that some namespace sees together with this one. */
export function rivalPort(
  world: World,
  own: EntryPort,
  conflicts: (other: EntryPort) => boolean,
): EntryPort | undefined {
  const { located } = own;
  if (!importsHost(world, located.namespace, own.key)) return undefined;
  return entryPortsByHost
    .exact(world, own.key)
    .find(
      (other) =>
        other.port === own.port &&
        conflicts(other) &&
        !(other.located.name === located.name && other.located.namespace === located.namespace) &&
        seenTogether(located, other.located),
    );
}
