import { serviceOfHost } from '../../model/hosts.ts';
import type { Service, ServicePort, Workload } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { arrive } from './arrival.ts';
import type { PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';
import { targetPortOf } from './ends.ts';

/** Mirrors of Services of other clusters, which the service mirror makes as `<service>-<cluster>`. */

const PROXY_PORT = 4143;

export interface Mirror {
  readonly service: Service;
  readonly cluster: string;
  /** Full name of the service in its own cluster. */
  readonly remoteName: string;
  /** As the annotation says it; unknown where the service mirror has not written it yet. */
  readonly gatewayIdentity: string | undefined;
  /** The remote workload, where the same workspace describes that cluster as well. */
  readonly endpoint: Workload | undefined;
  readonly port: number;
}

/** What a Service mirrors through a gateway; undefined for Services of the cluster itself. */
export function mirrorOf(world: World, service: Service, port: ServicePort): Mirror | undefined {
  const { annotations, labels } = service;
  const remoteName = annotations.get('mirror.linkerd.io/remote-svc-fq-name');
  if (!labels.has('mirror.linkerd.io/mirrored-service') && remoteName === undefined) return undefined;
  const cluster = labels.get('mirror.linkerd.io/cluster-name') ?? 'remote';
  const own = service.name.endsWith(`-${cluster}`) ? service.name.slice(0, -cluster.length - 1) : service.name;
  const host = remoteName ?? `${own}.${service.namespace}.svc.cluster.local`;
  const named = serviceOfHost(host, service.namespace);
  const remote = named && world.service(named.namespace, named.name);
  const endpoint = remote && remote !== service ? world.endpointsOf(remote)[0] : undefined;
  const remotePort = remote?.ports.find((candidate) => candidate.port === port.port) ?? port;
  return {
    service,
    cluster,
    remoteName: host,
    gatewayIdentity: annotations.get('mirror.linkerd.io/remote-gateway-identity'),
    endpoint,
    port: targetPortOf(remotePort, endpoint),
  };
}

/** Through the gateway of the other cluster: what runs there sees the gateway, not the client. */
export function leaveToMirror(context: PathContext, mirror: Mirror, identity: string, draft: PathDraft): void {
  const gateway = mirror.gatewayIdentity === undefined ? null : `dns:${mirror.gatewayIdentity}`;
  if (gateway === null) draft.assume.add('The identity of the multicluster gateway is in no file.');
  draft.go('mc:linkerd-multicluster/linkerd-gateway', 'linkerd-mc-gateway', {
    kind: 'linkerd-mtls',
    port: PROXY_PORT,
    identity,
    why: `The Service mirrors one of cluster ${mirror.cluster}, which is reached through the gateway there.`,
    because: [{ located: mirror.service.located, node: mirror.service.located.root }],
  });
  const sender = { speaks: new Set(['linkerd-mtls'] as const), identity: gateway, srcIp: 'previous-hop' as const };
  if (mirror.endpoint) {
    arrive(context, draft, mirror.endpoint, mirror.port, sender);
    return;
  }
  draft.go(`ext:${mirror.remoteName}`, 'external', {
    kind: 'linkerd-mtls',
    port: PROXY_PORT,
    identity: gateway,
    certainty: 'assumed',
    why: 'The workload runs in the other cluster, which the workspace does not describe.',
  });
}
