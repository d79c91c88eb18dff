import { at, entriesOf, items, num, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { type Labels, labelsOf, matchesLabels } from './labels.ts';
import type { Located } from './located.ts';
import type { Workload } from './workloads.ts';
import type { World } from './world.ts';

/** What Istio Gateways open: ports, hosts, certificates, and the workloads that they configure. */

export const ISTIO_GATEWAY = 'networking.istio.io/Gateway';

export interface GatewayHost {
  readonly node: YamlNode;
  /** The namespace before the slash; `*` when there is none. */
  readonly from: string;
  readonly host: string;
}

export interface GatewayServer {
  readonly node: YamlNode;
  readonly port: number | undefined;
  readonly portNode: YamlNode | undefined;
  /** In upper case; empty when it is not written. */
  readonly protocol: string;
  readonly hosts: readonly GatewayHost[];
  readonly credential: { readonly name: string; readonly node: YamlNode } | undefined;
}

export interface GatewayFacts {
  readonly located: Located;
  readonly selector: Labels;
  readonly selectorNode: YamlNode | undefined;
  /** False when a template writes part of the selector. */
  readonly selectorKnown: boolean;
  readonly servers: readonly GatewayServer[];
}

const gateways = new WeakMap<Located, GatewayFacts>();

export function gatewayFacts(located: Located): GatewayFacts {
  let facts = gateways.get(located);
  if (!facts) {
    const selectorNode = at(located.root, 'spec', 'selector');
    const selector = labelsOf(selectorNode);
    const selectorKnown = selector.size === entriesOf(selectorNode).length;
    facts = {
      located,
      selector,
      selectorNode,
      selectorKnown,
      servers: items(located.root, 'spec', 'servers').map((node) => serverOf(node, located.namespace)),
    };
    gateways.set(located, facts);
  }
  return facts;
}

function serverOf(node: YamlNode, namespace: string): GatewayServer {
  const credentialNode = at(node, 'tls', 'credentialName');
  const credential = text(credentialNode);
  return {
    node,
    port: num(node, 'port', 'number'),
    portNode: at(node, 'port', 'number'),
    protocol: (text(node, 'port', 'protocol') ?? '').toUpperCase(),
    hosts: items(node, 'hosts').flatMap((host) => hostOf(host, namespace)),
    credential:
      credentialNode && credential !== undefined && credential !== ''
        ? { name: credential, node: credentialNode }
        : undefined,
  };
}

function hostOf(node: YamlNode, namespace: string): GatewayHost[] {
  const written = text(node);
  if (written === undefined) return [];
  const slash = written.indexOf('/');
  if (slash === -1) return [{ node, from: '*', host: written }];
  const from = written.slice(0, slash);
  return [{ node, from: from === '.' ? namespace : from, host: written.slice(slash + 1) }];
}

/** The workloads that a Gateway configures: of all namespaces, as Istio does unless it is told otherwise. */
export function gatewayWorkloads(world: World, { selector }: GatewayFacts): readonly Workload[] {
  if (selector.size === 0) return [];
  let bySelector = selected.get(world);
  if (!bySelector) {
    bySelector = new Map();
    selected.set(world, bySelector);
  }
  const key = selectorKey(selector);
  let workloads = bySelector.get(key);
  if (!workloads) {
    workloads = world.workloads().filter((workload) => matchesLabels(selector, workload.labels));
    bySelector.set(key, workloads);
  }
  return workloads;
}

/** Most Gateways of a workspace have the same few selectors. */
const selected = new WeakMap<World, Map<string, readonly Workload[]>>();

/** A text that two selectors share when they are the same. */
export function selectorKey(selector: Labels): string {
  return [...selector]
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}
