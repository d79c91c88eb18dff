import { enrolmentOf } from '../../mesh/enrolment.ts';
import { authorizationsOf } from '../../mesh/selection.ts';
import { isSystemNamespace } from '../../mesh/systemNamespaces.ts';
import { targetsOf } from '../../mesh/targets.ts';
import { workloadOf } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

const POLICY = 'security.istio.io/AuthorizationPolicy';

/** A workload that was forgotten where access is otherwise decided by policies. */
export const workloadWithoutPolicy = workspaceCheck({
  facts: {
    code: 'workload-without-policy',
    severity: 'hint',
    what: 'A workload to which no AuthorizationPolicy applies, in a workspace that uses them.',
    why: 'Istio admits everybody where no policy applies, the moment the first ALLOW applies it admits only what that names.',
    todo: 'Add a policy for the workload, or one without rules for its namespace that denies all that nothing allows.',
    peers: ['KIA1301'],
    source: 'kiali/kiali business/checkers/workloads/uncovered_workload_checker.go',
  },
  kinds: ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', '/Pod'],
  run(located, scope) {
    const { world, settings, meshConfig } = scope;
    // Elsewhere the policy may be in another repository, and most meshes have none on purpose.
    if (!settings.closedWorld || world.ofKind(POLICY).length === 0 || isSystemNamespace(located.namespace)) return;
    const workload = workloadOf(located);
    const name = at(located.root, 'metadata', 'name');
    if (!workload || !name) return;
    const { dataPlane, certain } = enrolmentOf(world, workload);
    if (dataPlane === 'gateway' || dataPlane === 'linkerd' || (dataPlane === 'none' && certain)) return;
    const { rootNamespace } = meshConfig;
    if (authorizationsOf(world, rootNamespace, located).length > 0 || isTargeted(world, located.namespace)) return;
    scope.report(name, `No AuthorizationPolicy applies to these pods: they take requests from everybody.`);
  },
});

/** True when a policy of the namespace is for a waypoint or a Service: it protects what stands behind. */
function isTargeted(world: World, namespace: string): boolean {
  return world.inNamespace(POLICY, namespace).some(({ root }) => targetsOf(root).length > 0);
}
