import { type Labels, matchesSelector } from '../model/labels.ts';
import type { Located } from '../model/located.ts';
import type { Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { containsNetwork, parseNetwork } from '../schema/addresses.ts';
import { at, has, items, num, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { some, type Truth, truthOf } from './truth.ts';

/** Kubernetes NetworkPolicies: whom they select, and which ports they open. */

export type Direction = 'ingress' | 'egress';

export const NETWORK_POLICY = 'networking.k8s.io/NetworkPolicy';
export const HBONE_PORT = 15008;

export function selectsPod(policy: Located, workload: Pick<Workload, 'namespace' | 'labels'>): boolean {
  return (
    policy.namespace === workload.namespace && matchesSelector(at(policy.root, 'spec', 'podSelector'), workload.labels)
  );
}

/** Whether a policy limits a direction: what `policyTypes` says, else ingress always and egress when there are rules. */
export function limits(policy: Located, direction: Direction): boolean {
  const types = items(policy.root, 'spec', 'policyTypes').map((type) => text(type)?.toLowerCase());
  return types.length > 0
    ? types.includes(direction)
    : direction === 'ingress' || has(at(policy.root, 'spec'), 'egress');
}

/** Whether a rule opens a TCP port; a port by name is one of the receiving pod, and never that of the mesh. */
export function opensPort(rule: YamlNode, wanted: number, receiver?: Pick<Workload, 'ports'>): boolean {
  const ports = items(rule, 'ports');
  if (ports.length === 0) return true;
  return ports.some((entry) => {
    if ((text(entry, 'protocol') ?? 'TCP') !== 'TCP') return false;
    const port = at(entry, 'port');
    const first = num(port);
    if (!port) return true;
    // A port from a template could be any.
    const name = text(port);
    if (first === undefined)
      return name === undefined || receiver?.ports.some((own) => own.name === name && own.port === wanted) === true;
    return wanted >= first && wanted <= (num(entry, 'endPort') ?? first);
  });
}

/** Whether some policy that limits a pod opens a port for it. */
export function isPortOpen(world: World, workload: Workload, direction: Direction, port: number): boolean {
  return world
    .inNamespace(NETWORK_POLICY, workload.namespace)
    .some(
      (policy) =>
        limits(policy, direction) &&
        selectsPod(policy, workload) &&
        items(policy.root, 'spec', direction).some((rule) => opensPort(rule, port)),
    );
}

/** The workloads that the peers of a rule name by labels. */
export function peerWorkloads(world: World, policy: Located, rule: YamlNode, field: 'from' | 'to'): Workload[] {
  return items(rule, field).flatMap((peer) => {
    const byNamespace = at(peer, 'namespaceSelector');
    const byPod = at(peer, 'podSelector');
    if (!byNamespace && !byPod) return [];
    const namespaces = byNamespace
      ? world
          .ofKind('/Namespace')
          .map(({ name }) => name)
          .filter((name) => isNamespaceSelected(world, byNamespace, name))
      : [policy.namespace];
    return namespaces.flatMap((namespace) =>
      world.workloads(namespace).filter(({ labels }) => !byPod || matchesSelector(byPod, labels)),
    );
  });
}

/** The other end of a connection. Of the pods that the mesh makes for gateways only some labels are known. */
export type Peer =
  | {
      readonly namespace: string;
      readonly labels: Labels;
      readonly partial?: boolean;
      readonly ports?: Workload['ports'];
    }
  | 'outside';

/** Whether the peers of a rule include a pod, or what is at an address that no file tells. */
export function peerFits(world: World, policy: Located, rule: YamlNode, field: 'from' | 'to', pod: Peer): Truth {
  const peers = items(rule, field);
  if (peers.length === 0) return 'yes';
  return some(peers, (peer) => {
    if (has(peer, 'ipBlock')) return blockFits(at(peer, 'ipBlock'), pod);
    if (pod === 'outside') return 'no';
    const byNamespace = at(peer, 'namespaceSelector');
    const byPod = at(peer, 'podSelector');
    const near = byNamespace
      ? isNamespaceSelected(world, byNamespace, pod.namespace)
      : pod.namespace === policy.namespace;
    if (!near || !byPod || matchesSelector(byPod, pod.labels)) return truthOf(near);
    return pod.partial ? 'unknown' : 'no';
  });
}

/** Addresses are in no file; but none is link-local, as the kubelet's probes to pods in ambient mode are. */
function blockFits(block: YamlNode | undefined, pod: Peer): Truth {
  const cidr = text(block, 'cidr');
  const network = cidr === undefined ? undefined : parseNetwork(cidr);
  if (network && LINK_LOCAL && containsNetwork(LINK_LOCAL, network)) return 'no';
  return network?.prefix === 0 && pod === 'outside' && items(block, 'except').length === 0 ? 'yes' : 'unknown';
}

const LINK_LOCAL = parseNetwork('169.254.0.0/16');

function isNamespaceSelected(world: World, selector: YamlNode, name: string): boolean {
  return matchesSelector(
    selector,
    new Map([...(world.namespaceLabels(name) ?? []), ['kubernetes.io/metadata.name', name]]),
  );
}
