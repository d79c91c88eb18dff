import type { Located } from '../../model/located.ts';
import type { Attributes } from '../authorization/attributes.ts';
import { decide } from '../authorization/decide.ts';
import type { Reader } from '../authorization/fields.ts';
import { isDryRun } from '../selection.ts';
import { actionOf } from '../ztunnelPolicy.ts';
import { type Attachment, attachmentsOf } from './attachments.ts';
import { hostOf } from './clientRules.ts';
import { type PathContext, planeOf } from './context.ts';
import type { PathDraft } from './draft.ts';
import { type Ends, endpointOf, workloadAt } from './ends.ts';
import { judgeExtensions } from './extensions.ts';
import { type Judgement, NO_JUDGEMENT, type Refusal, refOf } from './judgement.ts';
import { layeredAttachments } from './layeredPolicies.ts';
import { judgePeerAuthentication } from './peerAuthentication.ts';
import { judgeRequestAuthentications } from './requestAuthentication.ts';
import { serverOf } from './server.ts';
import { readsRequests } from './speech.ts';
import type { EnforcementPoint } from './vocabulary.ts';

/** What Istio's policies make of a request: who encrypts, who is let in, at which proxy of the path. */
export function judgeIstio(context: PathContext, ends: Ends, draft: PathDraft): Judgement {
  const workload = workloadAt(context.world, draft.here) ?? endpointOf(ends.destination);
  const server = workload && serverOf(draft, workload);
  // Probes of the kubelet have an address that ztunnel lets through, and go to the sidecar's agent otherwise.
  const probed = ends.source.kind === 'kubelet';
  if (workload && (probed || planeOf(context, workload) === 'linkerd')) return NO_JUDGEMENT;
  const attachments = [...layeredAttachments(context, ends, draft), ...attachmentsOf(context, ends, draft, server)];
  const peers = server ? judgePeerAuthentication(context, draft, server) : NO_JUDGEMENT;
  return {
    policies: [
      ...peers.policies,
      ...judgeRequestAuthentications(context, ends, draft, server),
      ...attachments.map((attachment) => attachment.verdict),
      ...judgeExtensions(context, ends, draft, server),
    ],
    refusals: [...peers.refusals, ...refusalsAt(context, ends, draft, attachments)],
    assume: peers.assume ?? [],
  };
}

/** What each proxy of the path decides, from all policies that it has. */
function refusalsAt(context: PathContext, ends: Ends, draft: PathDraft, attachments: readonly Attachment[]): Refusal[] {
  const steps = draft.points.flatMap((point) => {
    const here = attachments.filter(({ at, policy }) => at === point.node && isEnforced(policy));
    const before = here.filter(({ front }) => front);
    return [
      { point: before[0]?.front ?? point, policies: before.map(({ policy }) => policy) },
      { point, policies: here.flatMap(({ front, policy }) => (front ? [] : [policy])) },
    ];
  });
  return steps.flatMap(({ point, policies }): Refusal[] => {
    if (policies.length === 0) return [];
    const seen = { ...ends, http: draft.requestAt(point.node, ends.http) };
    const reader = readerAt(point, seen);
    const { result, by } = decide(policies, attributesAt(point, seen, reader), reader);
    if (result === 'allow') return [];
    if (by === undefined && isWaypointAllowed(context, draft, point)) return [];
    const source = by ? refOf(by) : 'no-ALLOW-matched';
    if (result === 'unknown') return [{ result, at: point.node, by: source }];
    return [{ result, at: point.node, by: source, signal: signalOf(reader) }];
  });
}

/** With the flag, ztunnel lets a waypoint in whatever the policies for the client say. */
function isWaypointAllowed({ settings }: PathContext, draft: PathDraft, point: EnforcementPoint): boolean {
  const leg = draft.legs.findLast(({ to }) => to === point.node);
  return (
    settings.istiod.autoAllowWaypointPolicy && point.node.startsWith('zt:') && (leg?.from.startsWith('wp:') ?? false)
  );
}

function isEnforced(policy: Located): boolean {
  return !isDryRun(policy) && actionOf(policy.root) !== 'AUDIT';
}

export function readerAt(point: EnforcementPoint, ends: Ends): Reader {
  if (point.node.startsWith('zt:')) return 'ztunnel';
  return point.layer === 'L7' && readsRequests(ends) ? 'envoy-http' : 'envoy-tcp';
}

function signalOf(reader: Reader): string {
  if (reader === 'ztunnel') return 'connection reset';
  return reader === 'envoy-http' ? 'HTTP 403' : 'connection closed';
}

function attributesAt({ node, sees }: EnforcementPoint, { http, destination }: Ends, reader: Reader): Attributes {
  const principal = sees.identity?.replace(/^spiffe:\/\//, '') ?? null;
  if (!http || reader !== 'envoy-http') return { principal, port: sees.port, http: undefined };
  const [path = '/'] = http.path.split('?');
  // By which name a gateway is called, the name of its backend does not say.
  const isGateway = node.startsWith('gw:');
  const headers = new Map(Object.entries(http.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    principal,
    port: sees.port,
    http: { method: http.method, path, host: http.host ?? (isGateway ? undefined : hostOf(destination)), headers },
  };
}
