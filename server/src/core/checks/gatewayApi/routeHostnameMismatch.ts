import { hostsOverlap } from '../../model/hosts.ts';
import type { Located } from '../../model/located.ts';
import { GATEWAY_API, type RouteParent, routeFacts } from '../../model/routes.ts';
import type { World } from '../../model/world.ts';
import { at, items, num, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A route none of whose hosts the Gateway listens for. */
export const routeHostnameMismatch = workspaceCheck({
  facts: {
    code: 'route-hostname-mismatch',
    severity: 'error',
    what: 'A route is for hosts that no listener of its Gateway is for.',
    why: 'The Gateway does not accept the route; requests for the hosts are answered with 404.',
    todo: 'Correct the hosts of the route, or widen `hostname` of the listener. `*.example.com` covers every host below, and not `example.com` itself.',
    source: 'Gateway API specification, NoMatchingListenerHostname',
  },
  kinds: [`${GATEWAY_API}/HTTPRoute`, `${GATEWAY_API}/GRPCRoute`, `${GATEWAY_API}/TLSRoute`],
  run(route, { world, report }) {
    const node = at(route.root, 'spec', 'hostnames');
    const written = items(route.root, 'spec', 'hostnames');
    const hosts = written.flatMap((item) => text(item)?.toLowerCase() ?? []);
    if (!node || hosts.length === 0 || hosts.length < written.length) return;
    for (const parent of routeFacts(route).parents) {
      const listened = listenerHosts(world, parent);
      if (!listened || listened.hosts.some((listener) => hosts.some((host) => hostsOverlap(listener, host)))) continue;
      const { gateway } = listened;
      report(
        node,
        `Gateway \`${gateway.namespace}/${gateway.name}\` listens for ${listened.hosts.map((host) => `\`${host}\``).join(', ')} and for none of these hosts, so it does not accept this route.`,
        {
          related: [
            {
              site: { located: gateway, node: at(gateway.root, 'spec', 'listeners') ?? gateway.root },
              message: 'its listeners',
            },
          ],
        },
      );
    }
  },
});

interface Listened {
  readonly gateway: Located;
  readonly hosts: readonly string[];
}

/** The hosts of the listeners that a route means; undefined where one takes all hosts, or too little is known. */
function listenerHosts(world: World, parent: RouteParent): Listened | undefined {
  if (parent.key !== `${GATEWAY_API}/Gateway`) return undefined;
  const [gateway, ...others] = world.findAll(parent.key, parent.namespace, parent.name);
  if (!gateway || others.length > 0) return undefined;
  const meant = items(gateway.root, 'spec', 'listeners').filter(
    (listener) =>
      (parent.sectionName === undefined || text(listener, 'name') === parent.sectionName) &&
      (parent.port === undefined || num(listener, 'port') === parent.port),
  );
  const hosts = meant.flatMap((listener) => text(listener, 'hostname')?.toLowerCase() ?? []);
  return hosts.length > 0 && hosts.length === meant.length ? { gateway, hosts } : undefined;
}
