import { enrolmentOf } from '../../mesh/enrolment.ts';
import { authorizationsOf } from '../../mesh/selection.ts';
import { attachedTo } from '../../mesh/targets.ts';
import { POD_MAKERS } from '../../mesh/waypointLabels.ts';
import { waypointsBefore } from '../../mesh/waypoints.ts';
import { l7UsesOf } from '../../mesh/ztunnelPolicy.ts';
import type { Located } from '../../model/located.ts';
import { type Workload, workloadOf } from '../../model/workloads.ts';
import { at } from '../../yaml/access.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** A workload whose policies need a waypoint that it does not have. */
export const workloadWithoutWaypoint = workspaceCheck({
  facts: {
    code: 'workload-without-waypoint',
    severity: 'hint',
    what: 'A workload in ambient mode has AuthorizationPolicies about HTTP, and no waypoint stands before it.',
    why: 'ztunnel cannot read what they say about HTTP. Each policy has a diagnostic of its own that says what becomes of it.',
    todo: 'Give its Service a waypoint by `istio.io/use-waypoint`, and attach the policies by `targetRefs`.',
    peers: ['KIA1317'],
    source: 'kiali/kiali business/checkers/ambient/ambient_workload_checker.go',
  },
  kinds: [...POD_MAKERS],
  run(located, scope) {
    const workload = workloadOf(located);
    const name = at(located.root, 'metadata', 'name');
    if (!workload || !name) return;
    const { dataPlane, certain } = enrolmentOf(scope.world, workload);
    if (dataPlane !== 'ambient' || !certain || waypointsBefore(scope.world, workload).length > 0) return;
    const policies = policiesOf(scope, workload).filter((policy) => l7UsesOf(policy.root).length > 0);
    const [first] = policies;
    if (!first) return;
    const more = policies.length > 1 ? ` and ${policies.length - 1} more` : '';
    scope.report(
      name,
      `AuthorizationPolicy \`${first.name}\`${more} needs HTTP to be read, but traffic to these pods passes no waypoint.`,
      {
        related: policies.flatMap((policy) =>
          l7UsesOf(policy.root)
            .slice(0, 1)
            .map(({ node, field }) => ({ site: { located: policy, node }, message: `\`${field}\` needs a waypoint` })),
        ),
      },
    );
  },
});

/** The policies of its own namespace that are for a workload, or for a Service that sends to it. */
function policiesOf({ world, meshConfig }: Scope, workload: Workload): Located[] {
  const selecting = authorizationsOf(world, meshConfig.rootNamespace, workload.located);
  const targeting = world
    .servicesOf(workload)
    .flatMap((service) => attachedTo(world, '/Service', service.namespace, service.name))
    .flatMap(({ located }) => (located.resource.kind === 'AuthorizationPolicy' ? [located] : []));
  return [...new Set([...selecting, ...targeting])].filter(({ namespace }) => namespace === workload.namespace);
}
