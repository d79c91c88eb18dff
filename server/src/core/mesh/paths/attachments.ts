import { labelsOf, matchesLabels } from '../../model/labels.ts';
import type { KindKey, Located } from '../../model/located.ts';
import type { Workload } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { entriesOf } from '../../yaml/access.ts';
import { meshConfigOf } from '../meshConfig.ts';
import { authorizationsOf, selectorOf } from '../selection.ts';
import { actionOf, hasTargetRefs } from '../ztunnelPolicy.ts';
import { authorizationVerdict } from './authorizationVerdicts.ts';
import { type PathContext, planeOf } from './context.ts';
import type { PathDraft } from './draft.ts';
import type { Ends } from './ends.ts';
import { verdict } from './judgement.ts';
import {
  idOf,
  isAgentgateway,
  NOT_FOR_AGENTGATEWAY,
  policiesOn,
  type Target,
  targetsOf,
  whyMissed,
} from './policyTargets.ts';
import { policiesSelecting } from './selecting.ts';
import { type Server, verdictWithoutPoint } from './server.ts';
import type { Effect, EnforcementPoint, NodeId, PolicyVerdict } from './vocabulary.ts';

/** Which AuthorizationPolicies concern a request, and at which proxy of the path each is evaluated. */

export interface Attachment {
  readonly policy: Located;
  /** The proxy of the path that evaluates it; undefined where none does. */
  readonly at: NodeId | undefined;
  /** What the proxy sees where the policy decides about the connection, before those about requests are asked. */
  readonly front?: EnforcementPoint;
  readonly verdict: PolicyVerdict;
}

export const AUTHORIZATION = 'security.istio.io/AuthorizationPolicy';

export function attachmentsOf(
  context: PathContext,
  ends: Ends,
  draft: PathDraft,
  server: Server | undefined,
): Attachment[] {
  return [
    ...(server ? bySelector(context, seenBy(server, ends, draft), draft, server) : []),
    ...atGateway(context, ends, draft),
    ...targetsOf(context, ends, draft, server).flatMap((target) => byReference(context, ends, draft, server, target)),
  ];
}

/** What the proxy before the workload sees of the request: others on the way may have changed it. */
function seenBy({ point }: Server, ends: Ends, draft: PathDraft): Ends {
  return point ? { ...ends, http: draft.requestAt(point.node, ends.http) } : ends;
}

/** Policies for the gateway that the request comes from or by: by reference, by its labels, and for all of its namespace. */
function atGateway(context: PathContext, ends: Ends, draft: PathDraft): Attachment[] {
  const point = gatewayPoint(draft);
  const gateway = draft.gateway ?? ends.source;
  if (gateway.kind !== 'gateway' || !point) return [];
  return policiesForGateway(context, gateway, AUTHORIZATION).map((policy) => ({
    policy,
    at: point.node,
    verdict: authorizationVerdict(context, policy, point, ends, false),
  }));
}

/** Where the gateway decides that the request comes from. */
export function gatewayPoint({ points }: PathDraft): EnforcementPoint | undefined {
  return points.find(({ node }) => /^(?:gw|ew):/.test(node));
}

/** The policies of a kind that a gateway reads. */
export function policiesForGateway(
  context: PathContext,
  { gateway, workload }: Extract<Ends['source'], { kind: 'gateway' }>,
  kind: KindKey,
): Located[] {
  const { namespace, name } = gateway;
  const labels = new Map([...(workload?.labels ?? []), ['gateway.networking.k8s.io/gateway-name', name]]);
  const target = { key: 'gateway.networking.k8s.io/Gateway', namespace, name } as const;
  return [
    ...policiesSelecting(context, kind, { namespace, labels }),
    ...policiesOn(context.world, target, kind.slice(kind.indexOf('/') + 1)),
  ];
}

/** Policies without targets: for pods, by their labels, their namespace or the whole mesh. Waypoints never read them. */
function bySelector(context: PathContext, ends: Ends, draft: PathDraft, server: Server): Attachment[] {
  const { workload, point } = server;
  const { rootNamespace } = meshConfigOf(context.world, context.settings);
  const behind = draft.legs.some(({ from, to }) => to === point?.node && from.startsWith('wp:'));
  const selecting = authorizationsOf(context.world, rootNamespace, workload.located);
  const policies = [...selecting, ...possiblySelecting(context.world, rootNamespace, workload)];
  return policies.map((policy) => {
    if (point) return { policy, at: point.node, verdict: authorizationVerdict(context, policy, point, ends, behind) };
    const missed = verdictWithoutPoint(context, server, policy, effectOf(policy));
    return { policy, at: undefined, verdict: missed };
  });
}

/** Policies with a selector of which a template hides some label; the others fit. */
function possiblySelecting(world: World, rootNamespace: string, { namespace, labels }: Workload): Located[] {
  return [...new Set([namespace, rootNamespace])]
    .flatMap((place) => world.inNamespace(AUTHORIZATION, place))
    .filter((policy) => {
      const selector = selectorOf(policy);
      const known = labelsOf(selector);
      return !hasTargetRefs(policy.root) && known.size < entriesOf(selector).length && matchesLabels(known, labels);
    });
}

function byReference(
  context: PathContext,
  ends: Ends,
  draft: PathDraft,
  server: Server | undefined,
  target: Target,
): Attachment[] {
  return policiesOn(context.world, target, 'AuthorizationPolicy').map((policy) => {
    const { waypoint } = target;
    const sidecars = server !== undefined && planeOf(context, server.workload) === 'sidecar';
    if (!waypoint) {
      const reason = sidecars ? 'targetRefs are ignored by sidecars' : target.missing;
      return { policy, at: undefined, verdict: verdict(policy, 'not-attached', null, effectOf(policy), reason) };
    }
    const id = idOf(waypoint);
    const point = draft.points.find(({ node }) => node === id);
    if (isAgentgateway(waypoint)) {
      const ignored = verdict(policy, 'ignored', null, effectOf(policy), NOT_FOR_AGENTGATEWAY);
      return { policy, at: undefined, verdict: ignored };
    }
    if (point && target.addressed)
      return { policy, at: id, verdict: authorizationVerdict(context, policy, point, ends, false) };
    const reason = whyMissed(ends, point !== undefined);
    return { policy, at: undefined, verdict: verdict(policy, 'bypassed', id, effectOf(policy), reason) };
  });
}

/** What it means that a policy is not evaluated: only one that merely logs is no loss. */
function effectOf(policy: Located): Effect {
  return actionOf(policy.root) === 'AUDIT' ? 'none' : 'fail-open';
}
