import { ztunnelSelection } from '../../mesh/selection.ts';
import { actionOf, ztunnelRules } from '../../mesh/ztunnelPolicy.ts';
import { workspaceCheck } from '../check.ts';
import { attachByReference } from './attachByReference.ts';
import { kialiCodes } from './kialiCodes.ts';
import { fieldList, workloadList } from './phrases.ts';

/** A DENY that ztunnel reads, and that stops more there than it says. */
export const l7DenyWidened = workspaceCheck({
  facts: {
    code: 'l7-deny-widened',
    severity: 'warning',
    what: 'A DENY rule for ambient pods has HTTP fields beside ports or identities, and the policy is not attached to a waypoint.',
    why: 'ztunnel enforces the rule without its HTTP fields: it denies every request to those ports, or from those callers.',
    todo: 'Attach the policy to the Service by `targetRefs` and give the Service a waypoint; or remove the HTTP fields if everything is to be denied.',
    peers: ['AMB:ztunnel-http-deny-mixed'],
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/authorization.go handleRule',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const { root } = located;
    if (actionOf(root) !== 'DENY') return;
    const selection = ztunnelSelection(scope.world, scope.meshConfig.rootNamespace, located);
    if (!selection) return;
    const pods = workloadList(selection.ambient, 'the selected pods');
    for (const { widened } of ztunnelRules(root)) {
      const [first] = widened;
      if (!first) continue;
      scope.report(
        first.node,
        `ztunnel enforces this rule at ${pods} without ${fieldList(widened)}: it denies more than is written here, whatever the request asks for.`,
        { peers: kialiCodes(scope, located, 'KIA0110', 'KIA0109'), fixes: attachByReference(scope, located) },
      );
    }
  },
});
