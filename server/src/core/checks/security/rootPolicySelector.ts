import { selectionOf, selectorOf } from '../../mesh/selection.ts';
import { entriesOf } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A selector in the root namespace, which does not mean what it means elsewhere. */
export const rootPolicySelector = workspaceCheck({
  facts: {
    code: 'root-policy-selector',
    severity: 'info',
    what: 'A policy in the root namespace has a selector.',
    why: 'Policies of the root namespace are for the whole mesh: the selector chooses pods in all namespaces. A PeerAuthentication there with a selector is read by nobody.',
    todo: 'Move the policy to the namespace of the workloads, unless all namespaces are meant.',
    source: 'istio/istio pilot/pkg/model/authentication.go, policyattachment.go',
  },
  kinds: [
    'security.istio.io/AuthorizationPolicy',
    'security.istio.io/PeerAuthentication',
    'security.istio.io/RequestAuthentication',
  ],
  run(located, scope) {
    const { rootNamespace } = scope.meshConfig;
    const selector = located.namespace === rootNamespace ? selectorOf(located) : undefined;
    if (!selector || entriesOf(selector).length === 0) return;
    const { workloads, ambient } = selectionOf(scope.world, rootNamespace, located);
    if (located.resource.kind === 'PeerAuthentication') {
      // What ztunnel makes of it is told by a check of its own.
      if (ambient.length > 0) return;
      scope.report(
        selector,
        'Istio reads no PeerAuthentication with a selector in the root namespace: it has no effect.',
        {
          severity: 'warning',
        },
      );
      return;
    }
    const others = [...new Set(workloads.map(({ namespace }) => namespace))].filter((each) => each !== rootNamespace);
    if (others.length === 0) return;
    const where = others
      .slice(0, 3)
      .map((each) => `\`${each}\``)
      .join(', ');
    scope.report(selector, `In the root namespace this selects pods of every namespace, here in ${where}.`);
  },
});
