import type { Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import type { LinkerdValues } from '../settings.ts';
import type { Client } from './linkerdAuthorizations.ts';
import { isInCluster } from './linkerdNetworks.ts';
import { type Truth, truthOf } from './truth.ts';

/** Policies by name: what holds on a port without a Server, and what a Server's `accessPolicy` lets in besides. */

export const DEFAULT_INBOUND_POLICY = 'config.linkerd.io/default-inbound-policy';

/** The policy of a pod's ports that no Server covers. Linkerd reads it when the pod is made. */
export function defaultPolicyOf(world: World, pod: Workload, values: LinkerdValues): string {
  return (
    pod.annotations.get(DEFAULT_INBOUND_POLICY) ??
    world.namespaceAnnotations(pod.namespace)?.get(DEFAULT_INBOUND_POLICY) ??
    values.defaultInboundPolicy
  );
}

/** Whether a policy by name lets a client in; `audit` lets everyone in, and says so in the proxy's log. */
export function policyAdmits(policy: string, client: Client): Truth {
  const authenticated = truthOf(client.identity !== null);
  switch (policy) {
    case 'all-unauthenticated':
    case 'audit':
      return 'yes';
    case 'all-authenticated':
    case 'all-tls-unauthenticated':
      return authenticated;
    case 'cluster-unauthenticated':
      return isInCluster(client.origin);
    case 'cluster-authenticated':
      return authenticated === 'no' ? 'no' : isInCluster(client.origin);
    case 'deny':
      return 'no';
    default:
      return 'unknown';
  }
}
