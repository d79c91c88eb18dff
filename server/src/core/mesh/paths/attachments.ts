import { labelsOf, matchesLabels } from '../../model/labels.ts';
import type { KindKey, Located } from '../../model/located.ts';
import type { Workload } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { entriesOf, text } from '../../yaml/access.ts';
import { meshConfigOf } from '../meshConfig.ts';
import { authorizationsOf, selectorOf } from '../selection.ts';
import { attachedTo } from '../targets.ts';
import { actionOf, hasTargetRefs } from '../ztunnelPolicy.ts';
import { authorizationVerdict } from './authorizationVerdicts.ts';
import { bindingFor, type PathContext, planeOf, type Waypoint, waypointFor } from './context.ts';
import type { PathDraft } from './draft.ts';
import type { Ends } from './ends.ts';
import { verdict } from './judgement.ts';
import { policiesSelecting } from './selecting.ts';
import type { Server } from './server.ts';
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
    ...(server ? bySelector(context, ends, draft, server) : []),
    ...atGateway(context, ends, draft),
    ...targetsOf(context, ends, draft, server).flatMap((target) => byReference(context, ends, draft, server, target)),
  ];
}

/** Policies for the gateway that the request comes from: by reference, by its labels, and for all of its namespace. */
function atGateway(context: PathContext, ends: Ends, draft: PathDraft): Attachment[] {
  const point = gatewayPoint(draft);
  if (ends.source.kind !== 'gateway' || !point) return [];
  return policiesForGateway(context, ends.source, AUTHORIZATION).map((policy) => ({
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
function bySelector(context: PathContext, ends: Ends, draft: PathDraft, { workload, point }: Server): Attachment[] {
  const { rootNamespace } = meshConfigOf(context.world, context.settings);
  const behind = draft.legs.some(({ from, to }) => to === point?.node && from.startsWith('wp:'));
  const selecting = authorizationsOf(context.world, rootNamespace, workload.located);
  const policies = [...selecting, ...possiblySelecting(context.world, rootNamespace, workload)];
  return policies.map((policy) => {
    if (point) return { policy, at: point.node, verdict: authorizationVerdict(context, policy, point, ends, behind) };
    const meshed = ['ambient', 'sidecar'].includes(planeOf(context, workload));
    const where = `${workload.namespace}/${workload.name}`;
    const missed = meshed
      ? verdict(policy, 'bypassed', `zt:${where}`, effectOf(policy), 'what comes in goes past the proxy')
      : verdict(policy, 'not-attached', null, effectOf(policy), `no proxy in front of ${where}`);
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

/** Something that policies can point at, and the waypoint that would enforce them. */
export interface Target {
  readonly key: KindKey;
  readonly namespace: string;
  readonly name: string;
  readonly waypoint: Waypoint | undefined;
  /** Whether the request is addressed to it: policies of a Service do not hold for others, nor for addresses of pods. */
  readonly addressed: boolean;
  /** Why no waypoint stands before it. */
  readonly missing: string;
}

/** What the request is addressed to, what stands behind that, and the waypoints of it all. */
export function targetsOf(
  context: PathContext,
  { destination }: Ends,
  draft: PathDraft,
  server: Server | undefined,
): Target[] {
  const { world } = context;
  const services = server ? world.servicesOf(server.workload) : [];
  const addressed = destination.kind === 'service' ? destination.service : undefined;
  const own = addressed && !services.includes(addressed) ? [addressed, ...services] : services;
  const targets: Target[] = own.map((service) => ({
    key: '/Service',
    namespace: service.namespace,
    name: service.name,
    waypoint: waypointFor(context, { service }),
    addressed: service === addressed && !service.headless,
    missing: whyUnbound(context, { service }, `Service ${service.namespace}/${service.name}`),
  }));
  if (destination.kind === 'entry') {
    const { entry } = destination;
    targets.push({
      key: 'networking.istio.io/ServiceEntry',
      namespace: entry.namespace,
      name: entry.name,
      waypoint: waypointFor(context, { entry }),
      addressed: true,
      missing: whyUnbound(context, { entry }, `ServiceEntry ${entry.namespace}/${entry.name}`),
    });
  }
  const behind = server && waypointFor(context, { workload: server.workload });
  return [...targets, ...gatewayTargets(context, draft, [...targets.map(({ waypoint }) => waypoint), behind])];
}

/** Waypoints themselves, by their Gateway and by its class; those of the class are in the root namespace. */
function gatewayTargets(
  { world, settings }: PathContext,
  draft: PathDraft,
  waypoints: readonly (Waypoint | undefined)[],
): Target[] {
  const { rootNamespace } = meshConfigOf(world, settings);
  const onPath = draft.nodes.filter(({ kind }) => kind === 'waypoint').map(({ id }) => id);
  const known = new Map(waypoints.flatMap((waypoint) => (waypoint ? [[idOf(waypoint), waypoint] as const] : [])));
  for (const id of onPath) {
    const [namespace = '', name = ''] = id.slice('wp:'.length).split('/');
    const gateway = world.find('gateway.networking.k8s.io/Gateway', namespace, name);
    if (!known.has(id)) known.set(id, { namespace, name, gateway });
  }
  return [...known.values()].flatMap((waypoint) => {
    const className = text(waypoint.gateway?.root, 'spec', 'gatewayClassName') ?? 'istio-waypoint';
    const common = { waypoint, addressed: true, missing: '' };
    return [
      { ...common, key: 'gateway.networking.k8s.io/Gateway', namespace: waypoint.namespace, name: waypoint.name },
      { ...common, key: 'gateway.networking.k8s.io/GatewayClass', namespace: rootNamespace, name: className },
    ] as const;
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
    const reason = point ? 'the request is not addressed to what it targets' : whyBypassed(ends);
    return { policy, at: undefined, verdict: verdict(policy, 'bypassed', id, effectOf(policy), reason) };
  });
}

/** The policies of a kind that point at something. */
export function policiesOn(
  world: World,
  { key, namespace, name }: Pick<Target, 'key' | 'namespace' | 'name'>,
  kind: string,
): Located[] {
  const policies = attachedTo(world, key, namespace, name).map(({ located }) => located);
  return [...new Set(policies)].filter(({ resource }) => resource.kind === kind);
}

export const NOT_FOR_AGENTGATEWAY = "a waypoint of class istio-agentgateway reads no policies of Istio's own";

/** Another proxy, which reads nothing of Istio's own kinds (W6). */
export function isAgentgateway({ gateway }: Waypoint): boolean {
  return text(gateway?.root, 'spec', 'gatewayClassName')?.startsWith('istio-agentgateway') === true;
}

export function idOf({ namespace, name }: Waypoint): NodeId {
  return `wp:${namespace}/${name}`;
}

/** What it means that a policy is not evaluated: only one that merely logs is no loss. */
function effectOf(policy: Located): Effect {
  return actionOf(policy.root) === 'AUDIT' ? 'none' : 'fail-open';
}

function whyUnbound(context: PathContext, addressee: Parameters<typeof bindingFor>[1], what: string): string {
  const binding = bindingFor(context, addressee);
  switch (binding.state) {
    case 'missing':
      return `waypoint ${binding.namespace}/${binding.name} does not exist`;
    case 'opted-out':
      return `${what} has no waypoint (opted out)`;
    case 'denied':
      return `its waypoint does not admit the namespace of ${what}`;
    case 'wrong-traffic':
      return `its waypoint does not take traffic for ${what}`;
    default:
      return `${what} has no waypoint`;
  }
}

/** Why a request does not come through the waypoint of what it is addressed to. */
export function whyBypassed({ source, destination }: Ends): string {
  if (source.kind === 'gateway') return 'gateways go past the waypoint: istio.io/ingress-use-waypoint is not true';
  if (source.kind === 'outside') return 'the client is not in the mesh, so that no ztunnel sends it to the waypoint';
  if (destination.kind === 'pod') return 'the request is addressed to the pod, not to a Service with the waypoint';
  if (destination.kind === 'service' && destination.service.headless)
    return 'a headless Service is addressed by its pods, which have no such waypoint';
  return 'the client does not use the waypoint: only ztunnel sends requests there';
}
