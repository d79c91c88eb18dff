import { at, items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { hostIndex, hostKey } from './hostIndex.ts';
import { fullHost } from './hosts.ts';
import { type Located, perResource } from './located.ts';
import { isVisibleIn } from './visibility.ts';
import type { World } from './world.ts';

/** What VirtualServices and DestinationRules say, with their hosts resolved to full names. */

export interface Destination {
  /** The `destination` itself. */
  readonly node: YamlNode;
  readonly hostNode: YamlNode;
  readonly host: string;
  readonly subset: { readonly name: string; readonly node: YamlNode } | undefined;
}

export interface VirtualServiceFacts {
  readonly located: Located;
  readonly hosts: readonly {
    readonly host: string;
    readonly key: string;
    readonly written: string;
    readonly node: YamlNode;
  }[];
  /** `mesh` when none is named. */
  readonly gateways: readonly { readonly name: string; readonly node: YamlNode | undefined }[];
  readonly destinations: readonly Destination[];
}

const ROUTE_KINDS = ['http', 'tcp', 'tls'] as const;
export const virtualServiceFacts = perResource(readVirtualService);

function readVirtualService(located: Located): VirtualServiceFacts {
  const { root, namespace } = located;
  const named = items(root, 'spec', 'gateways').flatMap((node) => {
    const name = text(node);
    return name === undefined ? [] : [{ name, node }];
  });
  return {
    located,
    hosts: items(root, 'spec', 'hosts').flatMap((node) => {
      const written = text(node);
      return written === undefined
        ? []
        : [{ host: fullHost(written, namespace), key: hostKey(written, namespace), written, node }];
    }),
    gateways: named.length > 0 ? named : [{ name: 'mesh', node: undefined }],
    destinations: destinationNodes(root).flatMap((node) => {
      const hostNode = at(node, 'host');
      const host = text(hostNode);
      if (!hostNode || host === undefined) return [];
      const subsetNode = at(node, 'subset');
      const subset = text(subsetNode);
      return [
        {
          node,
          hostNode,
          host,
          subset: subsetNode && subset !== undefined && subset !== '' ? { name: subset, node: subsetNode } : undefined,
        },
      ];
    }),
  };
}

/** Every destination of a VirtualService: routes of all protocols, and mirrors. */
function destinationNodes(root: YamlNode): YamlNode[] {
  const routes = ROUTE_KINDS.flatMap((kind) => items(root, 'spec', kind));
  return routes.flatMap((route) => {
    const weighted = items(route, 'route').map((target) => at(target, 'destination'));
    const mirrors = [at(route, 'mirror'), ...items(route, 'mirrors').map((mirror) => at(mirror, 'destination'))];
    return [...weighted, ...mirrors].filter((node): node is YamlNode => node !== undefined);
  });
}

export interface DestinationRuleFacts {
  readonly located: Located;
  readonly hostNode: YamlNode | undefined;
  /** The full name; undefined when the host is missing or templated. */
  readonly host: string | undefined;
  readonly key: string | undefined;
  readonly subsets: readonly { readonly name: string; readonly node: YamlNode }[];
}

export const destinationRuleFacts = perResource((located): DestinationRuleFacts => {
  const hostNode = at(located.root, 'spec', 'host');
  const written = text(hostNode);
  return {
    located,
    hostNode,
    host: written === undefined ? undefined : fullHost(written, located.namespace),
    key: written === undefined ? undefined : hostKey(written, located.namespace),
    subsets: items(located.root, 'spec', 'subsets').flatMap((node) => {
      const name = text(node, 'name');
      return name === undefined ? [] : [{ name, node }];
    }),
  };
});

/** The DestinationRules by their host. */
export const destinationRulesByHost = hostIndex<DestinationRuleFacts>(
  ['networking.istio.io/DestinationRule'],
  (located) => {
    const facts = destinationRuleFacts(located);
    return facts.key === undefined ? [] : [[facts.key, facts]];
  },
);

/** The DestinationRules for a host as written in a namespace, as far as that namespace can see them. */
export function destinationRulesFor(world: World, host: string, namespace: string): DestinationRuleFacts[] {
  const key = hostKey(host, namespace);
  return [...destinationRulesByHost.exact(world, key), ...destinationRulesByHost.wider(world, key)].filter((rule) =>
    isVisibleIn(rule.located, namespace),
  );
}

/** The gateways that single matches are restricted to. */
export function matchGateways(root: YamlNode): { readonly name: string; readonly node: YamlNode }[] {
  const matches = ROUTE_KINDS.flatMap((kind) => items(root, 'spec', kind).flatMap((route) => items(route, 'match')));
  return matches.flatMap((match) =>
    items(match, 'gateways').flatMap((node) => {
      const name = text(node);
      return name === undefined ? [] : [{ name, node }];
    }),
  );
}

/** `ns/name`, a bare name of the same namespace, or the old `name.ns(.svc.cluster.local)` that is still understood. */
export function gatewayName(
  written: string,
  namespace: string,
): { readonly namespace: string; readonly gateway: string } {
  const slash = written.indexOf('/');
  if (slash !== -1) return { namespace: written.slice(0, slash), gateway: written.slice(slash + 1) };
  const [gateway = written, old] = written.split('.');
  return old === undefined ? { namespace, gateway: written } : { namespace: old, gateway };
}
