import { CILIUM_POLICIES } from '../../mesh/ciliumPolicies.ts';
import { at, has, items } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { type CiliumEntry, entriesOfSpec, specsOf } from './specs.ts';

const PEERS = {
  ingress: ['fromEndpoints', 'fromCIDR', 'fromCIDRSet', 'fromEntities', 'fromNodes', 'fromGroups'],
  egress: ['toEndpoints', 'toCIDR', 'toCIDRSet', 'toEntities', 'toServices', 'toFQDNs', 'toNodes', 'toGroups'],
} as const;

/** More than one way of naming the other end in one entry. */
export const ciliumPeersCombined = workspaceCheck({
  facts: {
    code: 'cilium-peers-combined',
    severity: 'error',
    what: 'One entry of a Cilium rule names the other end of connections in two ways, or limits the ports of Services.',
    why: 'An entry names it by pods, networks, entities, Services or names, and by one of these; beside Services it takes no ports. Cilium refuses the whole policy, so none of its rules is enforced.',
    todo: 'Write an entry for each; and `toEndpoints` in the place of `toServices` where ports matter.',
    source: 'cilium/cilium@005aed24:pkg/policy/api/rule_validation.go',
  },
  kinds: CILIUM_POLICIES,
  run(located, { report }) {
    for (const entry of specsOf(located).flatMap(entriesOfSpec)) {
      const [first, second] = membersOf(entry);
      const where = second && at(entry.node, second)?.key;
      if (where)
        report(where, `\`${second}\` cannot stand beside \`${first}\` in one entry; write an entry of its own for it.`);
      const ports = at(entry.node, 'toPorts');
      if (ports?.key && has(entry.node, 'toServices') && items(ports).length > 0)
        report(
          ports.key,
          '`toPorts` cannot stand beside `toServices`; name the pods by `toEndpoints` to limit the ports.',
        );
    }
  },
});

/** The two ways to write networks count as one. */
function membersOf({ direction, node }: CiliumEntry): string[] {
  return PEERS[direction].filter(
    (member) => has(node, member) && !(member.endsWith('CIDR') && has(node, `${member}Set`)),
  );
}
