import { type Labels, matchesSelector } from '../model/labels.ts';
import type { Located } from '../model/located.ts';
import type { Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { at, entriesOf, isTemplated, items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { some, type Truth, truthOf } from './truth.ts';

/** Whom the rules of Cilium's policies mean: pods by labels, what is no pod by entity, hosts by name. */

export interface CiliumPeer {
  readonly workload: Workload | undefined;
  /** What it is where it is no workload of the workspace. */
  readonly entity: 'world' | 'host' | 'ingress' | undefined;
  readonly namespace: string;
  /** The name by which the client calls something outside. */
  readonly host?: string | undefined;
  /** The Service that the client addresses. */
  readonly service?: { readonly namespace: string; readonly name: string } | undefined;
}

const FIELDS = ['Endpoints', 'Entities', 'CIDR', 'CIDRSet', 'Nodes', 'Groups', 'FQDNs', 'Services', 'Requires'];

/** Whether an entry means a peer; one that names nobody means everybody. */
export function peerFits(
  world: World,
  policy: Located,
  entry: YamlNode,
  prefix: 'from' | 'to',
  peer: CiliumPeer,
): Truth {
  const written = FIELDS.filter((field) => at(entry, prefix + field) !== undefined);
  if (written.length === 0) return 'yes';
  return some(written, (field) => {
    const values = items(entry, prefix + field);
    if (field === 'Endpoints') return some(values, (selector) => endpointFits(world, policy, selector, peer));
    if (field === 'Entities') return some(values, (entity) => entityFits(text(entity), peer));
    if (field === 'FQDNs') return some(values, (name) => nameFits(name, peer));
    if (field === 'Services') return some(values, (service) => serviceFits(policy, service, peer));
    // Addresses of pods are managed by Cilium itself, and never matched by networks.
    if (field.startsWith('CIDR')) return peer.workload ? 'no' : 'unknown';
    return 'unknown';
  });
}

function endpointFits(world: World, policy: Located, selector: YamlNode, peer: CiliumPeer): Truth {
  // Of the pods of other gateways files know too little; what else is no pod has no labels.
  if (!peer.workload) return peer.entity === undefined ? 'unknown' : 'no';
  if (hasTemplates(selector)) return 'unknown';
  const labels = new Map(labelsFor(world, peer.workload));
  const namesNamespace =
    [...entriesOf(at(selector, 'matchLabels')).map(({ key }) => key.text)].some(isNamespaceLabel) ||
    items(selector, 'matchExpressions').some((expression) => isNamespaceLabel(text(expression, 'key') ?? ''));
  // A selector means pods of the policy's own namespace unless it names another.
  if (!namesNamespace && policy.namespace !== '' && peer.workload.namespace !== policy.namespace) return 'no';
  return truthOf(selects(selector, labels));
}

function isNamespaceLabel(key: string): boolean {
  return (
    withoutSource(key).startsWith('io.kubernetes.pod.namespace') ||
    withoutSource(key).startsWith('io.cilium.k8s.namespace')
  );
}

function entityFits(entity: string | undefined, { workload, entity: kind }: CiliumPeer): Truth {
  switch (entity) {
    case 'all':
      return 'yes';
    case 'cluster':
      return workload || kind === 'host' || kind === 'ingress' ? 'yes' : 'unknown';
    case 'world':
      return workload || kind === 'host' || kind === 'ingress' ? 'no' : 'unknown';
    case 'host':
    case 'ingress':
      return truthOf(kind === entity);
    case 'cluster-mesh':
      return 'unknown';
    case 'none':
      return 'no';
    default:
      return workload ? 'no' : 'unknown';
  }
}

/** A name by which something outside is called: as written, or a pattern in which `*` stands for part of one label. */
function nameFits(entry: YamlNode, { workload, host }: CiliumPeer): Truth {
  if (workload) return 'no';
  if (host === undefined) return 'unknown';
  const name = text(entry, 'matchName');
  if (name !== undefined) return truthOf(name.toLowerCase() === host.toLowerCase());
  const pattern = text(entry, 'matchPattern');
  return pattern === undefined ? 'unknown' : truthOf(patternFits(pattern.toLowerCase(), host.toLowerCase()));
}

function patternFits(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  const [wanted, actual] = [pattern.split('.'), host.split('.')];
  return wanted.length === actual.length && wanted.every((label, index) => labelFits(label, actual[index] ?? ''));
}

/** Greedy from the left is enough, since the parts between the stars are plain text. */
function labelFits(pattern: string, label: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return label === first;
  const last = rest.pop() ?? '';
  if (!label.startsWith(first) || !label.endsWith(last) || label.length < first.length + last.length) return false;
  let place = first.length;
  for (const part of rest) {
    const found = label.indexOf(part, place);
    if (found === -1 || found + part.length > label.length - last.length) return false;
    place = found + part.length;
  }
  return true;
}

function serviceFits(policy: Located, entry: YamlNode, { service, workload }: CiliumPeer): Truth {
  const named = at(entry, 'k8sService');
  if (!named) return 'unknown';
  if (!service) return workload ? 'unknown' : 'no';
  const namespace = text(named, 'namespace') ?? policy.namespace;
  return truthOf(namespace === service.namespace && text(named, 'serviceName') === service.name);
}

/** Cilium knows a pod by its labels and by those of its namespace and account. */
export function labelsFor(world: World, workload: Workload): Labels {
  const labels = new Map(workload.labels);
  labels.set('io.kubernetes.pod.namespace', workload.namespace);
  labels.set('io.cilium.k8s.policy.serviceaccount', workload.serviceAccount);
  for (const [key, value] of world.namespaceLabels(workload.namespace) ?? []) {
    labels.set(`io.cilium.k8s.namespace.labels.${key}`, value);
  }
  return labels;
}

export function selects(selector: YamlNode | undefined, labels: Labels): boolean {
  if (!selector) return false;
  // Every label under each of the names by which a selector may call it.
  const named = new Map(
    [...labels].flatMap(([key, value]) => ['', 'k8s:', 'any:', 'k8s.', 'any.'].map((source) => [source + key, value])),
  );
  return matchesSelector(selector, named);
}

function hasTemplates(selector: YamlNode): boolean {
  return entriesOf(at(selector, 'matchLabels')).some(({ value }) => isTemplated(value));
}

/** Cilium writes where a label comes from before its key: `k8s:app`, `any:app`. */
function withoutSource(key: string): string {
  return key.replace(/^(?:k8s|any)[:.]/, '');
}
