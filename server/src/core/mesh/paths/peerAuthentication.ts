import type { Located } from '../../model/located.ts';
import { meshConfigOf } from '../meshConfig.ts';
import { modeOf, type ServerMtls, unreadPolicies } from '../mutualTls.ts';
import { mtlsOf, type PathContext, planeOf } from './context.ts';
import type { PathDraft } from './draft.ts';
import { type Judgement, type Refusal, verdict } from './judgement.ts';
import { type Server, verdictWithoutPoint } from './server.ts';
import type { EnforcementPoint, PolicyVerdict } from './vocabulary.ts';

/** PeerAuthentications act on the last leg: it is refused where mutual TLS is demanded and there is none. */
export function judgePeerAuthentication(context: PathContext, draft: PathDraft, server: Server): Judgement {
  const { workload, point } = server;
  const mtls = mtlsOf(context, workload, point?.sees.port ?? draft.lastLeg?.port);
  const unread = unreadVerdicts(context, server);
  if (!point) {
    const missed = mtls.because.map((policy) => verdictWithoutPoint(context, server, policy, 'fail-open'));
    return { policies: [...missed, ...unread], refusals: [] };
  }
  const leg = draft.legs.findLast(({ to }) => to === point.node);
  const refused = mtls.mode === 'STRICT' && leg !== undefined && !leg.mutualAuth;
  const ambient = planeOf(context, workload) === 'ambient';
  return {
    policies: [...mtls.because.map((policy) => verdictOn(policy, mtls, point, refused, ambient)), ...unread],
    refusals: refused ? [refusal(point, mtls, ambient)] : [],
    assume: mtls.certain
      ? []
      : ['Of several PeerAuthentications at one level the oldest holds; no file says which that is.'],
  };
}

/** A selector in the root namespace is not read: policies for pods stand beside the pods (A1). */
function unreadVerdicts({ world, settings }: PathContext, { workload }: Server): PolicyVerdict[] {
  const { rootNamespace } = meshConfigOf(world, settings);
  const reason = 'with a selector in the root namespace it is read by nobody';
  return unreadPolicies(world, rootNamespace, workload.labels).map((policy) =>
    verdict(policy, 'ignored', null, 'fail-open', reason),
  );
}

function verdictOn(
  policy: Located,
  { decidedBy, level }: ServerMtls,
  { node }: EnforcementPoint,
  refused: boolean,
  ambient: boolean,
): PolicyVerdict {
  // A policy may leave the mode to the wider ones, and these to the default.
  if (!decidedBy)
    return verdict(policy, 'no-effect', node, 'none', 'it says no mode for the port, and PERMISSIVE holds');
  if (policy !== decidedBy) return verdict(policy, 'shadowed', null, 'none', 'another PeerAuthentication decides');
  if (ambient && level !== 'port' && modeOf(policy) === 'DISABLE') {
    const reason = 'in ambient mode DISABLE is PERMISSIVE: inside the mesh everything stays encrypted';
    return verdict(policy, 'degraded', node, 'broader', reason);
  }
  const reason = refused ? 'plaintext is refused' : level === 'port' ? 'the port has a mode of its own' : null;
  return verdict(policy, 'enforced', node, 'as-written', reason);
}

function refusal({ node }: EnforcementPoint, { certain }: ServerMtls, ambient: boolean): Refusal {
  const by = 'PeerAuthentication:STRICT';
  if (!certain) return { result: 'unknown', at: node, by };
  return { result: 'deny', at: node, by, signal: ambient ? 'connection reset' : 'connection closed' };
}
