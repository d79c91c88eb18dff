import type { Located } from '../../model/located.ts';
import { worldIndex } from '../../model/worldIndex.ts';
import { at, items, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

const EGRESS = 'policy.linkerd.io/EgressNetwork';

/** Two EgressNetworks of a namespace for the same addresses. */
export const egressNetworksOverlap = workspaceCheck({
  facts: {
    code: 'egress-networks-overlap',
    severity: 'warning',
    what: 'Two EgressNetworks of a namespace are for exactly the same networks.',
    why: 'One address belongs to one EgressNetwork. Where two are equally specific, Linkerd takes the older one, and the routes of the other have no effect.',
    todo: 'Keep one of them, or make the networks of one narrower.',
    peers: ['LKD:network-overlap'],
    source: 'linkerd/linkerd2:policy-controller/k8s/status/src/index.rs',
  },
  kinds: [EGRESS],
  run(located, { world, report }) {
    for (const [key, network] of networksOf(located)) {
      const other = sharing(world, key).find(({ name }) => name !== located.name);
      const node = items(located.root, 'spec', 'networks').find((entry) => text(entry, 'cidr') === network);
      const where = at(node, 'cidr') ?? at(located.root, 'metadata', 'name');
      if (!other || !where) continue;
      const what = network === '' ? 'everything outside of the cluster' : `\`${network}\``;
      report(
        where,
        `EgressNetwork \`${other.name}\` is for ${what} as well; the routes of only one of the two have an effect there.`,
        {
          related: [
            {
              site: { located: other, node: at(other.root, 'metadata', 'name') ?? other.root },
              message: 'the other EgressNetwork',
            },
          ],
        },
      );
    }
  },
});

/** Index key and network of each entry; an empty network stands for the default, everything outside of the cluster. */
function networksOf(egress: Located): readonly (readonly [string, string])[] {
  const entries = items(egress.root, 'spec', 'networks');
  const written = entries.flatMap((entry) => text(entry, 'cidr') ?? []);
  const networks = entries.length === 0 ? [''] : written;
  return networks.map((network) => [`${egress.namespace} ${network}`, network]);
}

const sharing = worldIndex([EGRESS], (egress) => networksOf(egress).map(([key]) => [key, egress]));
