import { isDryRun, selectionOf } from '../../mesh/selection.ts';
import { actionOf, hasTargetRefs } from '../../mesh/ztunnelPolicy.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { workloadList } from './phrases.ts';

/** A policy on trial that ztunnel should try. */
export const dryRunIgnoredByZtunnel = workspaceCheck({
  facts: {
    code: 'dry-run-ignored-by-ztunnel',
    severity: 'warning',
    what: 'A policy in dry run for ambient pods, not attached to a waypoint.',
    why: 'By default ztunnel gets no policies in dry run: nothing is enforced, and nothing is logged or counted from which one could learn what it would do.',
    todo: 'Attach the policy to a waypoint by `targetRefs`, or set `AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY` in istiod and suppress this check.',
    peers: ['AMB:ztunnel-dry-run'],
    source: 'istio/istio@1.30.3:pilot/pkg/features/ambient.go',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const { root } = located;
    const node = at(root, 'metadata', 'annotations', 'istio.io/dry-run');
    const action = actionOf(root);
    if (!node?.key || !isDryRun(located) || hasTargetRefs(root)) return;
    // CUSTOM and AUDIT are refused with this annotation.
    if (action !== 'ALLOW' && action !== 'DENY') return;
    const { reachesZtunnel, ambient } = selectionOf(scope.world, scope.meshConfig.rootNamespace, located);
    if (!reachesZtunnel) return;
    const pods = workloadList(ambient, 'the selected pods');
    scope.report(node.key, `ztunnel is not sent policies in dry run: nothing is tried out at ${pods}.`);
  },
});
