import { isCiliumGateway } from '../ciliumCluster.ts';
import { isEastWest } from '../networks.ts';
import { leaveAmbient } from './ambient.ts';
import { travelCilium } from './cilium.ts';
import { judgeCilium } from './ciliumPolicies.ts';
import { type PathContext, type PathPlane, planeOf } from './context.ts';
import { PathDraft } from './draft.ts';
import { leaveEastWest } from './eastWest.ts';
import { type Ends, endpointOf, endsOf, nameOf, type Source } from './ends.ts';
import { enter } from './entry.ts';
import { leaveGateway } from './gateway.ts';
import { judgeIstio } from './istioPolicies.ts';
import type { Judgement } from './judgement.ts';
import { leaveLinkerd } from './linkerd.ts';
import { judgeLinkerd } from './linkerdPolicies.ts';
import { withDoubts } from './malformed.ts';
import { judgeNetworkPolicies } from './networkPolicies.ts';
import { leavePlain } from './plain.ts';
import { relay } from './relay.ts';
import { leaveSidecar } from './sidecar.ts';
import { judgeTraffic } from './trafficRules.ts';
import type { HopPath, Outcome, PathRequest } from './vocabulary.ts';

/**
 * The path of a request and what becomes of it. Never throws: a request that names nothing in the workspace, and a
 * resource that cannot be read, give the outcome `unknown` with a note that says why.
 *
 * Rules: Istio 1.30 (pilot, ztunnel), Linkerd 2.20, Cilium 1.20, with the defaults that the settings state.
 */
export function hopPath(context: PathContext, request: PathRequest): HopPath {
  const asked = endsOf(context.world, request);
  if ('problem' in asked) {
    return {
      request,
      nodes: [],
      legs: [],
      points: [],
      policies: [],
      routes: [],
      outcome: { result: 'unknown' },
      assume: [],
      note: asked.problem,
    };
  }
  const draft = startOf(asked.source);
  const sent = enter(context, asked, draft);
  const betweenNetworks = sent.source.kind === 'gateway' && isEastWest(sent.source.gateway);
  const leave = betweenNetworks ? leaveEastWest : LEAVE[planeOfSource(context, sent)];
  leave(context, sent, draft);
  relay(context, sent, draft);
  const ends = sent.entered && draft.backend ? { ...sent, destination: draft.backend } : sent;
  const network = judgeNetworkPolicies(context, ends, draft);
  const judgements = [
    network,
    judgeIstio(context, ends, draft),
    judgeTraffic(context, ends, draft),
    judgeLinkerd(context, ends, draft),
    judgeCilium(context, ends, draft),
  ];
  // What the network holds back never arrives, so the path ends there.
  const blocked = outcomeOf(draft, [network]);
  if (blocked.result === 'deny' && blocked.at !== undefined) draft.endAt(blocked.at);
  return withDoubts(context, ends, {
    request,
    nodes: draft.nodes,
    legs: draft.legs,
    points: draft.points,
    policies: judgements.flatMap(({ policies }) => policies),
    routes: draft.routes,
    outcome: outcomeOf(draft, judgements),
    assume: [...new Set([...draft.assume, ...judgements.flatMap(({ assume }) => assume ?? [])])],
    ...(draft.note === undefined ? {} : { note: draft.note }),
  });
}

function startOf(source: Source): PathDraft {
  switch (source.kind) {
    case 'workload':
      return new PathDraft(`app:${nameOf(source.workload)}`, 'app');
    case 'gateway':
      return isEastWest(source.gateway)
        ? new PathDraft(`ew:${nameOf(source.gateway)}`, 'gateway-eastwest')
        : new PathDraft(`gw:${nameOf(source.gateway)}`, 'gateway');
    case 'outside':
    case 'kubelet':
      return new PathDraft(`ext:${source.kind}`, 'external');
  }
}

/** The data plane of the client decides how the request leaves; each asks that of the server how it arrives. */
const LEAVE: Readonly<Record<PathPlane, (context: PathContext, ends: Ends, draft: PathDraft) => void>> = {
  ambient: leaveAmbient,
  sidecar: leaveSidecar,
  gateway: leaveGateway,
  linkerd: leaveLinkerd,
  cilium: travelCilium,
  none: leavePlain,
};

function planeOfSource(context: PathContext, { source, destination }: Ends): PathPlane {
  if (source.kind === 'gateway') return isCiliumGateway(context.world, source.gateway) ? 'cilium' : 'gateway';
  if (source.kind === 'workload') return planeOf(context, source.workload);
  const server = endpointOf(destination);
  return server && planeOf(context, server) === 'cilium' ? 'cilium' : 'none';
}

/** What refuses first on the way ends the request. */
function outcomeOf(draft: PathDraft, judgements: readonly Judgement[]): Outcome {
  const refusals = [...draft.refusals, ...judgements.flatMap((judgement) => judgement.refusals)];
  const order = new Map(draft.nodes.map(({ id }, index) => [id, index]));
  const [first] = refusals.toSorted((a, b) => (order.get(a.at) ?? 0) - (order.get(b.at) ?? 0));
  return first ?? { result: 'allow' };
}
