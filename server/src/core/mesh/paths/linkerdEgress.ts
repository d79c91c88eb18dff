import { hostsMatch } from '../../model/hosts.ts';
import type { Located } from '../../model/located.ts';
import { LINKERD_POLICY } from '../../model/routes.ts';
import { items, text } from '../../yaml/access.ts';
import { coversEverywhere } from '../linkerdNetworks.ts';
import { routesAttachedTo } from '../linkerdServers.ts';
import { routeMatchesRequest } from '../routing/inbound.ts';
import { some, type Truth, truthOf } from '../truth.ts';
import type { PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';
import type { Ends } from './ends.ts';
import { type Judgement, NO_JUDGEMENT, type Refusal } from './judgement.ts';
import type { NodeId, PolicyVerdict, Verdict } from './vocabulary.ts';

const EGRESS = `${LINKERD_POLICY}/EgressNetwork` as const;

/** Where EgressNetworks stand for all namespaces: the chart's `egress.globalEgressNetworkNamespace`. */
const GLOBAL_NAMESPACE = 'linkerd-egress';

/**
 * What the outbound proxy of a client does about a host outside of the cluster: routes attached to an EgressNetwork let
 * a request through, its traffic policy decides about the others. Decided by the client's proxy alone: whoever has none
 * is not held.
 */
export function judgeEgress(context: PathContext, ends: Ends, draft: PathDraft): Judgement {
  const { source, destination } = ends;
  if (source.kind !== 'workload' || (destination.kind !== 'host' && destination.kind !== 'entry')) return NO_JUDGEMENT;
  const outbound = draft.nodes.find(({ kind }) => kind === 'linkerd-outbound')?.id;
  const [network] = networksFor(context, source.workload.namespace);
  if (!network) return NO_JUDGEMENT;
  if (outbound === undefined)
    return {
      policies: [verdict(network, 'bypassed', `lo:${source.workload.namespace}/${source.workload.name}`)],
      refusals: [],
    };
  const routes = routesAttachedTo(context.world, EGRESS, network)
    .filter(({ parent }) => parent.port === undefined || parent.port === destination.port)
    .map(({ route }) => ({ route, admits: admits(route, ends) }));
  const covered = coversEverywhere(items(network.root, 'spec', 'networks'));
  return {
    policies: [
      verdict(network, 'enforced', outbound),
      ...routes.map(({ route, admits: fits }) => verdict(route, fits === 'unknown' ? 'unknown' : 'enforced', outbound)),
    ],
    refusals: refusalsOf(
      network,
      some(routes, (entry) => entry.admits),
      outbound,
      ends,
    ),
    assume: covered ? [] : [`${destination.host} is taken to be in the networks of EgressNetwork ${network.name}.`],
  };
}

/** Those of the client's namespace, else those for all namespaces. */
function networksFor({ world }: PathContext, namespace: string): readonly Located[] {
  const own = world.inNamespace(EGRESS, namespace);
  return own.length > 0 ? own : world.inNamespace(EGRESS, GLOBAL_NAMESPACE);
}

function refusalsOf(network: Located, admitted: Truth, at: NodeId, { http }: Ends): Refusal[] {
  const policy = text(network.root, 'spec', 'trafficPolicy');
  if (admitted === 'yes' || policy === 'Allow') return [];
  const by = `EgressNetwork/${network.namespace}/${network.name}`;
  if (admitted === 'unknown' || policy !== 'Deny') return [{ result: 'unknown', at, by }];
  return [{ result: 'deny', at, by, signal: http ? 'HTTP 403' : 'connection closed' }];
}

/** Whether a route describes the request, which is all that a traffic policy of `Deny` lets through. */
function admits(route: Located, { destination, http }: Ends): Truth {
  const host = destination.kind === 'host' || destination.kind === 'entry' ? destination.host : '';
  const hostnames = items(route.root, 'spec', 'hostnames').map((node) => text(node));
  const named: Truth =
    hostnames.length === 0
      ? 'yes'
      : some(hostnames, (name) => (name === undefined ? 'unknown' : truthOf(hostsMatch(name, http?.host ?? host))));
  switch (route.resource.kind) {
    case 'HTTPRoute':
    case 'GRPCRoute':
      return named === 'yes' ? routeMatchesRequest(route, http) : named;
    case 'TLSRoute':
      return http ? 'no' : named;
    default:
      return 'yes';
  }
}

function verdict(policy: Located, state: Verdict, at: NodeId): PolicyVerdict {
  return {
    ref: `${policy.resource.kind}/${policy.namespace}/${policy.name}`,
    verdict: state,
    at,
    effect: state === 'bypassed' ? 'fail-open' : 'as-written',
    reason: state === 'bypassed' ? 'the client has no proxy that could hold it' : null,
    policy,
    because: [],
  };
}
