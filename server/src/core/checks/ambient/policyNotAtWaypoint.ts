import { selectionOf, selectorOf } from '../../mesh/selection.ts';
import { attachedTo, targetsOf } from '../../mesh/targets.ts';
import { addresseeBinding, isWaypointClass } from '../../mesh/waypoints.ts';
import { actionOf, hasTargetRefs } from '../../mesh/ztunnelPolicy.ts';
import type { Located } from '../../model/located.ts';
import type { Service } from '../../model/workloads.ts';
import { at, items } from '../../yaml/access.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { listed } from './phrases.ts';

const KIND = 'security.istio.io/AuthorizationPolicy';

/** A default of "nobody may" that waypoints do not have. */
export const policyNotAtWaypoint = workspaceCheck({
  facts: {
    code: 'policy-not-at-waypoint',
    severity: 'info',
    what: 'A policy denies everything by default in a namespace or the mesh, and Services there are reached through a waypoint without any ALLOW policy.',
    why: 'Waypoints read only policies with `targetRefs`, so the default does not hold there: whoever reaches the waypoint gets through it, and on to the pods once these admit the waypoint.',
    todo: 'Write the same default for waypoints: in the root namespace with the GatewayClass `istio-waypoint` as target, or with the waypoint itself.',
    source: 'istio/istio issue 58838',
  },
  kinds: [KIND],
  run(located, scope) {
    const { world, meshConfig } = scope;
    const { root } = located;
    const name = at(root, 'metadata', 'name');
    if (
      !name ||
      hasTargetRefs(root) ||
      selectorOf(located) ||
      actionOf(root) !== 'ALLOW' ||
      items(root, 'spec', 'rules').length > 0
    )
      return;
    if (!selectionOf(world, meshConfig.rootNamespace, located).reachesZtunnel || hasClassDefault(scope)) return;
    const everywhere = located.namespace === meshConfig.rootNamespace;
    const open = world.services(everywhere ? undefined : located.namespace).filter((service) => isOpen(scope, service));
    if (open.length === 0) return;
    const names = open.slice(0, 3).map((service) => `\`${service.name}\``);
    scope.report(
      name,
      `Waypoints do not read this default: for Service ${listed(open.length > 3 ? [...names, `${open.length - 3} more`] : names)} no policy limits who may pass the waypoint.`,
      {
        related: open.slice(0, 3).map((service) => ({
          site: {
            located: service.located,
            node: at(service.located.root, 'metadata', 'name') ?? service.located.root,
          },
          message: 'Reached through a waypoint without an ALLOW policy',
        })),
      },
    );
  },
});

function hasClassDefault({ world, meshConfig }: Scope): boolean {
  return world
    .inNamespace(KIND, meshConfig.rootNamespace)
    .some(
      (policy) =>
        isAllow(policy) &&
        targetsOf(policy.root).some(({ kind, name }) => kind === 'GatewayClass' && isWaypointClass(world, name)),
    );
}

function isOpen({ world }: Scope, service: Service): boolean {
  const binding = addresseeBinding(world, service.located);
  if (binding.state !== 'bound' || service.headless) return false;
  const atService = attachedTo(world, '/Service', service.namespace, service.name).some((site) =>
    isAllow(site.located),
  );
  const { waypoint } = binding;
  const atWaypoint = attachedTo(world, 'gateway.networking.k8s.io/Gateway', waypoint.namespace, waypoint.name).some(
    (site) => isAllow(site.located),
  );
  return !atService && !atWaypoint;
}

function isAllow(policy: Located): boolean {
  return policy.resource.kind === 'AuthorizationPolicy' && actionOf(policy.root) === 'ALLOW';
}
