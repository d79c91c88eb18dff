import { at, entriesOf, items, num, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { derive } from './derivation.ts';
import { type Labels, labelsOf, matchesLabels } from './labels.ts';
import { type Located, perResource } from './located.ts';
import { areSame } from './same.ts';
import type { Service, Workload } from './workloads.ts';
import type { World } from './world.ts';

/** What Istio Gateways open: ports, hosts, certificates, and the workloads that they configure. */

export const ISTIO_GATEWAY = 'networking.istio.io/Gateway';

export interface GatewayHost {
  readonly node: YamlNode;
  /** The namespace before the slash; `*` when there is none. */
  readonly from: string;
  readonly host: string;
}

export interface NamedCertificate {
  readonly name: string;
  readonly node: YamlNode;
}

export interface GatewayServer {
  readonly node: YamlNode;
  readonly port: number | undefined;
  readonly portNode: YamlNode | undefined;
  /** In upper case; empty when it is not written. */
  readonly protocol: string;
  /** The address that the listener is bound to; empty for all of them. */
  readonly bind: string;
  readonly hosts: readonly GatewayHost[];
  readonly credential: NamedCertificate | undefined;
  /** The credential, else the file in which the certificate lies. */
  readonly certificate: NamedCertificate | undefined;
}

export interface GatewayFacts {
  readonly located: Located;
  readonly selector: Labels;
  readonly selectorNode: YamlNode | undefined;
  /** False when a template writes part of the selector. */
  readonly selectorKnown: boolean;
  readonly servers: readonly GatewayServer[];
}

export const gatewayFacts = perResource((located): GatewayFacts => {
  const selectorNode = at(located.root, 'spec', 'selector');
  const selector = labelsOf(selectorNode);
  return {
    located,
    selector,
    selectorNode,
    selectorKnown: selector.size === entriesOf(selectorNode).length,
    servers: items(located.root, 'spec', 'servers').map((node) => serverOf(node, located.namespace)),
  };
});

function serverOf(node: YamlNode, namespace: string): GatewayServer {
  const credential = certificateAt(node, 'credentialName');
  return {
    node,
    port: num(node, 'port', 'number'),
    portNode: at(node, 'port', 'number'),
    protocol: (text(node, 'port', 'protocol') ?? '').toUpperCase(),
    bind: text(node, 'bind') ?? '',
    hosts: items(node, 'hosts').flatMap((host) => hostOf(host, namespace)),
    credential,
    certificate: credential ?? certificateAt(node, 'serverCertificate'),
  };
}

function certificateAt(server: YamlNode, field: string): NamedCertificate | undefined {
  const node = at(server, 'tls', field);
  const name = text(node);
  return node && name !== undefined && name !== '' ? { name, node } : undefined;
}

function hostOf(node: YamlNode, namespace: string): GatewayHost[] {
  const written = text(node);
  if (written === undefined) return [];
  const slash = written.indexOf('/');
  if (slash === -1) return [{ node, from: '*', host: written }];
  const from = written.slice(0, slash);
  return [{ node, from: from === '.' ? namespace : from, host: written.slice(slash + 1) }];
}

/** What a selector of Gateways chooses: of all namespaces, as Istio does unless it is told otherwise. */
interface Chosen {
  readonly workloads: readonly Workload[];
  /** The Services that lead to those workloads. */
  readonly services: readonly Service[];
}

/** Most Gateways of a workspace have the same few selectors. */
const chosenBy = derive(
  (world, selector: string): Chosen => {
    const wanted = new Map(selector.split(',').map((label) => label.split('=') as [string, string]));
    const workloads = world.workloads().filter((workload) => matchesLabels(wanted, workload.labels));
    return { workloads, services: [...new Set(workloads.flatMap((workload) => world.servicesOf(workload)))] };
  },
  (a, b) => areSame(a.workloads, b.workloads) && areSame(a.services, b.services),
);

function chosen(world: World, { selector }: GatewayFacts): Chosen {
  return selector.size === 0 ? { workloads: [], services: [] } : chosenBy(world, selectorKey(selector));
}

/** The workloads that a Gateway configures. */
export function gatewayWorkloads(world: World, gateway: GatewayFacts): readonly Workload[] {
  return chosen(world, gateway).workloads;
}

/** The Services through which requests reach a Gateway. */
export function gatewayServices(world: World, gateway: GatewayFacts): readonly Service[] {
  return chosen(world, gateway).services;
}

/** A text that two selectors share when they are the same. */
export function selectorKey(selector: Labels): string {
  return [...selector]
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}
