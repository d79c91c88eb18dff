import type { Located } from '../model/located.ts';
import { destinationRuleFacts, destinationRulesFor } from '../model/traffic.ts';
import type { World } from '../model/world.ts';
import { at, items, num, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';

/** What clients do about TLS: the `tls` of the DestinationRules for a host. */

export type ClientTlsMode = 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';

export interface ClientTls {
  /** Undefined when no DestinationRule says anything: automatic mTLS, or plaintext where that is switched off. */
  readonly mode: ClientTlsMode | undefined;
  readonly decidedBy: Located | undefined;
  readonly node: YamlNode | undefined;
}

export interface ClientCall {
  readonly namespace: string;
  readonly host: string;
  readonly port?: number;
  readonly subset?: string;
}

/**
 * The TLS of sidecars and gateways of a namespace towards a host. One DestinationRule applies: the one for the narrowest
 * host in the client's own namespace, else in the Service's, else in the root namespace.
 */
export function clientTls(world: World, rootNamespace: string, call: ClientCall): ClientTls {
  const rule = appliedRule(world, rootNamespace, call);
  if (!rule) return { mode: undefined, decidedBy: undefined, node: undefined };
  const tls = tlsOf(rule, call.port, call.subset);
  return { mode: tls?.mode, decidedBy: rule, node: tls?.node };
}

function appliedRule(world: World, rootNamespace: string, { host, namespace }: ClientCall): Located | undefined {
  const rules = destinationRulesFor(world, host, namespace).map(({ located }) => located);
  const home = serviceNamespace(rules, host, namespace);
  for (const place of [namespace, home, rootNamespace]) {
    const rule = rules.find((candidate) => candidate.namespace === place);
    if (rule) return rule;
  }
  return undefined;
}

/** The namespace in the name of a Service; the client's own for short names, and none for names outside the cluster. */
function serviceNamespace(rules: readonly Located[], host: string, namespace: string): string | undefined {
  const [, second, third] = host.split('.');
  if (second === undefined) return namespace;
  if (third === undefined || third === 'svc') return second;
  // A ServiceEntry's rules stand beside it as a rule; the narrowest one says where.
  return rules[0]?.namespace;
}

/** The `tls` of a DestinationRule for a port and a subset. What stands for a port replaces everything wider. */
export function tlsOf(
  rule: Located,
  port?: number,
  subset?: string,
): { mode: ClientTlsMode; node: YamlNode } | undefined {
  const chosen = destinationRuleFacts(rule).subsets.find(({ name }) => name === subset);
  const policies = [at(chosen?.node, 'trafficPolicy'), at(rule.root, 'spec', 'trafficPolicy')];
  for (const policy of policies) {
    const own = items(policy, 'portLevelSettings').find((entry) => num(entry, 'port', 'number') === port);
    if (port !== undefined && own) return tlsAt(own);
    const tls = tlsAt(policy);
    if (tls) return tls;
  }
  return undefined;
}

/** An empty `tls` is one that says `DISABLE`, the first of the modes. */
function tlsAt(policy: YamlNode | undefined): { mode: ClientTlsMode; node: YamlNode } | undefined {
  const node = at(policy, 'tls');
  if (!node) return undefined;
  const modeNode = at(node, 'mode');
  const mode = modeNode ? text(modeNode) : 'DISABLE';
  return mode !== undefined && isClientMode(mode) ? { mode, node: modeNode ?? node } : undefined;
}

/** Everything that a DestinationRule says about TLS: for all ports, for single ones and for subsets. */
export function tlsSettings(rule: Located): { mode: ClientTlsMode; node: YamlNode }[] {
  const policies = [
    at(rule.root, 'spec', 'trafficPolicy'),
    ...items(rule.root, 'spec', 'subsets').map((subset) => at(subset, 'trafficPolicy')),
  ];
  return policies.flatMap((policy) =>
    [policy, ...items(policy, 'portLevelSettings')].flatMap((place) => tlsAt(place) ?? []),
  );
}

const CLIENT_MODES = new Set<string>(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']);

function isClientMode(mode: string): mode is ClientTlsMode {
  return CLIENT_MODES.has(mode);
}
