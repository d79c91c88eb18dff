import { bypassGuardsOf } from '../../mesh/bypassGuards.ts';
import { enrolmentOf } from '../../mesh/enrolment.ts';
import { exposuresOf } from '../../mesh/exposures.ts';
import { INGRESS_USE_WAYPOINT, ingressUsesWaypoint, isWaypoint, waypointServiceAccount } from '../../mesh/waypoints.ts';
import { type Caller, principalOf } from '../../mesh/ztunnelCallers.ts';
import type { Located } from '../../model/located.ts';
import type { Service } from '../../model/workloads.ts';
import { at, has, items, text } from '../../yaml/access.ts';
import { type Scope, workspaceCheck } from '../check.ts';

const ACCOUNT = 'gateway.istio.io/service-account';

/** A guard that admits the waypoint, before pods that gateways call past it. */
export const bypassGuardCutsIngress = workspaceCheck({
  facts: {
    code: 'bypass-guard-cuts-ingress',
    severity: 'warning',
    what: 'A policy lets pods be called by their waypoint only, and a gateway calls them without the waypoint.',
    why: 'Gateways send requests straight to the pods, under their own identity, unless the Service or its namespace has the label `istio.io/ingress-use-waypoint: "true"`. The policy refuses them, so nothing comes in from outside.',
    todo: 'Set the label, or name the gateway in the policy; its requests then pass unseen by the waypoint.',
    source: 'istio/istio@1.30.3:pilot/pkg/xds/endpoints/endpoint_builder.go',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const { world, settings } = scope;
    for (const guard of bypassGuardsOf(world, settings, located)) {
      const services = world.servicesOf(guard.workload).filter((service) => !ingressUsesWaypoint(scope.world, service));
      const gateway = gatewaysBefore(scope, services).find(({ caller }) => guard.refuses(caller));
      if (!gateway) continue;
      scope.report(
        guard.node,
        `Gateway \`${gateway.name}\` (\`${principalOf(gateway.caller)}\`) skips waypoint \`${guard.waypoint.name}\`, because \`${INGRESS_USE_WAYPOINT}\` is not set, and this policy refuses whoever does: requests from outside do not reach these pods.`,
        {
          related: [
            ...services.slice(0, 1).map((service) => ({
              site: {
                located: service.located,
                node: at(service.located.root, 'metadata', 'name') ?? service.located.root,
              },
              message: 'The Service that needs the label',
            })),
            ...gateway.because.map((site) => ({ site, message: 'Sent here by a gateway' })),
          ],
        },
      );
      return;
    }
  },
});

interface Ingress {
  readonly name: string;
  readonly caller: Caller;
  readonly because: ReturnType<typeof exposuresOf>;
}

/** The gateways that routes send from to the Services; in a closed world also those that are open to such routes. */
function gatewaysBefore({ world, settings, meshConfig }: Scope, services: readonly Service[]): Ingress[] {
  if (services.length === 0) return [];
  const because = services.flatMap((service) => exposuresOf(world, service.located));
  if (because.length === 0 && !settings.closedWorld) return [];
  const { trustDomain } = meshConfig;
  const declared = world
    .ofKind('gateway.networking.k8s.io/Gateway')
    .filter((gateway) => !isWaypoint(world, gateway) && (because.length > 0 || opensTo(gateway, services)))
    .map((gateway) => ({
      name: gateway.name,
      caller: { trustDomain, namespace: gateway.namespace, serviceAccount: accountOf(gateway) },
      because,
    }));
  // Gateways that are workloads of their own take what VirtualServices send.
  const injected = because.some(({ located }) => located.resource.kind === 'VirtualService')
    ? world.workloads().filter((workload) => enrolmentOf(world, workload).dataPlane === 'gateway')
    : [];
  return [
    ...declared,
    ...injected.map(({ name, namespace, serviceAccount }) => ({
      name,
      caller: { trustDomain, namespace, serviceAccount },
      because,
    })),
  ];
}

function accountOf(gateway: Located): string {
  return has(at(gateway.root, 'metadata', 'annotations'), ACCOUNT)
    ? waypointServiceAccount(gateway)
    : `${gateway.name}-${text(gateway.root, 'spec', 'gatewayClassName') ?? 'istio'}`;
}

function opensTo(gateway: Located, services: readonly Service[]): boolean {
  return items(gateway.root, 'spec', 'listeners').some(
    (listener) =>
      text(listener, 'allowedRoutes', 'namespaces', 'from') === 'All' ||
      services.some(({ namespace }) => namespace === gateway.namespace),
  );
}
