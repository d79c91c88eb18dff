import { bypassGuardsOf } from '../../mesh/bypassGuards.ts';
import { enrolmentOf } from '../../mesh/enrolment.ts';
import { principalOf } from '../../mesh/ztunnelCallers.ts';
import { actionOf } from '../../mesh/ztunnelPolicy.ts';
import { workspaceCheck } from '../check.ts';
import { workloadList } from './phrases.ts';

/** A guard that admits the waypoint, in a mesh where some clients never use one. */
export const bypassGuardCutsSidecars = workspaceCheck({
  facts: {
    code: 'bypass-guard-cuts-sidecars',
    severity: 'warning',
    what: 'A policy lets pods be called by their waypoint only, and the mesh has clients with sidecars.',
    why: 'A sidecar never uses a waypoint: it calls the pods itself, under its own identity, and the policy refuses that.',
    todo: 'Move the clients to ambient mode first, or name those that call these pods in the policy; their requests then pass unseen by the waypoint.',
    source: 'istio/istio@1.30.3:pilot/pkg/xds/endpoints/endpoint_builder.go; istio.io: ambient/migrate',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, { world, settings, meshConfig, report }) {
    const [guard] = bypassGuardsOf(world, settings, located);
    if (!guard) return;
    const { trustDomain } = meshConfig;
    const { namespace } = guard.workload;
    // An ALLOW may well leave out the other teams; a DENY of all but the waypoint is written against bypassing.
    const anybody = actionOf(located.root) === 'DENY';
    const cut = world
      .workloads()
      .filter(
        (client) =>
          enrolmentOf(world, client).dataPlane === 'sidecar' &&
          (anybody || client.namespace === namespace) &&
          guard.refuses({ trustDomain, namespace: client.namespace, serviceAccount: client.serviceAccount }),
      );
    const [first] = cut;
    if (!first) return;
    const principal = principalOf({
      trustDomain,
      namespace: first.namespace,
      serviceAccount: first.serviceAccount,
    });
    report(
      guard.node,
      `Sidecars skip waypoint \`${guard.waypoint.name}\`, and this policy refuses whoever does: ${workloadList(cut, '')} cannot call these pods (\`${principal}\`).`,
      {
        related: cut.slice(0, 3).map((client) => ({
          site: { located: client.located, node: client.metadata ?? client.located.root },
          message: 'A client with a sidecar',
        })),
      },
    );
  },
});
