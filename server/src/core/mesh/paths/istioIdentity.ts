import type { Located } from '../../model/located.ts';
import type { Workload } from '../../model/workloads.ts';
import { text } from '../../yaml/access.ts';
import { meshConfigOf } from '../meshConfig.ts';
import { principalOf } from '../ztunnelCallers.ts';
import type { PathContext, Waypoint } from './context.ts';

/** SPIFFE identities: of workloads by their ServiceAccount, of gateways by the one that Istio makes for them. */

export function workloadIdentity(context: PathContext, { namespace, serviceAccount }: Workload): string {
  return spiffe(context, namespace, serviceAccount);
}

/** A waypoint runs as a ServiceAccount of its own name, unless an annotation names another. */
export function waypointIdentity(context: PathContext, { namespace, name, gateway }: Waypoint): string {
  return spiffe(context, namespace, accountOf(gateway) ?? name);
}

/** A gateway of a Kubernetes Gateway runs as `<name>-<class>`; one by injection as its workload. */
export function gatewayIdentity(context: PathContext, gateway: Located, workload: Workload | undefined): string {
  if (gateway.resource.kind !== 'Gateway' && workload) return workloadIdentity(context, workload);
  const className = text(gateway.root, 'spec', 'gatewayClassName') ?? 'istio';
  return spiffe(context, gateway.namespace, accountOf(gateway) ?? `${gateway.name}-${className}`);
}

function accountOf(gateway: Located | undefined): string | undefined {
  return text(gateway?.root, 'metadata', 'annotations', 'gateway.istio.io/service-account');
}

function spiffe({ world, settings }: PathContext, namespace: string, serviceAccount: string): string {
  const { trustDomain } = meshConfigOf(world, settings);
  return `spiffe://${principalOf({ trustDomain, namespace, serviceAccount })}`;
}
