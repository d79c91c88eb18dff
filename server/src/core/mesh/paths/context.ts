import type { Located } from '../../model/located.ts';
import type { Service, Workload } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import type { CoreSettings } from '../../settings.ts';
import { ciliumEvidence } from '../ciliumCluster.ts';
import { type DataPlane, type Enrolment, enrolmentOf } from '../enrolment.ts';
import { meshConfigOf } from '../meshConfig.ts';
import { type ServerMtls, serverMtls } from '../mutualTls.ts';
import { addresseeBinding, type WaypointBinding, workloadBinding } from '../waypoints.ts';

/** The data planes that a request can be asked about as if both of its ends were in them. */
export const HYPOTHESES = ['ambient', 'waypoint', 'sidecar', 'linkerd', 'cilium'] as const;

/** `waypoint` is ambient mode with a waypoint in front of what is addressed, whatever labels say. */
export type Hypothesis = (typeof HYPOTHESES)[number];

export type PathPlane = DataPlane | 'cilium';

/** All that an answer depends on besides the request. Nothing here changes while a path is made. */
export interface PathContext {
  readonly world: World;
  readonly settings: CoreSettings;
  readonly hypothesis: Hypothesis | undefined;
}

/** How a workload takes part, or would under the hypothesis. Gateways stay what they are. */
export function planeOf(context: PathContext, workload: Workload): PathPlane {
  const { dataPlane } = enrolmentIn(context, workload);
  if (dataPlane === 'gateway' || context.hypothesis === undefined)
    return dataPlane === 'none' ? floor(context) : dataPlane;
  return context.hypothesis === 'waypoint' ? 'ambient' : context.hypothesis;
}

/** Where no mesh takes a workload in, Cilium's own resources say that its network does the work. */
function floor({ world }: PathContext): PathPlane {
  return ciliumEvidence(world) ? 'cilium' : 'none';
}

/** What the labels say, without the hypothesis: for its reasons and its certainty. */
export function enrolmentIn(context: PathContext, workload: Workload): Enrolment {
  return enrolmentOf(context.world, workload);
}

/** A waypoint on the path: the Gateway, or one that the hypothesis puts there. */
export interface Waypoint {
  readonly namespace: string;
  readonly name: string;
  /** Undefined for the one that a hypothesis puts there. */
  readonly gateway: Located | undefined;
}

export type Addressee = { readonly service: Service } | { readonly entry: Located } | { readonly workload: Workload };

/** What a workload asks of its callers on a port, in the data plane that the question is about. */
export function mtlsOf(context: PathContext, workload: Workload, port: number | undefined): ServerMtls {
  const { world, settings } = context;
  const { rootNamespace } = meshConfigOf(world, settings);
  return serverMtls(world, rootNamespace, workload, port, planeOf(context, workload) === 'ambient');
}

/** What labels bind to an addressee; to be read together with `waypointFor`, which knows the hypothesis. */
export function bindingFor(context: PathContext, addressee: Addressee): WaypointBinding {
  if ('workload' in addressee) return workloadBinding(context.world, addressee.workload);
  return addresseeBinding(context.world, 'service' in addressee ? addressee.service.located : addressee.entry);
}

/** The waypoint that traffic addressed so goes through when the client uses waypoints at all. */
export function waypointFor(context: PathContext, addressee: Addressee): Waypoint | undefined {
  const binding = bindingFor(context, addressee);
  if (context.hypothesis === 'ambient') return undefined;
  if (binding.state === 'bound') {
    if (!context.settings.istiod.waypointsProgrammed) return undefined;
    return { namespace: binding.waypoint.namespace, name: binding.waypoint.name, gateway: binding.waypoint };
  }
  if (context.hypothesis !== 'waypoint' || 'workload' in addressee) return undefined;
  const { namespace } = 'service' in addressee ? addressee.service : addressee.entry;
  return { namespace, name: 'waypoint', gateway: undefined };
}
