import { isAmbientNamespace } from '../../mesh/enrolment.ts';
import { hostTargetsOf, isAmbientAddressee } from '../../mesh/hostTargets.ts';
import { isForMesh, needsL7 } from '../../mesh/l7.ts';
import { MESH_ROUTES, meshParentsOf } from '../../mesh/targets.ts';
import { addresseeBinding, describeUnbound, USE_WAYPOINT, type WaypointBinding } from '../../mesh/waypoints.ts';
import type { Located } from '../../model/located.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** A route for traffic that no proxy routes. */
export const routeWithoutWaypoint = workspaceCheck({
  facts: {
    code: 'route-without-waypoint',
    severity: 'error',
    what: 'A route for an ambient Service that no waypoint stands before.',
    why: 'ztunnel does not read routes: requests of ambient clients go to any pod of the Service, without the matches, weights, retries and timeouts written here.',
    todo: 'Label the Service or its namespace with `istio.io/use-waypoint`, and see that the waypoint exists and takes traffic to Services.',
    source: 'istio/istio@1.30.3:pilot/pkg/config/kube/gateway/conditions.go, ResolvedWaypoints',
  },
  kinds: ['networking.istio.io/VirtualService', ...MESH_ROUTES],
  run(located, scope) {
    if (located.resource.kind === 'VirtualService') {
      runVirtualService(located, scope);
      return;
    }
    for (const { key, namespace, name, nameNode } of meshParentsOf(located)) {
      const addressee = scope.world.find(key, namespace, name);
      if (!addressee || !isAmbientAddressee(scope.world, addressee)) continue;
      reportUnbound(scope, nameNode, addressee, addresseeBinding(scope.world, addressee), []);
    }
  },
});

function runVirtualService(located: Located, scope: Scope): void {
  if (!isForMesh(located)) return;
  const l7 = needsL7(located).length > 0;
  const targets = hostTargetsOf(scope.world, located);
  for (const { node, addressee, ambient, binding } of targets) {
    if (addressee && ambient && binding)
      reportUnbound(scope, node, addressee, binding, l7 ? virtualServicePeers(addressee, binding) : []);
  }
  const [first] = targets;
  if (!first || !l7 || targets.some(({ addressee }) => addressee) || !isUnlabelled(scope, located.namespace)) return;
  scope.report(
    first.node,
    `Namespace \`${located.namespace}\` is in ambient mode and has no waypoint: nothing routes requests to \`${first.host}\` by this VirtualService.`,
    {
      severity: scope.settings.closedWorld ? 'warning' : 'silent',
      peers: ['KIA1109'],
    },
  );
}

/** Kiali looks at the labels only, not at the waypoint that they name. */
function virtualServicePeers(addressee: Located, binding: WaypointBinding): string[] {
  if (binding.state !== 'none' && binding.state !== 'opted-out') return [];
  return [addressee.resource.kind === 'Service' ? 'KIA1113' : 'KIA1109'];
}

function isUnlabelled({ world }: Scope, namespace: string): boolean {
  return isAmbientNamespace(world, namespace) && world.namespaceLabels(namespace)?.get(USE_WAYPOINT) === undefined;
}

function reportUnbound(
  scope: Scope,
  node: YamlNode,
  addressee: Located,
  binding: WaypointBinding,
  peers: readonly string[],
): void {
  if (binding.state === 'bound' || (binding.state === 'none' && !binding.certain)) return;
  scope.report(
    node,
    `${addressee.resource.kind} \`${addressee.name}\` ${describeUnbound(binding)}: ambient clients do not follow this route.`,
    {
      severity: binding.state === 'missing' ? scope.absence : 'error',
      peers,
      related: binding.because.map((site) => ({ site, message: 'This label decides' })),
    },
  );
}
