import { CILIUM_POLICIES } from '../../mesh/ciliumPolicies.ts';
import { at, items, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { entriesOfSpec, specsOf } from './specs.ts';

const FAMILIES = ['IPv4', 'IPv6'];
const MOST_FIELDS = 40;

/** What Cilium's rules say of ICMP. */
export const ciliumIcmpInvalid = workspaceCheck({
  facts: {
    code: 'cilium-icmp-invalid',
    severity: 'error',
    what: 'An entry of a Cilium rule has `icmps` beside `toPorts`, an unknown family of addresses, or more than 40 types of messages.',
    why: 'ICMP has no ports. Cilium refuses the whole policy, so none of its rules is enforced.',
    todo: 'Write an entry of its own for `icmps`; `family` is `IPv4` or `IPv6`.',
    source: 'cilium/cilium@005aed24:pkg/policy/api/rule_validation.go',
  },
  kinds: CILIUM_POLICIES,
  run(located, { report }) {
    for (const { node } of specsOf(located).flatMap(entriesOfSpec)) {
      const icmps = at(node, 'icmps');
      if (icmps?.key && items(icmps).length > 0 && items(node, 'toPorts').length > 0)
        report(icmps.key, '`icmps` cannot stand beside `toPorts` in one entry; write an entry of its own for it.');
      for (const fields of items(icmps).flatMap((icmp) => at(icmp, 'fields') ?? [])) {
        const count = items(fields).length;
        if (count > MOST_FIELDS && fields.key)
          report(fields.key, `${count} types of messages in one list; Cilium takes ${MOST_FIELDS}.`);
        for (const field of items(fields)) {
          const family = text(field, 'family');
          const where = at(field, 'family');
          if (where && family !== undefined && !FAMILIES.includes(family))
            report(where, `\`${family}\` is no family of addresses; write \`IPv4\` or \`IPv6\`.`);
        }
      }
    }
  },
});
