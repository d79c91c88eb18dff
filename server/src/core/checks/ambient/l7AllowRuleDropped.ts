import { ztunnelSelection } from '../../mesh/selection.ts';
import { actionOf, ztunnelOutcome, ztunnelRules } from '../../mesh/ztunnelPolicy.ts';
import { workspaceCheck } from '../check.ts';
import { kialiCodes } from './kialiCodes.ts';
import { fieldList, workloadList } from './phrases.ts';
import { splitPolicy } from './splitPolicy.ts';

/** An ALLOW that ztunnel reads, and of which only some rules are left there. */
export const l7AllowRuleDropped = workspaceCheck({
  facts: {
    code: 'l7-allow-rule-dropped',
    severity: 'warning',
    what: 'An ALLOW policy for ambient pods has rules that need HTTP beside rules that do not, and is not attached to a waypoint.',
    why: 'ztunnel drops the rules with HTTP fields whole and keeps the others: what only the dropped rules allow is denied.',
    todo: 'Split the policy: what needs HTTP goes into one with `targetRefs`, enforced at a waypoint; the rest may stay, beside a rule that admits the waypoint.',
    peers: ['AMB:ztunnel-http-allow-dropped'],
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/authorization.go handleRule',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const { root } = located;
    if (actionOf(root) !== 'ALLOW' || ztunnelOutcome(root) !== 'narrower') return;
    const selection = ztunnelSelection(scope.world, scope.meshConfig.rootNamespace, located);
    if (!selection) return;
    const pods = workloadList(selection.ambient, 'the selected pods');
    for (const { l7, outcome } of ztunnelRules(root)) {
      const [first] = l7;
      if (!first || outcome !== 'dropped') continue;
      scope.report(
        first.node,
        `ztunnel drops this rule because of ${fieldList(l7)}: what only this rule allows is denied at ${pods}.`,
        { peers: kialiCodes(scope, located, 'KIA0110', 'KIA0109'), fixes: splitPolicy(scope, located) },
      );
    }
  },
});
