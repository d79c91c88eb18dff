import { limits, NETWORK_POLICY } from '../../mesh/networkPolicies.ts';
import { addresseeBinding } from '../../mesh/waypoints.ts';
import { at, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** What is outside of the cluster, behind a waypoint that clients can go around. */
export const egressWaypointBypassable = workspaceCheck({
  facts: {
    code: 'egress-waypoint-bypassable',
    severity: 'info',
    what: 'A ServiceEntry for something outside of the mesh has a waypoint, and nothing keeps clients from calling it directly.',
    why: 'ztunnel takes a connection to the waypoint when it is dialed by the address that Istio gives the host. A client that resolves the name elsewhere, and dials the real address, is let through without the waypoint and its policies.',
    todo: 'Limit egress by a NetworkPolicy or a firewall, so that only the waypoint reaches the outside.',
    source: 'istio.io: ambient/usage/egress-gateway; istio/ztunnel@1.30.3:src/proxy/outbound.rs',
  },
  kinds: ['networking.istio.io/ServiceEntry'],
  run(located, { world, settings, report }) {
    // That nothing limits egress can only be said of a workspace that is the whole cluster.
    if (!settings.closedWorld) return;
    if ((text(located.root, 'spec', 'location') ?? 'MESH_EXTERNAL') !== 'MESH_EXTERNAL') return;
    const binding = addresseeBinding(world, located);
    if (binding.state !== 'bound') return;
    // Somebody who limits egress knows of this.
    if (world.ofKind(NETWORK_POLICY).some((policy) => limits(policy, 'egress'))) return;
    const label = binding.because.find((site) => site.located === located)?.node;
    const where = label?.key ?? at(located.root, 'metadata', 'name');
    if (!where) return;
    report(
      where,
      `A client that dials the real address of this host skips waypoint \`${binding.waypoint.name}\` and its policies; only a NetworkPolicy or a firewall makes it the only way out.`,
    );
  },
});
