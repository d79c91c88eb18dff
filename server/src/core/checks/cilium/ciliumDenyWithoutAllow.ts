import { CILIUM_POLICIES, type CiliumRule, ciliumRulesFor } from '../../mesh/ciliumPolicies.ts';
import { limits, NETWORK_POLICY, selectsPod } from '../../mesh/networkPolicies.ts';
import type { Workload } from '../../model/workloads.ts';
import { at, has, items } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { specsOf } from './specs.ts';

type Direction = 'ingress' | 'egress';

/** Rules that only deny, which make Cilium deny the rest as well. */
export const ciliumDenyWithoutAllow = workspaceCheck({
  facts: {
    code: 'cilium-deny-without-allow',
    severity: 'hint',
    what: 'A Cilium rule only denies in a direction, and nothing in the workspace allows connections of these pods there.',
    why: 'The first rule for a direction turns its default to deny: what the rule does not name is refused as well.',
    todo: 'Allow the rest (`fromEntities: [all]`, `toEntities: [all]`), or keep the default by `enableDefaultDeny` with `ingress: false` or `egress: false`.',
    source: 'docs.cilium.io/en/stable/security/policy/intro (rule basics, default deny)',
  },
  kinds: CILIUM_POLICIES,
  run(located, scope) {
    for (const spec of specsOf(located)) {
      if (!has(spec, 'endpointSelector')) continue;
      for (const direction of ['ingress', 'egress'] as const) {
        const denials = at(spec, `${direction}Deny`);
        if (!denials?.key || items(denials).length === 0 || isOpenByRules(spec, direction)) continue;
        const pods = scope.world
          .workloads(located.resource.kind === 'CiliumNetworkPolicy' ? located.namespace : undefined)
          .filter((workload) => ciliumRulesFor(scope.world, workload).some((rule) => rule.spec === spec));
        // Of pods that are not here, other policies are not known either.
        if (pods.length === 0 || pods.some((workload) => isAllowed(scope, workload, direction))) continue;
        scope.report(
          denials.key,
          `Besides what is denied here, everything else that ${direction === 'ingress' ? 'comes in' : 'goes out'} is refused too: the first rule for a direction makes deny the default, and nothing allows the rest.`,
        );
      }
    }
  },
});

/** An allow rule beside the denials, or a word on the default: whoever wrote it knows what remains. */
function isOpenByRules(spec: YamlNode, direction: Direction): boolean {
  return has(spec, direction) || has(at(spec, 'enableDefaultDeny'), direction);
}

function isAllowed({ world }: Scope, workload: Workload, direction: Direction): boolean {
  const allows = ({ spec }: CiliumRule) => items(spec, direction).length > 0;
  return (
    ciliumRulesFor(world, workload).some(allows) ||
    world
      .inNamespace(NETWORK_POLICY, workload.namespace)
      .some((policy) => limits(policy, direction) && selectsPod(policy, workload))
  );
}
