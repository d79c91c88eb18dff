import { meshVirtualServicesOf } from '../../mesh/exposures.ts';
import { hostTargetsOf, isAmbientAddressee } from '../../mesh/hostTargets.ts';
import { isForMesh } from '../../mesh/l7.ts';
import { attachedTo, MESH_ROUTES, meshParentsOf } from '../../mesh/targets.ts';
import { addresseeBinding } from '../../mesh/waypoints.ts';
import { describeLocated, type Located, type Site } from '../../model/located.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** Two kinds of routes for one Service at a waypoint. */
export const routeKindsMixed = workspaceCheck({
  facts: {
    code: 'route-kinds-mixed',
    severity: 'error',
    what: 'A Service behind a waypoint is routed by a VirtualService and by a route of the Gateway API.',
    why: 'Which of them the waypoint follows is not defined, and may change with an upgrade.',
    todo: 'Keep one kind: move the rules of the VirtualService into the HTTPRoute, and remove it.',
    source: 'istio.io/docs/ambient/usage/l7-features',
  },
  kinds: ['networking.istio.io/VirtualService', ...MESH_ROUTES],
  run(located, scope) {
    if (located.resource.kind === 'VirtualService') {
      for (const { addressee, node } of isForMesh(located) ? hostTargetsOf(scope.world, located) : []) {
        if (addressee) reportMix(scope, addressee, node, routesOf(scope, addressee));
      }
      return;
    }
    for (const { key, namespace, name, nameNode } of meshParentsOf(located)) {
      const addressee = scope.world.find(key, namespace, name);
      if (addressee) reportMix(scope, addressee, nameNode, meshVirtualServicesOf(scope.world, addressee));
    }
  },
});

function routesOf({ world }: Scope, { resource, namespace, name }: Located): Site[] {
  const sites = attachedTo(world, `${resource.group}/${resource.kind}`, namespace, name);
  return sites.filter(({ located }) => located.resource.group === 'gateway.networking.k8s.io');
}

function reportMix(scope: Scope, addressee: Located, node: YamlNode, others: readonly Site[]): void {
  const [first] = others;
  if (
    !first ||
    !isAmbientAddressee(scope.world, addressee) ||
    addresseeBinding(scope.world, addressee).state !== 'bound'
  )
    return;
  scope.report(
    node,
    `The waypoint of ${addressee.resource.kind} \`${addressee.name}\` gets rules from ${describeLocated(first.located)} too; which of them it follows is not defined.`,
    {
      related: others.map((site) => ({ site, message: 'The other route' })),
    },
  );
}
