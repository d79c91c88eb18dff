import type { KindKey, Located } from '../../model/located.ts';
import type { World } from '../../model/world.ts';
import { text } from '../../yaml/access.ts';
import { meshConfigOf } from '../meshConfig.ts';
import { attachedTo } from '../targets.ts';
import { bindingFor, type PathContext, type Waypoint, waypointFor } from './context.ts';
import type { PathDraft } from './draft.ts';
import type { Ends } from './ends.ts';
import type { Server } from './server.ts';
import type { NodeId } from './vocabulary.ts';

/** What policies point at, and at which proxy of the path that is. */

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
  return [...known.values()].flatMap((waypoint): Target[] => {
    const { namespace } = waypoint;
    const name = text(waypoint.gateway?.root, 'spec', 'gatewayClassName') ?? 'istio-waypoint';
    const common = { waypoint, addressed: true, missing: '' };
    const ofClass = { ...common, key: 'gateway.networking.k8s.io/GatewayClass', name } as const;
    const missing = 'policies for a GatewayClass hold in the root namespace alone';
    return [
      { ...common, key: 'gateway.networking.k8s.io/Gateway', namespace, name: waypoint.name },
      { ...ofClass, namespace: rootNamespace },
      ...(namespace === rootNamespace ? [] : [{ ...ofClass, namespace, waypoint: undefined, missing }]),
    ];
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

/** Why a policy for the waypoint of something is not evaluated, on or off the way through that waypoint. */
export function whyMissed(ends: Ends, isOnPath: boolean): string {
  return isOnPath ? 'the request is not addressed to what it targets' : whyBypassed(ends);
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
