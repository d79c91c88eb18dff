import type { KindKey, Located } from '../../model/located.ts';
import { LINKERD_POLICY } from '../../model/routes.ts';
import { AUTHORIZATION_POLICY, SERVER_AUTHORIZATION } from '../linkerdAuthorizations.ts';
import { SERVER } from '../linkerdServers.ts';
import type { PathContext } from '../paths/context.ts';
import { hopPath } from '../paths/hopPath.ts';
import type { NodeId, Outcome, PathRequest, PolicyVerdict, RequestTarget } from '../paths/vocabulary.ts';
import { addressedBy } from './addressed.ts';
import { type Addressed, targetsFor } from './addresses.ts';
import { callersFor } from './callers.ts';
import { httpFor } from './requests.ts';

/**
 * Where a policy is enforced: the requests that are to pass it are asked of the paths, from a client of each kind, to
 * Services and to pods. Nothing here decides about a policy.
 */
export interface Enforcement {
  /** What is enforced stands before what is not. Empty where the workspace has nothing that the policy is about. */
  readonly findings: readonly Finding[];
  readonly answers: readonly Answer[];
  /** What the findings rest on that files do not say. */
  readonly assume: readonly string[];
  /** The policy is about more than was looked at. */
  readonly partial: boolean;
}

/** Requests for which the same becomes of the policy. */
export interface Finding {
  /** Of the first of the requests. */
  readonly verdict: PolicyVerdict;
  /** Every proxy that has the verdict; of a kind each workload has its own. */
  readonly places: readonly NodeId[];
  readonly requests: readonly PathRequest[];
}

/** What becomes of a request altogether. */
export interface Answer {
  readonly request: PathRequest;
  readonly outcome: Outcome;
}

const POLICIES: ReadonlySet<KindKey> = new Set<KindKey>([
  'security.istio.io/AuthorizationPolicy',
  'security.istio.io/PeerAuthentication',
  'security.istio.io/RequestAuthentication',
  SERVER,
  AUTHORIZATION_POLICY,
  SERVER_AUTHORIZATION,
  `${LINKERD_POLICY}/HTTPLocalRateLimitPolicy`,
  `${LINKERD_POLICY}/MeshTLSAuthentication`,
  `${LINKERD_POLICY}/NetworkAuthentication`,
]);

/** Whether something enforces resources of this kind, one by one. */
export function isEnforceable(located: Located): boolean {
  return POLICIES.has(located.kindKey) && !located.partial;
}

/** Policies for whole meshes concern more workloads than anybody wants to read about. */
const MOST_ADDRESSED = 4;
const MOST_PORTS = 3;

export function enforcementOf(context: PathContext, policy: Located): Enforcement {
  // Several workloads may stand behind one Service.
  const asked = new Map<string, PathRequest>();
  const callers = callersFor(context, policy);
  let looked = 0;
  let partial = false;
  for (const addressed of addressedBy(context, policy)) {
    const requests = requestsTo(context, policy, addressed, callers(addressed)).map(
      (request) => [JSON.stringify(request), request] as const,
    );
    if (requests.every(([key]) => asked.has(key))) continue;
    partial = looked === MOST_ADDRESSED;
    if (partial) break;
    for (const [key, request] of requests) asked.set(key, request);
    looked++;
  }
  return { ...ask(context, policy, [...asked.values()]), partial };
}

function requestsTo(
  { world }: PathContext,
  policy: Located,
  addressed: Addressed,
  callers: readonly string[],
): PathRequest[] {
  const targets = targetsFor(world, addressed);
  const ports = targets.filter((target) => !('pod' in target)).slice(0, MOST_PORTS);
  const pod = targets.find((target) => 'pod' in target);
  return [...ports, ...(pod ? [pod] : [])].flatMap((to) =>
    callers.map((from): PathRequest => ({ from, to, http: httpFor(world, policy, to, 0) })),
  );
}

function ask(context: PathContext, policy: Located, requests: readonly PathRequest[]): Omit<Enforcement, 'partial'> {
  const findings = new Map<string, { verdict: PolicyVerdict; places: Set<NodeId>; requests: PathRequest[] }>();
  const assume = new Set<string>();
  const answers = requests.map((request): Answer => {
    const path = hopPath(context, request);
    const own = path.policies.filter((verdict) => verdict.policy === policy);
    for (const verdict of own) {
      const key = keyOf(verdict);
      const finding = findings.get(key) ?? { verdict, places: new Set(), requests: [] };
      findings.set(key, finding);
      if (verdict.at !== null) finding.places.add(verdict.at);
      finding.requests.push(request);
    }
    if (own.length > 0) for (const text of path.assume) assume.add(text);
    return { request, outcome: path.outcome };
  });
  const found = [...findings.values()].map((finding) => ({ ...finding, places: [...finding.places] }));
  return { findings: found.toSorted((a, b) => rankOf(a) - rankOf(b)), answers, assume: [...assume] };
}

/** The same verdict at the proxies of several workloads is one finding; waypoints and gateways are told apart. */
function keyOf({ verdict, effect, reason, at }: PolicyVerdict): string {
  return JSON.stringify([verdict, effect, reason, at !== null && /^(?:zt|sc|li):/.test(at) ? at.slice(0, 2) : at]);
}

const ORDER = ['enforced', 'degraded', 'unknown', 'no-effect', 'shadowed', 'ignored', 'bypassed', 'not-attached'];

function rankOf({ verdict }: Finding): number {
  const rank = ORDER.indexOf(verdict.verdict);
  return rank === -1 ? ORDER.length : rank;
}

/** What a request is addressed to, as people call it. */
export function targetName(to: RequestTarget): string {
  if ('service' in to) return `Service ${to.service}:${to.port}`;
  return 'pod' in to ? `pods of ${to.pod}` : `${to.host}:${to.port}`;
}
