import type { World } from '../../model/world.ts';
import { isCiliumGateway } from '../ciliumCluster.ts';
import type { CiliumPeer } from '../ciliumPeers.ts';
import type { CiliumRequest } from '../ciliumPolicies.ts';
import { type Ends, workloadAt } from './ends.ts';
import type { Leg, NodeId } from './vocabulary.ts';

/** A leg as Cilium's policies of one of its ends see it: what is encrypted on the wire is no HTTP for them. */
export function ciliumRequestOn(
  world: World,
  ends: Ends,
  leg: Pick<Leg, 'port' | 'encrypted'>,
  other: NodeId,
): CiliumRequest {
  const { http } = ends;
  return {
    peer: peerOf(world, ends, other),
    port: leg.port,
    http:
      http && !leg.encrypted
        ? { method: http.method, path: http.path, host: http.host, headers: http.headers ?? {} }
        : undefined,
  };
}

/** `other` is an app, a proxy in its pod, a gateway, or outside. */
function peerOf(world: World, { destination }: Ends, other: NodeId): CiliumPeer {
  const colon = other.indexOf(':');
  const [kind, name] = [other.slice(0, colon), other.slice(colon + 1)];
  const service = destination.kind === 'service' ? destination.service : undefined;
  if (kind === 'ext') {
    if (name === 'kubelet') return { workload: undefined, entity: 'host', namespace: '' };
    const host = name === 'outside' ? undefined : name;
    return { workload: undefined, entity: 'world', namespace: '', host };
  }
  const workload = workloadAt(world, `app:${name}`);
  const [namespace = '', gateway = ''] = name.split('/');
  const found = world.find('gateway.networking.k8s.io/Gateway', namespace, gateway);
  const isIngress = !workload && found !== undefined && isCiliumGateway(world, found);
  return { workload, entity: isIngress ? 'ingress' : undefined, namespace, service };
}
