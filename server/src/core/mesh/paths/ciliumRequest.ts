import type { CiliumPeer, CiliumRequest } from '../ciliumPolicies.ts';
import type { Ends } from './ends.ts';

/** A request as Cilium's policies of the server see it. */
export function ciliumRequestOf(ends: Ends, port: number): CiliumRequest {
  const { http } = ends;
  return {
    peer: clientOf(ends),
    port,
    http: http && { method: http.method, path: http.path, host: http.host },
  };
}

function clientOf({ source }: Ends): CiliumPeer {
  switch (source.kind) {
    case 'workload':
      return { workload: source.workload, entity: undefined, namespace: source.workload.namespace };
    case 'gateway':
      return { workload: source.workload, entity: undefined, namespace: source.gateway.namespace };
    case 'kubelet':
      return { workload: undefined, entity: 'host', namespace: '' };
    case 'outside':
      return { workload: undefined, entity: 'world', namespace: '' };
  }
}
