import { ztunnelSelection } from '../../mesh/selection.ts';
import { actionOf, ignoredByZtunnel } from '../../mesh/ztunnelPolicy.ts';
import { workspaceCheck } from '../check.ts';

/** Fields without HTTP that ztunnel skips all the same. */
export const fieldIgnoredByZtunnel = workspaceCheck({
  facts: {
    code: 'field-ignored-by-ztunnel',
    severity: 'warning',
    what: 'A policy for ambient pods names trust domains of its callers.',
    why: 'istiod does not pass `trustDomains` and `notTrustDomains` on to ztunnel: beside other fields of a source they are skipped, so that an ALLOW admits more than is written; alone they leave a source that matches nobody.',
    todo: 'Write the trust domain as part of a principal, such as `example.org/*`.',
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/authorization.go',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const action = actionOf(located.root);
    if (action !== 'ALLOW' && action !== 'DENY') return;
    const uses = ignoredByZtunnel(located.root);
    if (uses.length === 0 || !ztunnelSelection(scope.world, scope.meshConfig.rootNamespace, located)) return;
    for (const { node, field } of uses) {
      const alone = node.parent?.kind === 'map' && node.parent.entries.length === 1;
      const effect = alone
        ? 'this source then matches nobody'
        : `this source then ${action === 'ALLOW' ? 'admits' : 'denies'} more callers than written`;
      scope.report(node, `ztunnel does not get \`${field}\`: ${effect}.`);
    }
  },
});
