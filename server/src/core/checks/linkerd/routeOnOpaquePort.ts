import { isAmbientNamespace } from '../../mesh/enrolment.ts';
import { OPAQUE_PORTS, opaquePorts } from '../../mesh/linkerdPorts.ts';
import { podsOfServer, portOfServer, SERVER } from '../../mesh/linkerdServers.ts';
import type { Site } from '../../model/located.ts';
import { type RouteParent, routeFacts } from '../../model/routes.ts';
import type { World } from '../../model/world.ts';
import { at, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A route for requests on a port where Linkerd sees only bytes. */
export const routeOnOpaquePort = workspaceCheck({
  facts: {
    code: 'route-on-opaque-port',
    severity: 'error',
    what: 'An HTTPRoute or GRPCRoute is attached to a port that is opaque to Linkerd.',
    why: 'The proxies pass the bytes on and see no requests, so the route and the policies for it have no effect.',
    todo: 'Take the port out of `config.linkerd.io/opaque-ports`, or correct `proxyProtocol` of the Server; else remove the route.',
    source: 'linkerd/linkerd2:policy-controller/k8s/index; linkerd/website: features/protocol-detection',
  },
  kinds: ['gateway.networking.k8s.io/HTTPRoute', 'gateway.networking.k8s.io/GRPCRoute', 'policy.linkerd.io/HTTPRoute'],
  run(route, { world, report }) {
    for (const parent of routeFacts(route).parents) {
      const opaque =
        parent.key === SERVER
          ? opaqueServer(world, parent)
          : parent.key === '/Service'
            ? opaqueService(world, parent)
            : undefined;
      if (!opaque) continue;
      report(
        parent.nameNode,
        `${opaque.what}: Linkerd sees no requests there, so this ${route.resource.kind} has no effect.`,
        {
          related: opaque.site ? [{ site: opaque.site, message: 'what makes the port opaque' }] : [],
        },
      );
    }
  },
});

interface Opaque {
  readonly what: string;
  readonly site: Site | undefined;
}

function opaqueServer(world: World, parent: RouteParent): Opaque | undefined {
  const server = world.find(SERVER, parent.namespace, parent.name);
  if (!server) return undefined;
  const protocol = text(server.root, 'spec', 'proxyProtocol');
  const node = at(server.root, 'spec', 'proxyProtocol');
  if (node && (protocol === 'opaque' || protocol === 'TLS'))
    return { what: `Server \`${server.name}\` has \`proxyProtocol: ${protocol}\``, site: { located: server, node } };
  // A protocol that is written in the Server takes the place of detection and of the annotation.
  if (protocol !== undefined && protocol !== 'unknown') return undefined;
  for (const pod of podsOfServer(world, server)) {
    const port = portOfServer(server, pod);
    const list = opaquePorts(world, pod);
    if (port === undefined || !list.written || !list.has(port)) continue;
    const annotation = at(pod.metadata, 'annotations', OPAQUE_PORTS);
    return {
      what: `Port ${port} of the pods of \`${pod.name}\` is opaque`,
      site: annotation && { located: pod.located, node: annotation },
    };
  }
  return undefined;
}

/** Only what is written counts: the default list of ports says nothing where it is not known that Linkerd is there. */
function opaqueService(world: World, parent: RouteParent): Opaque | undefined {
  const service = world.service(parent.namespace, parent.name);
  if (!service || isAmbientNamespace(world, service.namespace)) return undefined;
  const list = opaquePorts(world, service);
  const ports = parent.port === undefined ? service.ports.map(({ port }) => port) : [parent.port];
  if (!list.written || ports.length === 0 || !ports.every((port) => list.has(port))) return undefined;
  const annotation = at(service.located.root, 'metadata', 'annotations', OPAQUE_PORTS);
  return {
    what: `Port ${ports.join(', ')} of Service \`${service.name}\` is opaque`,
    site: annotation && { located: service.located, node: annotation },
  };
}
