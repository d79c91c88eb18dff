import { ztunnelSelection } from '../../mesh/selection.ts';
import { actionOf, ztunnelOutcome, ztunnelRules } from '../../mesh/ztunnelPolicy.ts';
import { workspaceCheck } from '../check.ts';
import { attachByReference } from './attachByReference.ts';
import { kialiCodes } from './kialiCodes.ts';
import { fieldList, workloadList } from './phrases.ts';

/** A DENY that ztunnel reads, and that can never match there. */
export const l7DenyWithoutEffect = workspaceCheck({
  facts: {
    code: 'l7-deny-without-effect',
    severity: 'error',
    what: 'A DENY rule for ambient pods depends on HTTP, and the policy is not attached to a waypoint.',
    why: 'ztunnel strips the HTTP fields. When nothing is left of the sources, the operations or a condition of a rule, that rule can never match, whatever else it says: the requests that it was written to stop pass.',
    todo: 'Attach the policy to the Service by `targetRefs` and give the Service a waypoint; or deny by identity, address or port.',
    source: 'istio/ztunnel@1.30.3:src/rbac.rs; istio/istio issue 61126',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const { root } = located;
    if (actionOf(root) !== 'DENY') return;
    const selection = ztunnelSelection(scope.world, scope.meshConfig.rootNamespace, located);
    if (!selection) return;
    const verdict =
      ztunnelOutcome(root) === 'without-effect' ? 'AMB:ztunnel-http-deny-noop' : 'AMB:ztunnel-http-deny-mixed';
    const pods = workloadList(selection.ambient, 'the selected pods');
    for (const { l7, lost, outcome } of ztunnelRules(root)) {
      const uses = outcome === 'never-matches' ? l7 : lost;
      const [first] = uses;
      if (!first) continue;
      const what = outcome === 'never-matches' ? 'this rule' : 'this part of the rule';
      scope.report(
        first.node,
        `ztunnel, which enforces this policy at ${pods}, cannot read ${fieldList(uses)}. What is left of ${what} never matches: it denies nothing.`,
        {
          peers: [verdict, ...kialiCodes(scope, located, 'KIA0110', 'KIA0109')],
          fixes: attachByReference(scope, located),
        },
      );
    }
  },
});
