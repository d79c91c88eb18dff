import { type Labels, matchesSelector } from '../model/labels.ts';
import type { KindKey, Located } from '../model/located.ts';
import type { Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { worldIndex } from '../model/worldIndex.ts';
import { at, entriesOf, has, isTemplated, items, num, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { fullMatch } from './fullMatch.ts';
import { every, some, type Truth, truthOf } from './truth.ts';

/** Cilium's network policies: whom they select, and what their rules let through. Rules: cilium 1.20 documentation. */

export const CILIUM_POLICIES: readonly KindKey[] = [
  'cilium.io/CiliumNetworkPolicy',
  'cilium.io/CiliumClusterwideNetworkPolicy',
];

export type CiliumDirection = 'ingress' | 'egress';

/** One `spec` of a policy, which may have several. */
export interface CiliumRule {
  readonly policy: Located;
  readonly spec: YamlNode;
}

const rulesIn = worldIndex<CiliumRule>(CILIUM_POLICIES, (policy) => {
  const single = at(policy.root, 'spec');
  const specs = [...(single ? [single] : []), ...items(policy.root, 'specs')];
  return specs.map((spec) => [policy.namespace, { policy, spec }] as const);
});

/** The rules that select a workload; those for the whole cluster have no namespace. */
export function ciliumRulesFor(world: World, workload: Workload): CiliumRule[] {
  return [...rulesIn(world, workload.namespace), ...rulesIn(world, '')].filter(({ spec }) =>
    selects(at(spec, 'endpointSelector'), labelsFor(world, workload)),
  );
}

/** Whether rules of a direction are there, so that what they do not allow is refused. */
export function restricts({ spec }: CiliumRule, direction: CiliumDirection): boolean {
  const byDefault = text(spec, 'enableDefaultDeny', direction);
  if (byDefault !== undefined) return byDefault === 'true';
  return items(spec, direction).length > 0 || items(spec, `${direction}Deny`).length > 0;
}

/** The other end of a connection. */
export interface CiliumPeer {
  readonly workload: Workload | undefined;
  /** What it is where it is no workload of the workspace. */
  readonly entity: 'world' | 'host' | undefined;
  readonly namespace: string;
}

export interface CiliumRequest {
  readonly peer: CiliumPeer;
  readonly port: number;
  readonly http: { readonly method: string; readonly path: string; readonly host: string | undefined } | undefined;
}

/** What one rule of a direction says about a request: at the level of connections, and of requests where it reads them. */
export interface CiliumAnswer {
  readonly l4: Truth;
  /** Undefined where no rule for the port speaks of HTTP. */
  readonly l7: Truth | undefined;
}

/** What the rules of a spec make of a request in one direction. */
export function ciliumAnswer(
  world: World,
  rule: CiliumRule,
  direction: CiliumDirection,
  request: CiliumRequest,
): CiliumAnswer {
  const denied = some(items(rule.spec, `${direction}Deny`), (entry) =>
    entryFits(world, rule, entry, direction, request),
  );
  if (denied !== 'no') return { l4: denied === 'yes' ? 'no' : 'unknown', l7: undefined };
  const fitting = items(rule.spec, direction).filter(
    (entry) => entryFits(world, rule, entry, direction, request) !== 'no',
  );
  const l4 = some(fitting, (entry) => entryFits(world, rule, entry, direction, request));
  const ports = fitting.map((entry) => items(entry, 'toPorts').filter((port) => opens(port, request.port)));
  const reading = ports.flat().filter((port) => has(at(port, 'rules'), 'http'));
  if (reading.length === 0 || !request.http) return { l4, l7: undefined };
  // An entry without rules about requests lets all of them through.
  const open = ports.some((list) => list.length === 0 || list.some((port) => !has(at(port, 'rules'), 'http')));
  const { http } = request;
  const fits = some(
    reading.flatMap((port) => items(port, 'rules', 'http')),
    (condition) => conditionFits(condition, http),
  );
  return { l4, l7: open ? 'yes' : fits };
}

function entryFits(
  world: World,
  rule: CiliumRule,
  entry: YamlNode,
  direction: CiliumDirection,
  request: CiliumRequest,
): Truth {
  const ports = items(entry, 'toPorts');
  // An entry that says nothing lets nothing through: it is the way to write a default of deny.
  if (entriesOf(entry).length === 0) return 'no';
  if (ports.length > 0 && !ports.some((port) => opens(port, request.port))) return 'no';
  return peerFits(world, rule, entry, direction === 'ingress' ? 'from' : 'to', request.peer);
}

function opens(entry: YamlNode, wanted: number): boolean {
  const ports = items(entry, 'ports');
  return (
    ports.length === 0 ||
    ports.some((port) => {
      const first = num(port, 'port') ?? Number(text(port, 'port') ?? Number.NaN);
      if (!['TCP', 'ANY'].includes(text(port, 'protocol') ?? 'ANY')) return false;
      return first === 0 || (wanted >= first && wanted <= (num(port, 'endPort') ?? first));
    })
  );
}

function peerFits(world: World, rule: CiliumRule, entry: YamlNode, prefix: 'from' | 'to', peer: CiliumPeer): Truth {
  const fields = ['Endpoints', 'Entities', 'CIDR', 'CIDRSet', 'Nodes', 'Groups', 'FQDNs', 'Services', 'Requires'];
  const written = fields.filter((field) => at(entry, prefix + field) !== undefined);
  if (written.length === 0) return 'yes';
  return some(written, (field) => {
    const values = items(entry, prefix + field);
    if (field === 'Endpoints') return some(values, (selector) => endpointFits(world, rule, selector, peer));
    if (field === 'Entities') return some(values, (entity) => entityFits(text(entity), peer));
    // Addresses of pods are managed by Cilium itself, and never matched by networks.
    if (field.startsWith('CIDR')) return peer.workload ? 'no' : 'unknown';
    return 'unknown';
  });
}

function endpointFits(world: World, { policy }: CiliumRule, selector: YamlNode, peer: CiliumPeer): Truth {
  if (!peer.workload) return 'no';
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
      return workload || kind === 'host' ? 'yes' : 'unknown';
    case 'world':
      return workload || kind === 'host' ? 'no' : 'unknown';
    case 'host':
      return truthOf(kind === 'host');
    case 'none':
      return 'no';
    default:
      return workload ? 'no' : 'unknown';
  }
}

/** What a rule about HTTP asks for; expressions match the whole text, and what is absent matches everything. */
function conditionFits(condition: YamlNode, http: NonNullable<CiliumRequest['http']>): Truth {
  const fields = [
    ['method', http.method],
    ['path', http.path],
    ['host', http.host],
  ] as const;
  const named = every(fields, ([field, value]) => {
    if (!has(condition, field)) return 'yes';
    const pattern = text(condition, field);
    return pattern === undefined || value === undefined ? 'unknown' : fullMatch(pattern, value);
  });
  const headers = has(condition, 'headers') || has(condition, 'headerMatches');
  return headers && named === 'yes' ? 'unknown' : named;
}

/** Cilium knows a pod by its labels and by those of its namespace and account. */
function labelsFor(world: World, workload: Workload): Labels {
  const labels = new Map(workload.labels);
  labels.set('io.kubernetes.pod.namespace', workload.namespace);
  labels.set('io.cilium.k8s.policy.serviceaccount', workload.serviceAccount);
  for (const [key, value] of world.namespaceLabels(workload.namespace) ?? []) {
    labels.set(`io.cilium.k8s.namespace.labels.${key}`, value);
  }
  return labels;
}

function selects(selector: YamlNode | undefined, labels: Labels): boolean {
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
