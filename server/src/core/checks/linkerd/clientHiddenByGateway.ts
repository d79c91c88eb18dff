import { podsOfServer, serversIn } from '../../mesh/linkerdServers.ts';
import { serviceOfHost } from '../../model/hosts.ts';
import type { Located } from '../../model/located.ts';
import { type Service, serviceOf } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { at, items, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

const EXPORTED = 'mirror.linkerd.io/exported';
const REMOTE = 'mirror.linkerd.io/remote-svc-fq-name';

/** Policies for what other clusters call through a gateway. */
export const clientHiddenByGateway = workspaceCheck({
  facts: {
    code: 'client-hidden-by-gateway',
    severity: 'info',
    what: 'A Service is called from other clusters through a gateway, and a Server covers its pods.',
    why: 'The gateway ends the mTLS of the client and begins its own: the pods see the identity of the gateway and not that of the client, so a policy cannot tell the clients of other clusters apart.',
    todo: 'Let the policy admit the identity of the gateway, and decide in the cluster of the clients who may call; or link the clusters without a gateway.',
    source: 'linkerd/website: features/multicluster; linkerd/linkerd2@edge-26.8.3:multicluster/service-mirror',
  },
  kinds: ['/Service'],
  run(located, { world, report }) {
    const service = serviceOf(located);
    if (!service) return;
    const annotation = at(located.root, 'metadata', 'annotations', REMOTE);
    const label = at(located.root, 'metadata', 'labels', EXPORTED);
    // Flat networks (`remote-discovery`) need no gateway.
    const exported = service.labels.get(EXPORTED) === 'true' ? label : undefined;
    const where = annotation ?? exported;
    const target = annotation ? remoteOf(world, service) : service;
    const server = target && serverOf(world, target);
    if (!where?.key || !server || admitsGateway(world, server.namespace)) return;
    report(
      where.key,
      `Clients of other clusters come through the gateway: Server \`${server.name}\` sees its identity, not theirs.`,
      {
        related: [
          {
            site: { located: server, node: at(server.root, 'metadata', 'name') ?? server.root },
            message: 'The Server',
          },
        ],
      },
    );
  },
});

const GATEWAY = 'linkerd-gateway';

/** Who names the gateway among the clients knows what comes from there. */
function admitsGateway(world: World, namespace: string): boolean {
  return world
    .inNamespace('policy.linkerd.io/MeshTLSAuthentication', namespace)
    .some(
      ({ root }) =>
        items(root, 'spec', 'identities').some((identity) => text(identity)?.startsWith(`${GATEWAY}.`)) ||
        items(root, 'spec', 'identityRefs').some((reference) => text(reference, 'name') === GATEWAY),
    );
}

function remoteOf(world: World, service: Service): Service | undefined {
  const named = serviceOfHost(service.annotations.get(REMOTE) ?? '', service.namespace);
  return named && world.service(named.namespace, named.name);
}

function serverOf(world: World, service: Service): Located | undefined {
  const pods = world.endpointsOf(service);
  return serversIn(world, service.namespace).find((server) =>
    podsOfServer(world, server).some((pod) => pods.includes(pod)),
  );
}
