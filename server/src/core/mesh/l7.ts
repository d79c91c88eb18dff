import { type Located, perResource } from '../model/located.ts';
import { matchGateways, virtualServiceFacts } from '../model/traffic.ts';
import { at, has, items } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { l7UsesOf } from './ztunnelPolicy.ts';

/** What in a resource only a proxy that reads HTTP can do: in ambient mode, a waypoint. */
export interface L7Need {
  readonly node: YamlNode;
  readonly reason: string;
}

/** The reasons why a resource needs an L7 proxy, in the order of the text; empty when ztunnel is enough. */
export const needsL7 = perResource((located): readonly L7Need[] => {
  const { root, resource } = located;
  switch (resource.kind) {
    case 'AuthorizationPolicy':
      return l7UsesOf(root).map(({ node, field }) => ({ node, reason: `\`${field}\` needs HTTP` }));
    case 'RequestAuthentication':
      return whole(root, 'tokens are in HTTP headers');
    case 'VirtualService':
      return virtualServiceNeeds(located);
    case 'DestinationRule':
      return destinationRuleNeeds(root);
    case 'Telemetry':
      return telemetryNeeds(root);
    case 'WasmPlugin':
    case 'TrafficExtension':
    case 'EnvoyFilter':
      return whole(root, 'extensions run in Envoy');
    case 'HTTPRoute':
    case 'GRPCRoute':
      return whole(root, 'routes are chosen by HTTP');
    default:
      return [];
  }
});

function whole(root: YamlNode, reason: string): L7Need[] {
  const spec = at(root, 'spec');
  return spec ? [{ node: spec, reason }] : [];
}

/** Routes for named gateways only are done there; TCP routes need no HTTP. */
function virtualServiceNeeds(located: Located): L7Need[] {
  if (!isForMesh(located)) return [];
  return ['http', 'tls'].flatMap((kind) => {
    const node = at(located.root, 'spec', kind);
    return node && items(node).length > 0 ? [{ node, reason: `\`${kind}\` routes need Envoy` }] : [];
  });
}

/** Whether a VirtualService is about traffic inside the mesh, and not only about what comes in by gateways. */
export const isForMesh = perResource((located) => {
  const named = virtualServiceFacts(located).gateways.some(({ name }) => name === 'mesh');
  return named && !matchesOnlyGateways(located);
});

/** True when each match of each route is restricted to gateways other than `mesh`. */
function matchesOnlyGateways({ root }: Located): boolean {
  const restricted = matchGateways(root);
  if (restricted.length === 0 || restricted.some(({ name }) => name === 'mesh')) return false;
  const routes = ['http', 'tls', 'tcp'].flatMap((kind) => items(root, 'spec', kind));
  return routes.every((route) => {
    const matches = items(route, 'match');
    return matches.length > 0 && matches.every((match) => has(match, 'gateways'));
  });
}

function destinationRuleNeeds(root: YamlNode): L7Need[] {
  const policies = [root, ...items(root, 'spec', 'subsets')].flatMap((owner) => {
    const policy = owner === root ? at(root, 'spec', 'trafficPolicy') : at(owner, 'trafficPolicy');
    return policy ? [policy, ...items(policy, 'portLevelSettings')] : [];
  });
  return policies.flatMap(trafficPolicyNeeds);
}

const L7_TRAFFIC: readonly (readonly [readonly string[], string])[] = [
  [['loadBalancer', 'consistentHash', 'httpHeaderName'], 'hashing by a header needs HTTP'],
  [['loadBalancer', 'consistentHash', 'httpCookie'], 'hashing by a cookie needs HTTP'],
  [['loadBalancer', 'consistentHash', 'httpQueryParameterName'], 'hashing by a query parameter needs HTTP'],
  [['connectionPool', 'http'], 'limits of HTTP requests need HTTP'],
  [['outlierDetection'], 'outliers are found by their answers'],
  [['retryBudget'], 'retries need HTTP'],
];

function trafficPolicyNeeds(policy: YamlNode): L7Need[] {
  return L7_TRAFFIC.flatMap(([path, reason]) => {
    const node = at(policy, ...path);
    return node ? [{ node, reason }] : [];
  });
}

function telemetryNeeds(root: YamlNode): L7Need[] {
  const whole = [
    ['tracing', 'traces follow HTTP headers'],
    ['accessLogging', 'access logs of requests need HTTP'],
  ].flatMap(([field = '', reason = '']) => {
    const node = at(root, 'spec', field);
    return node && items(node).length > 0 ? [{ node, reason }] : [];
  });
  const metrics = items(root, 'spec', 'metrics').flatMap((metric) => {
    const node = at(metric, 'overrides');
    return node && items(node).length > 0 ? [{ node, reason: 'metrics of requests need HTTP' }] : [];
  });
  return [...whole, ...metrics];
}
