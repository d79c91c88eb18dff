import { enrolmentOf } from '../../mesh/enrolment.ts';
import { unguardedServices } from '../../mesh/unguardedPods.ts';
import { derive } from '../../model/derivation.ts';
import { areSame } from '../../model/same.ts';
import { workspaceCheck } from '../check.ts';
import { workloadList } from './phrases.ts';

/** A policy at a waypoint, in a mesh where some clients never use one. */
export const sidecarClientBypassesWaypoint = workspaceCheck({
  facts: {
    code: 'sidecar-client-bypasses-waypoint',
    severity: 'warning',
    what: 'A policy is enforced at a waypoint, and the mesh has clients with sidecars.',
    why: 'A sidecar never uses a waypoint: it calls the pods behind it directly, and is subject to nothing that the waypoint enforces.',
    todo: 'Move the clients to ambient mode, or limit by an AuthorizationPolicy with a selector who may call the pods.',
    source: 'istio/istio@1.30.3:pilot/pkg/xds/endpoints/endpoint_builder.go; istio/istio issue 51445',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, { world, meshConfig, report }) {
    const clients = sidecarsOf(world);
    if (clients.length === 0) return;
    for (const { service, nameNode } of unguardedServices(world, meshConfig.rootNamespace, located))
      report(
        nameNode,
        `Clients with a sidecar call the pods of \`${service.name}\` past the waypoint and this policy: ${workloadList(clients, '')}.`,
        {
          related: clients.slice(0, 3).map((client) => ({
            site: { located: client.located, node: client.metadata ?? client.located.root },
            message: 'A client with a sidecar',
          })),
        },
      );
  },
});

const sidecarsOf = derive(
  (world) => world.workloads().filter((workload) => enrolmentOf(world, workload).dataPlane === 'sidecar'),
  areSame,
);
