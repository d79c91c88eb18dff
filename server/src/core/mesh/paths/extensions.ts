import type { KindKey, Located } from '../../model/located.ts';
import { meshConfigOf } from '../meshConfig.ts';
import { sidecarFor } from '../sidecarScopes.ts';
import { gatewayPoint, policiesForGateway } from './attachments.ts';
import { type PathContext, planeOf } from './context.ts';
import type { PathDraft } from './draft.ts';
import { type Ends, workloadAt } from './ends.ts';
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
import { isForAll, isSelectorKnown, policiesSelecting } from './selecting.ts';
import type { Server } from './server.ts';
import type { NodeId, PolicyVerdict } from './vocabulary.ts';

/** What else configures proxies, and which of those on the path reads it: extensions of Envoy, telemetry, and scopes. */

const TELEMETRY: KindKey = 'telemetry.istio.io/Telemetry';
const KINDS: readonly KindKey[] = [
  TELEMETRY,
  'extensions.istio.io/WasmPlugin',
  'extensions.istio.io/TrafficExtension',
  'networking.istio.io/EnvoyFilter',
];
const SIDECAR: KindKey = 'networking.istio.io/Sidecar';

export function judgeExtensions(
  context: PathContext,
  ends: Ends,
  draft: PathDraft,
  server: Server | undefined,
): PolicyVerdict[] {
  const kinds = KINDS.filter((kind) => context.world.ofKind(kind).length > 0);
  const targets = kinds.length === 0 ? [] : targetsOf(context, ends, draft, server);
  return [
    ...kinds.flatMap((kind) => [
      ...atPods(context, kind, draft),
      ...atGateway(context, kind, ends, draft),
      ...(kind === TELEMETRY ? atWaypoints(context, ends, draft) : []),
      ...targets.flatMap((target) => byReference(context, kind, ends, draft, target)),
    ]),
    ...scopesOf(context, ends, draft),
  ];
}

/** Sidecars read what selects their pod; ztunnel reads nothing of it. */
function atPods(context: PathContext, kind: KindKey, { nodes }: PathDraft): PolicyVerdict[] {
  return nodes.flatMap(({ id, kind: node }) => {
    const pod = node === 'sidecar' || node === 'ztunnel' ? workloadAt(context.world, `app:${id.slice(3)}`) : undefined;
    if (!pod) return [];
    return policiesSelecting(context, kind, pod).map((policy) => {
      if (node === 'ztunnel') return verdict(policy, 'ignored', null, 'none', `ztunnel reads no ${kindOf(kind)}`);
      return readVerdict(policy, id);
    });
  });
}

function readVerdict(policy: Located, at: NodeId): PolicyVerdict {
  return isSelectorKnown(policy)
    ? verdict(policy, 'enforced', at, 'as-written', null)
    : verdict(policy, 'unknown', at, 'none', 'whom it selects comes from a template');
}

function atGateway(context: PathContext, kind: KindKey, { source }: Ends, draft: PathDraft): PolicyVerdict[] {
  const point = gatewayPoint(draft);
  if (source.kind !== 'gateway' || !point) return [];
  return policiesForGateway(context, source, kind).map((policy) => readVerdict(policy, point.node));
}

/** Telemetry alone reaches waypoints without naming them: that of the mesh, of their namespace and of the Service's. */
function atWaypoints({ world, settings }: PathContext, { destination }: Ends, { nodes }: PathDraft): PolicyVerdict[] {
  const { rootNamespace } = meshConfigOf(world, settings);
  const addressed = destination.kind === 'service' ? [destination.service.namespace] : [];
  return nodes
    .filter(({ kind }) => kind === 'waypoint')
    .flatMap(({ id }) => {
      const [own = ''] = id.slice('wp:'.length).split('/');
      return [...new Set([own, ...addressed, rootNamespace])]
        .flatMap((namespace) => world.inNamespace(TELEMETRY, namespace))
        .filter(isForAll)
        .map((policy) => verdict(policy, 'enforced', id, 'as-written', null));
    });
}

function byReference(
  { world }: PathContext,
  kind: KindKey,
  ends: Ends,
  draft: PathDraft,
  target: Target,
): PolicyVerdict[] {
  const { waypoint, addressed, missing } = target;
  return policiesOn(world, target, kindOf(kind)).map((policy) => {
    if (!waypoint) return verdict(policy, 'not-attached', null, 'none', missing);
    if (isAgentgateway(waypoint)) return verdict(policy, 'ignored', null, 'none', NOT_FOR_AGENTGATEWAY);
    const at = idOf(waypoint);
    const isOnPath = draft.nodes.some(({ id }) => id === at);
    return addressed && isOnPath
      ? verdict(policy, 'enforced', at, 'as-written', null)
      : verdict(policy, 'bypassed', at, 'none', whyMissed(ends, isOnPath));
  });
}

/** Of the Sidecar resources for a client one holds; clients without a sidecar have no use for any. */
function scopesOf(context: PathContext, { source }: Ends, { nodes }: PathDraft): PolicyVerdict[] {
  if (source.kind !== 'workload') return [];
  const { world, settings } = context;
  const { workload } = source;
  const scopes = policiesSelecting(context, SIDECAR, workload);
  if (planeOf(context, workload) === 'ambient')
    return scopes.map((scope) => verdict(scope, 'ignored', null, 'none', 'ztunnel reads no Sidecar'));
  const client = nodes.find(({ kind }, index) => kind === 'sidecar' && index === 1);
  if (!client) return [];
  const held = sidecarFor(world, meshConfigOf(world, settings).rootNamespace, workload);
  return scopes.map((scope) => {
    if (!isSelectorKnown(scope)) return readVerdict(scope, client.id);
    return scope === held
      ? verdict(scope, 'enforced', client.id, 'as-written', 'what it does not import is unknown to the client')
      : verdict(scope, 'shadowed', null, 'none', 'another Sidecar holds for the client');
  });
}

function kindOf(key: KindKey): string {
  return key.slice(key.indexOf('/') + 1);
}
