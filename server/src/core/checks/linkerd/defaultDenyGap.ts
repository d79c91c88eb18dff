import { skippedInboundPorts } from '../../mesh/linkerdPorts.ts';
import { podsOfServer, portOfServer, serversIn } from '../../mesh/linkerdServers.ts';
import type { Workload } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { worldIndex } from '../../model/worldIndex.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

const POLICY = 'config.linkerd.io/default-inbound-policy';

/** A Service whose pods refuse everyone, because nothing lets anyone in. */
export const defaultDenyGap = workspaceCheck({
  facts: {
    code: 'default-deny-gap',
    severity: 'warning',
    what: 'A Service sends to pods whose default policy is `deny`, and no Server covers the port.',
    why: 'Every connection to the port is refused, whoever the client is.',
    todo: 'Add a Server for the port and an AuthorizationPolicy for its clients, or another default policy for these pods.',
    source: 'linkerd/website: reference/authorization-policy, default policies',
  },
  kinds: ['/Service'],
  run(located, { world, settings, report }) {
    const service = world.service(located.namespace, located.name);
    if (service?.located !== located) return;
    // The Servers may stand elsewhere, unless the workspace shows that this namespace's do stand here.
    if (!settings.closedWorld && serversIn(world, located.namespace).length === 0) return;
    if (namespacePolicies(world, located.namespace).length > 0) return;
    for (const port of service.ports) {
      const shut = world.endpointsOf(service).find((pod) => isShut(world, pod, port.targetPort));
      if (!shut) continue;
      const where = at(port.node, 'port') ?? port.node;
      report(
        where,
        `The pods of \`${shut.name}\` refuse everyone on this port: their default policy is \`deny\`, and no Server covers \`${port.targetPort}\`.`,
      );
    }
  },
});

function isShut(world: World, pod: Workload, target: string | number): boolean {
  const policy = pod.annotations.get(POLICY) ?? world.namespaceAnnotations(pod.namespace)?.get(POLICY);
  if (policy !== 'deny') return false;
  const port = typeof target === 'number' ? target : pod.ports.find(({ name }) => name === target)?.port;
  if (port === undefined || skippedInboundPorts(world, pod).has(port)) return false;
  return !serversIn(world, pod.namespace).some(
    (server) => podsOfServer(world, server).includes(pod) && portOfServer(server, pod) === port,
  );
}

/** AuthorizationPolicies for a whole namespace also hold where there is no Server. */
const namespacePolicies = worldIndex(['policy.linkerd.io/AuthorizationPolicy'], (policy) => {
  const kind = at(policy.root, 'spec', 'targetRef', 'kind');
  return kind?.kind === 'scalar' && kind.text.toLowerCase() === 'namespace' ? [[policy.namespace, policy]] : [];
});
