import { CILIUM_POLICIES } from '../../mesh/ciliumPolicies.ts';
import { containsNetwork, parseNetwork } from '../../schema/addresses.ts';
import { at, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { entriesOfSpec, specsOf } from './specs.ts';

/** Networks of Cilium's rules. */
export const ciliumCidrInvalid = workspaceCheck({
  facts: {
    code: 'cilium-cidr-invalid',
    severity: 'error',
    what: 'A rule of Cilium has a network that is none, or an exception that is not part of its network.',
    why: 'Cilium refuses the whole policy, so none of its rules is enforced.',
    todo: 'Write networks as `10.0.0.0/8`, and exceptions as parts of the network that they are excepted from.',
    source: 'cilium/cilium@005aed24:pkg/policy/api/rule_validation.go',
  },
  kinds: CILIUM_POLICIES,
  run(located, scope) {
    for (const { direction, node } of specsOf(located).flatMap(entriesOfSpec)) {
      const field = direction === 'ingress' ? 'fromCIDR' : 'toCIDR';
      for (const network of items(node, field)) judge(network, scope);
      for (const entry of items(node, `${field}Set`)) judgeEntry(entry, scope);
    }
  },
});

function judge(node: YamlNode | undefined, { report }: Scope) {
  const written = text(node);
  const network = written === undefined ? undefined : parseNetwork(written);
  if (node && written !== undefined && !network)
    report(
      node,
      `\`${written}\` is not a network; write an address and the length of its prefix, such as \`10.0.0.0/8\`.`,
    );
  return network;
}

/** In a set, Cilium does not take a single address for a network of one. */
function judgeInSet(node: YamlNode | undefined, scope: Scope) {
  const network = judge(node, scope);
  const written = text(node);
  if (node && network && written !== undefined && !written.includes('/'))
    scope.report(
      node,
      `\`${written}\` has no prefix length, which Cilium asks for here: write \`${written}/${network.prefix}\`.`,
    );
  return network;
}

function judgeEntry(entry: YamlNode, scope: Scope): void {
  const outer = judgeInSet(at(entry, 'cidr'), scope);
  for (const except of items(entry, 'except')) {
    const inner = judgeInSet(except, scope);
    if (outer && inner && !containsNetwork(outer, inner))
      scope.report(
        except,
        `\`${text(except)}\` is no part of \`${text(entry, 'cidr')}\`, so it cannot be excepted from it.`,
      );
  }
}
