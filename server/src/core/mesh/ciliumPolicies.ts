import type { KindKey, Located } from '../model/located.ts';
import type { Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { worldIndex } from '../model/worldIndex.ts';
import { at, entriesOf, has, items, num, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { type CiliumHttp, httpFits } from './ciliumHttp.ts';
import { type CiliumPeer, labelsFor, peerFits, selects } from './ciliumPeers.ts';
import { every, some, type Truth } from './truth.ts';

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

export interface CiliumRequest {
  readonly peer: CiliumPeer;
  readonly port: number;
  /** Undefined for connections that carry no HTTP, and for requests that are encrypted on the wire. */
  readonly http: CiliumHttp | undefined;
}

/** What one rule of a direction says about a request: at the level of connections, and of requests where it reads them. */
export interface CiliumAnswer {
  /** Whether it refuses the connection, whatever other rules let through. */
  readonly denied: Truth;
  /** Whether it lets the connection through. */
  readonly l4: Truth;
  /** Whether it lets the request through; undefined where no rule for the port speaks of HTTP. */
  readonly l7: Truth | undefined;
  /** Whether both ends have to prove who they are, beside the connection. */
  readonly authenticated: boolean;
}

/** What the rules of a spec make of a request in one direction. */
export function ciliumAnswer(
  world: World,
  rule: CiliumRule,
  direction: CiliumDirection,
  request: CiliumRequest,
): CiliumAnswer {
  const fits = (entry: YamlNode) => entryFits(world, rule, entry, direction, request);
  const denied = some(items(rule.spec, `${direction}Deny`), fits);
  const fitting = items(rule.spec, direction).filter((entry) => fits(entry) !== 'no');
  const l4 = some(fitting, (entry) => every([fits(entry), authenticates(entry)], (truth) => truth));
  const authenticated = fitting.some((entry) => text(entry, 'authentication', 'mode') === 'required');
  return { denied, l4, l7: requestAnswer(fitting, request), authenticated };
}

/** The mode for tests refuses everybody. */
function authenticates(entry: YamlNode): Truth {
  return text(entry, 'authentication', 'mode') === 'test-always-fail' ? 'no' : 'yes';
}

function requestAnswer(fitting: readonly YamlNode[], { port: wanted, http }: CiliumRequest): Truth | undefined {
  const ports = fitting.map((entry) => items(entry, 'toPorts').filter((port) => opens(port, wanted)));
  const reading = ports.flat().filter((port) => has(at(port, 'rules'), 'http'));
  if (reading.length === 0) return undefined;
  // An entry without rules about requests lets all of them through.
  const open = ports.some((list) => list.length === 0 || list.some((port) => !has(at(port, 'rules'), 'http')));
  if (open) return 'yes';
  // Envoy expects HTTP, and what it makes of something else nobody can say.
  if (!http) return 'unknown';
  return some(
    reading.flatMap((port) => items(port, 'rules', 'http')),
    (condition) => httpFits(condition, http),
  );
}

function entryFits(
  world: World,
  { policy }: CiliumRule,
  entry: YamlNode,
  direction: CiliumDirection,
  request: CiliumRequest,
): Truth {
  const ports = items(entry, 'toPorts');
  // An entry that says nothing lets nothing through: it is the way to write a default of deny.
  if (entriesOf(entry).length === 0) return 'no';
  // One about ICMP alone is about no connection.
  if (has(entry, 'icmps')) return 'no';
  if (ports.length > 0 && !ports.some((port) => opens(port, request.port))) return 'no';
  return peerFits(world, policy, entry, direction === 'ingress' ? 'from' : 'to', request.peer);
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
