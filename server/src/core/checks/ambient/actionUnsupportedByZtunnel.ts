import { ztunnelSelection } from '../../mesh/selection.ts';
import { l7UsesOf } from '../../mesh/ztunnelPolicy.ts';
import { at, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { attachByReference } from './attachByReference.ts';
import { kialiCodes } from './kialiCodes.ts';
import { workloadList } from './phrases.ts';

/** CUSTOM and AUDIT policies that ztunnel should enforce. */
export const actionUnsupportedByZtunnel = workspaceCheck({
  facts: {
    code: 'action-unsupported-by-ztunnel',
    severity: 'error',
    what: 'A policy with the action CUSTOM or AUDIT for ambient pods, not attached to a waypoint.',
    why: 'ztunnel knows only ALLOW and DENY; a policy with another action is not even sent to it. With CUSTOM, nobody asks the external authorizer, and every request passes.',
    todo: 'Attach the policy to the Service by `targetRefs` and give the Service a waypoint.',
    peers: ['AMB:ztunnel-action-unsupported'],
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/authorization.go',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const { root } = located;
    const node = at(root, 'spec', 'action');
    const action = text(node);
    if (!node || (action !== 'CUSTOM' && action !== 'AUDIT')) return;
    const selection = ztunnelSelection(scope.world, scope.meshConfig.rootNamespace, located);
    if (!selection) return;
    const pods = workloadList(selection.ambient, 'the selected pods');
    const effect =
      action === 'CUSTOM'
        ? `requests to ${pods} pass without the external authorizer being asked`
        : `requests to ${pods} are not logged`;
    scope.report(node, `ztunnel does not know the action ${action}, and the policy is not sent to it: ${effect}.`, {
      severity: action === 'AUDIT' ? 'warning' : 'error',
      peers: l7UsesOf(root).length > 0 ? kialiCodes(scope, located, 'KIA0110', 'KIA0109') : [],
      fixes: attachByReference(scope, located),
    });
  },
});
