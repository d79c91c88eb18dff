import type { Located } from '../../model/located.ts';
import type { Workload } from '../../model/workloads.ts';
import { at, text } from '../../yaml/access.ts';
import { httpProbes } from '../kubeletProbes.ts';
import {
  type Authorization,
  authorizationsOfRoute,
  authorizationsOfServer,
  type Client,
} from '../linkerdAuthorizations.ts';
import { defaultPolicyOf, policyAdmits } from '../linkerdDefaults.ts';
import { opaquePorts, skippedInboundPorts } from '../linkerdPorts.ts';
import { inboundRoutes, podsOfServer, portOfServer, serversIn } from '../linkerdServers.ts';
import { routeMatchesRequest } from '../routing/inbound.ts';
import { some, type Truth } from '../truth.ts';
import { type PathContext, planeOf } from './context.ts';
import type { PathDraft } from './draft.ts';
import { type Ends, nameOf, targetPortOf, workloadAt } from './ends.ts';
import { type Judgement, type Refusal, verdict } from './judgement.ts';
import { judgeEgress } from './linkerdEgress.ts';
import { rateLimitVerdicts } from './linkerdRateLimits.ts';
import type { NodeId, PolicyVerdict, Verdict } from './vocabulary.ts';

/** What Linkerd's policies make of a request: inbound to a workload, or outbound to what is outside of the cluster. Rules: linkerd2 2.20, policy-controller, inbound. */
export function judgeLinkerd(context: PathContext, ends: Ends, draft: PathDraft): Judgement {
  const arrival = arrivalOf(context, ends, draft);
  return arrival ? judgeInbound(context, arrival) : judgeEgress(context, ends, draft);
}

function judgeInbound(context: PathContext, arrival: Arrival): Judgement {
  const servers = serversOf(context, arrival);
  const others = serversIn(context.world, arrival.workload.namespace)
    .filter((server) => !servers.includes(server))
    .map((server) => verdict(server, 'not-applicable', null, 'none', null));
  if (arrival.proxy === undefined)
    return { policies: [...others, ...withoutProxy(context, arrival, servers)], refusals: [] };
  const [server, ...later] = servers;
  const shadowed = later.map((other) =>
    verdict(
      other,
      'shadowed',
      null,
      'none',
      `Server ${server?.name} covers the same port, and is taken for the older one`,
    ),
  );
  const assume =
    later.length > 0 ? ['Of Servers that cover one port the oldest holds; no file says which that is.'] : [];
  const judged = server ? judgeServer(context, arrival, server) : judgeDefault(context, arrival);
  return { policies: [...others, ...judged.policies, ...shadowed], refusals: judged.refusals, assume };
}

/** How the request comes to the workload at the end of the path. */
interface Arrival {
  readonly workload: Workload;
  readonly port: number;
  /** The inbound side of the workload's proxy; undefined where the request comes without it. */
  readonly proxy: NodeId | undefined;
  readonly client: Client;
  readonly ends: Ends;
}

function arrivalOf({ world }: PathContext, ends: Ends, draft: PathDraft): Arrival | undefined {
  const last = draft.lastLeg;
  const reached = workloadAt(world, draft.here);
  if (!last || !reached) return undefined;
  const proxy = last.kind === 'deliver' && last.from.startsWith('li:') ? last.from : undefined;
  const identity = draft.legs.find(({ to }) => to === proxy)?.peerIdentitySeen ?? null;
  return {
    workload: reached,
    port: last.port,
    proxy,
    client: {
      identity: identity?.replace(/^dns:/, '') ?? null,
      origin: ends.source.kind === 'workload' ? 'pod' : 'elsewhere',
    },
    ends: { ...ends, http: draft.requestAt(draft.here, ends.http) },
  };
}

/** The Servers for the port, by name: the files do not say which is the oldest. */
function serversOf({ world }: PathContext, { workload, port }: Arrival): Located[] {
  return serversIn(world, workload.namespace)
    .filter((server) => podsOfServer(world, server).includes(workload) && portOfServer(server, workload) === port)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Policies whose proxy is not on the path: it is skipped for the port, or there is none. */
function withoutProxy(context: PathContext, arrival: Arrival, servers: readonly Located[]): PolicyVerdict[] {
  const { workload, port, client } = arrival;
  const meshed = planeOf(context, workload) === 'linkerd';
  const skipped = meshed && skippedInboundPorts(context.world, workload).has(port);
  const [state, at, reason] = skipped
    ? (['bypassed', `li:${nameOf(workload)}`, `inbound port ${port} is skipped`] as const)
    : (['not-attached', null, 'no Linkerd proxy in the selected pods'] as const);
  return servers.flatMap((server) => {
    const { world, settings } = context;
    const routes = inboundRoutes(world, server);
    const authorizations = [
      ...authorizationsOfServer(world, server, client, settings.linkerd),
      ...routes.flatMap((route) => authorizationsOfRoute(world, route, client, settings.linkerd)),
    ];
    return unique([server, ...routes, ...authorizations.map(({ policy }) => policy)]).map((policy) =>
      verdict(policy, state, at, 'fail-open', reason),
    );
  });
}

interface Judged {
  readonly policies: readonly PolicyVerdict[];
  readonly refusals: readonly Refusal[];
}

/** A port without a Server: the default policy of the pod decides. */
function judgeDefault({ world, settings }: PathContext, { workload, client, proxy, ends }: Arrival): Judged {
  const policy = defaultPolicyOf(world, workload, settings.linkerd);
  const admitted = policyAdmits(policy, client);
  if (admitted === 'yes' || proxy === undefined || isProbe(workload, ends)) return { policies: [], refusals: [] };
  return { policies: [], refusals: [refusal(admitted, proxy, `default-policy:${policy}`, ends, undefined)] };
}

/** The kubelet's own probes are let in as long as no route is attached. */
function isProbe(workload: Workload, { source, destination, http }: Ends): boolean {
  if (source.kind !== 'kubelet' || !http) return false;
  const port = destination.kind === 'service' ? targetPortOf(destination.port, workload) : destination.port;
  const [path] = http.path.split('?');
  return httpProbes(workload).some((probe) => probe.port === port && probe.path === path);
}

function judgeServer(context: PathContext, arrival: Arrival, server: Located): Judged {
  const { client, proxy = '', ends, workload } = arrival;
  const { world, settings } = context;
  const reads = readsRequests(context, arrival, server);
  const attached = inboundRoutes(world, server);
  const routes = reads ? attached : [];
  const matching = routes.map((route) => ({ route, matches: routeMatchesRequest(route, ends.http) }));
  const matched = some(matching, ({ matches }) => matches);
  const onServer = authorizationsOfServer(world, server, client, settings.linkerd);
  const onRoutes = new Map(
    attached.map((route) => [route, authorizationsOfRoute(world, route, client, settings.linkerd)] as const),
  );
  const access = text(server.root, 'spec', 'accessPolicy') ?? 'deny';
  const policies = [
    serverVerdict(server, proxy, access, client),
    ...attached.map((route) =>
      routeVerdict(route, proxy, reads, matching.find((entry) => entry.route === route)?.matches),
    ),
    ...[...onServer, ...[...onRoutes.values()].flat()].flatMap((authorization) => verdictsOf(authorization, proxy)),
    ...rateLimitVerdicts(context, server, client, proxy),
  ];
  const result = (refusals: readonly Refusal[]): Judged => ({ policies: dedupe(policies), refusals });
  if (routes.length > 0 && matched === 'no') {
    const signal = ends.source.kind === 'kubelet' ? 'HTTP 404 (pod becomes unready)' : 'HTTP 404';
    return result([{ result: 'deny', at: proxy, by: 'no-route', signal }]);
  }
  if (routes.length === 0 && isProbe(workload, ends)) return result([]);
  const deciding = [
    ...onServer,
    ...matching.flatMap(({ route, matches }) => (matches === 'no' ? [] : (onRoutes.get(route) ?? []))),
  ];
  const admitted = admittedBy(access, client, deciding, matched);
  return result(admitted === 'yes' ? [] : [refusal(admitted, proxy, 'no-authorization', ends, server)]);
}

/** The access policy and every authorization: any may let the client in. */
function admittedBy(access: string, client: Client, authorizations: readonly Authorization[], matched: Truth): Truth {
  const byDefault = policyAdmits(access, client);
  if (byDefault === 'yes') return 'yes';
  const admitted = some(authorizations, ({ admits, on }) =>
    admits === 'yes' && on === 'route' && matched === 'unknown' ? 'unknown' : admits,
  );
  return admitted === 'no' ? byDefault : admitted;
}

/** Whether the inbound proxy reads requests on the port of a Server. */
function readsRequests({ world, settings }: PathContext, { workload, port, ends }: Arrival, server: Located): boolean {
  if (!ends.http) return false;
  const protocol = text(server.root, 'spec', 'proxyProtocol') ?? 'unknown';
  if (protocol === 'opaque' || protocol === 'TLS') return false;
  return protocol !== 'unknown' || !opaquePorts(world, workload, settings.linkerd.opaquePorts).has(port);
}

function refusal(
  admitted: Exclude<Truth, 'yes'>,
  at: NodeId,
  by: string,
  { http }: Ends,
  server: Located | undefined,
): Refusal {
  if (admitted === 'unknown') return { result: 'unknown', at, by };
  const isGrpc = text(server?.root, 'spec', 'proxyProtocol') === 'gRPC';
  const signal = !http ? 'connection closed' : isGrpc ? 'gRPC PERMISSION_DENIED' : 'HTTP 403';
  return { result: 'deny', at, by, signal };
}

function serverVerdict(server: Located, at: NodeId, access: string, client: Client): PolicyVerdict {
  const node = fieldOf(server, 'accessPolicy');
  const reason = node
    ? `accessPolicy ${access}`
    : client.identity === null
      ? 'the client has no identity on this leg'
      : null;
  return verdict(server, 'enforced', at, 'as-written', reason, node ? [{ located: server, node }] : []);
}

function routeVerdict(route: Located, at: NodeId, reads: boolean, matches: Truth | undefined): PolicyVerdict {
  if (!reads) return verdict(route, 'no-effect', at, 'none', 'the proxy does not read requests on this port');
  if (matches === 'unknown') return verdict(route, 'unknown', at, 'none', 'whether it matches cannot be told');
  const reason = matches === 'no' ? 'it does not match this request' : null;
  return verdict(route, 'enforced', at, 'as-written', reason);
}

function verdictsOf({ policy, missing, authentications, remark, admits }: Authorization, at: NodeId): PolicyVerdict[] {
  if (missing !== undefined) return [verdict(policy, 'ignored', null, 'fail-closed', `${missing} not found`)];
  const open = remark?.includes('lets everyone in') === true;
  const state: Verdict = admits === 'unknown' ? 'unknown' : 'enforced';
  const reason = remark ?? (admits === 'unknown' ? 'whether it lets this client in, no file says' : null);
  return [
    verdict(policy, state, at, open ? 'fail-open' : 'as-written', reason),
    ...authentications.map((authentication) => verdict(authentication, 'enforced', at, 'as-written', null)),
  ];
}

function fieldOf(located: Located, name: string) {
  return at(located.root, 'spec', name);
}

/** An authentication that several policies require is one line of the answer. */
function dedupe(policies: readonly PolicyVerdict[]): PolicyVerdict[] {
  const seen = new Set<Located>();
  return policies.filter(({ policy }) => !seen.has(policy) && seen.add(policy));
}

function unique(located: readonly Located[]): Located[] {
  return [...new Set(located)];
}
