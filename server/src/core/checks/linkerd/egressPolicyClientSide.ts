import { limits, NETWORK_POLICY } from '../../mesh/networkPolicies.ts';
import { at, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

const EGRESS = 'policy.linkerd.io/EgressNetwork';

/** What an EgressNetwork can deny. */
export const egressPolicyClientSide = workspaceCheck({
  facts: {
    code: 'egress-policy-client-side',
    severity: 'info',
    what: 'An EgressNetwork is to keep clients from the outside.',
    why: 'It is enforced by the proxy of the client, which a pod can go around: pods without a proxy, ports that are skipped, and processes with the user id of the proxy are not held back.',
    todo: 'Where it must hold against the pods themselves, limit egress by a NetworkPolicy too.',
    source: 'linkerd/website: features/egress; tasks/restricting-egress-traffic',
  },
  kinds: [EGRESS],
  run(located, { world, settings, report }) {
    // That nothing else limits egress can only be said of a workspace that is the whole cluster.
    if (!settings.closedWorld) return;
    const node = at(located.root, 'spec', 'trafficPolicy');
    if (!node || text(node) !== 'Deny') return;
    if (world.inNamespace(NETWORK_POLICY, located.namespace).some((policy) => limits(policy, 'egress'))) return;
    report(
      node,
      'The proxies of the clients enforce this. A pod without a proxy, or whose proxy skips the port, still reaches the outside; only a NetworkPolicy holds for every pod.',
    );
  },
});
