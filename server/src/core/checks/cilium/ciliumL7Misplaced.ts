import { CILIUM_POLICIES } from '../../mesh/ciliumPolicies.ts';
import { at, entriesOf, has, isTemplated, items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { type CiliumEntry, entriesOfSpec, specsOf } from './specs.ts';

/** Rules about requests, at places where Cilium does not read any. */
export const ciliumL7Misplaced = workspaceCheck({
  facts: {
    code: 'cilium-l7-misplaced',
    severity: 'error',
    what: 'A rule of Cilium about requests stands where Cilium cannot apply it: names of DNS on `ingress`, any in a policy for nodes, or on a port that is not TCP or not one certain port.',
    why: 'Cilium refuses the whole policy, so none of its rules is enforced.',
    todo: 'Give rules about requests `protocol: TCP` and a port, and those about DNS port 53 on `egress`; policies with `nodeSelector` decide on addresses and ports alone.',
    source: 'cilium/cilium@005aed24:pkg/policy/api/rule_validation.go',
  },
  kinds: CILIUM_POLICIES,
  run(located, scope) {
    for (const spec of specsOf(located)) {
      const forNodes = has(spec, 'nodeSelector');
      // Entries that deny have ports only.
      for (const entry of entriesOfSpec(spec).filter(({ deny }) => !deny))
        for (const port of items(entry.node, 'toPorts')) judge(entry, port, forNodes, scope);
    }
  },
});

function judge({ direction }: CiliumEntry, port: YamlNode, forNodes: boolean, scope: Scope): void {
  const { report } = scope;
  const listener = at(port, 'listener')?.key;
  if (listener && direction === 'ingress')
    report(listener, 'Connections that come in cannot be sent to a `listener`; Cilium has it for `egress` only.');
  const rules = at(port, 'rules');
  if (!rules || entriesOf(rules).length === 0) return;
  const where = rules.key ?? rules;
  const dns = at(rules, 'dns');
  const readsRequests = ['http', 'kafka', 'dns'].some((type) => has(rules, type));
  if (dns?.key && direction === 'ingress')
    report(dns.key, 'Rules about names of DNS are for the queries that pods send: they belong under `egress`.');
  else if (forNodes && readsRequests)
    report(where, 'A policy for nodes (`nodeSelector`) cannot have rules about requests.');
  else judgePorts(port, rules, scope);
  const names = at(port, 'serverNames')?.key;
  if (names && !has(port, 'terminatingTLS'))
    report(names, '`serverNames` cannot stand beside `rules` unless Cilium ends the TLS itself (`terminatingTLS`).');
  if (listener && direction === 'egress')
    report(listener, '`listener` cannot stand beside `rules`: the listener decides on requests itself.');
}

function judgePorts(port: YamlNode, rules: YamlNode, { report }: Scope): void {
  const ports = items(port, 'ports');
  const dns = at(rules, 'dns');
  if (dns?.key && ports.length === 0)
    report(dns.key, 'Rules about DNS need the port that the queries go to: write `ports` with port `"53"`.');
  for (const entry of ports) {
    const number = at(entry, 'port');
    const protocol = at(entry, 'protocol');
    if (isTemplated(number) || isTemplated(protocol)) continue;
    const first = num(number) ?? Number(text(number) ?? Number.NaN);
    const written = text(protocol) ?? 'ANY';
    if (number && first === 0) report(number, 'Rules about requests need one certain port, not `0` for all of them.');
    else if (dns && first < (num(entry, 'endPort') ?? 0))
      report(at(entry, 'endPort') ?? entry, 'Rules about DNS cannot be for a range of ports; list each port.');
    if (!dns && written.toUpperCase() !== 'TCP')
      report(
        protocol ?? number ?? entry,
        protocol
          ? `Rules about requests are for TCP only, and this port is for ${written}.`
          : 'Rules about requests are for TCP only, and a port without `protocol` is for any; add `protocol: TCP`.',
      );
  }
}
