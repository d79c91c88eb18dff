import { type Selection, selectionOf, ztunnelSelection } from '../../mesh/selection.ts';
import { actionOf, hasTargetRefs, l7UsesOf, ztunnelOutcome } from '../../mesh/ztunnelPolicy.ts';
import type { Located } from '../../model/located.ts';
import { items } from '../../yaml/access.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { attachByReference } from './attachByReference.ts';
import { kialiCodes } from './kialiCodes.ts';
import { fieldList, workloadList } from './phrases.ts';

/** An ALLOW that ztunnel reads, and of which no rule is left there. */
export const l7AllowDeniesAll = workspaceCheck({
  facts: {
    code: 'l7-allow-denies-all',
    severity: 'error',
    what: 'An ALLOW policy for ambient pods whose every rule needs HTTP, and which is not attached to a waypoint.',
    why: 'ztunnel drops each rule with an HTTP field whole, its identities and ports as well. An ALLOW without rules admits nobody: every request to the pods is denied. A waypoint does not help, because it reads only policies with `targetRefs`.',
    todo: 'Attach the policy to the Service by `targetRefs` and give the Service a waypoint; or keep only identities, addresses and ports.',
    peers: ['AMB:ztunnel-http-allow-dropped'],
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/authorization.go handleRule',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const { root } = located;
    if (actionOf(root) !== 'ALLOW' || ztunnelOutcome(root) !== 'denies-all') return;
    const selection = ztunnelSelection(scope.world, scope.meshConfig.rootNamespace, located);
    const uses = l7UsesOf(root);
    const [first] = uses;
    if (!first || !selection) return;
    const dropped = `ztunnel drops every rule of this policy, because ${fieldList(uses)} ${uses.length === 1 ? 'needs' : 'need'} HTTP`;
    const pods = workloadList(selection.ambient, 'every pod that it selects');
    const message = othersAdmit(scope, located, selection)
      ? `${dropped}: what it should allow is denied at ${pods}, unless another ALLOW policy admits it.`
      : `${dropped}. What is left admits nobody: ${pods} ${selection.ambient.length > 1 ? 'refuse' : 'refuses'} every request.`;
    scope.report(first.node, message, {
      peers: kialiCodes(scope, located, 'KIA0110', 'KIA0109'),
      fixes: attachByReference(scope, located),
    });
  },
});

/** Whether each of the pods has another ALLOW of which something is left. */
function othersAdmit({ world, meshConfig }: Scope, located: Located, { ambient }: Selection): boolean {
  const kind = 'security.istio.io/AuthorizationPolicy';
  const others = new Set([
    ...world.inNamespace(kind, located.namespace),
    ...world.inNamespace(kind, meshConfig.rootNamespace),
  ]);
  const admitting = [...others].filter(
    ({ root }) =>
      actionOf(root) === 'ALLOW' &&
      !hasTargetRefs(root) &&
      items(root, 'spec', 'rules').length > 0 &&
      ztunnelOutcome(root) !== 'denies-all',
  );
  const selected = admitting.map((policy) => new Set(selectionOf(world, meshConfig.rootNamespace, policy).ambient));
  return ambient.length > 0 && ambient.every((workload) => selected.some((workloads) => workloads.has(workload)));
}
