import { CILIUM_POLICIES } from '../../mesh/ciliumPolicies.ts';
import { at, has } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { specsOf } from './specs.ts';

/** Whom a rule is for: pods or nodes, and one of them. */
export const ciliumSelectorInvalid = workspaceCheck({
  facts: {
    code: 'cilium-selector-invalid',
    severity: 'error',
    what: 'A rule of Cilium selects both pods and nodes, or neither.',
    why: 'A rule is for pods or for nodes. Cilium refuses the whole policy, so none of its rules is enforced.',
    todo: 'Give the rule either `endpointSelector` or `nodeSelector`; `endpointSelector: {}` is for every pod.',
    source: 'cilium/cilium@005aed24:pkg/policy/api/rule_validation.go',
  },
  kinds: CILIUM_POLICIES,
  run(located, { report }) {
    for (const spec of specsOf(located)) {
      const node = at(spec, 'nodeSelector');
      const endpoint = has(spec, 'endpointSelector');
      if (node?.key && endpoint)
        report(node.key, 'A rule is for pods (`endpointSelector`) or for nodes (`nodeSelector`), not for both.');
      else if (!endpoint && !has(spec, 'nodeSelector'))
        report(
          spec.key ?? spec,
          'The rule selects nothing: it needs `endpointSelector` (`{}` for every pod) or `nodeSelector`.',
        );
    }
  },
});
