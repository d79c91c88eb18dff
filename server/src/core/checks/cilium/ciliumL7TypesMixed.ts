import { CILIUM_POLICIES } from '../../mesh/ciliumPolicies.ts';
import { at, has, items } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { entriesOfSpec, specsOf } from './specs.ts';

const TYPES = ['http', 'kafka', 'dns', 'l7proto'];

/** Rules about requests of more than one protocol, or of none. */
export const ciliumL7TypesMixed = workspaceCheck({
  facts: {
    code: 'cilium-l7-types-mixed',
    severity: 'error',
    what: 'The `rules` of a Cilium port are for two protocols, or have `l7` without the protocol that it is for.',
    why: 'The requests of a port are read by one parser. Cilium refuses the whole policy, so none of its rules is enforced.',
    todo: 'Write an item of `toPorts` for each protocol; name the parser of `l7` rules by `l7proto`.',
    source: 'cilium/cilium@005aed24:pkg/policy/api/rule_validation.go',
  },
  kinds: CILIUM_POLICIES,
  run(located, { report }) {
    const entries = specsOf(located).flatMap(entriesOfSpec);
    for (const rules of entries
      .flatMap(({ node }) => items(node, 'toPorts'))
      .flatMap((port) => at(port, 'rules') ?? [])) {
      const [first, second] = TYPES.filter((type) => has(rules, type));
      const where = second && at(rules, second)?.key;
      if (where)
        report(
          where,
          `\`${second}\` cannot stand beside \`${first}\`: a port has rules of one protocol. Write an item of \`toPorts\` for each.`,
        );
      const l7 = at(rules, 'l7')?.key;
      if (l7 && !has(rules, 'l7proto'))
        report(l7, '`l7` needs `l7proto`, the name of the parser that reads the requests.');
    }
  },
});
