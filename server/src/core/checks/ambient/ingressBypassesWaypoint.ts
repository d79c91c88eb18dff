import { exposuresOf } from '../../mesh/exposures.ts';
import { attachedTo } from '../../mesh/targets.ts';
import { isGuarded } from '../../mesh/unguardedPods.ts';
import { addresseeBinding, INGRESS_USE_WAYPOINT, ingressUsesWaypoint, isWaypoint } from '../../mesh/waypoints.ts';
import type { Located } from '../../model/located.ts';
import { type Service, serviceOf } from '../../model/workloads.ts';
import type { Fix } from '../../schema/rule.ts';
import { at, items, text } from '../../yaml/access.ts';
import { addEntry, replaceScalar } from '../../yaml/edits.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** A Service whose waypoint gateways do not use. */
export const ingressBypassesWaypoint = workspaceCheck({
  facts: {
    code: 'ingress-bypasses-waypoint',
    severity: 'warning',
    what: 'A Service has policies at its waypoint, and gateways send requests to it without the waypoint.',
    why: 'Gateways call the pods directly unless the Service or its namespace has the label `istio.io/ingress-use-waypoint: "true"`. What comes in from outside is then subject to nothing that the waypoint enforces.',
    todo: 'Set the label on the Service or its namespace, or attach the same policies to the Gateway.',
    source: 'istio/istio@1.30.3:pilot/pkg/xds/endpoints/endpoint_builder.go',
  },
  kinds: ['/Service'],
  run(located, scope) {
    const service = serviceOf(located);
    const name = at(located.root, 'metadata', 'name');
    if (!service || !name || service.headless || ingressUsesWaypoint(scope.world, service)) return;
    const binding = addresseeBinding(scope.world, located);
    // Routes inside the mesh are not for what comes in by a gateway, which has its own.
    const attached = attachedTo(scope.world, '/Service', located.namespace, located.name).filter(
      (site) => site.located.resource.group !== 'gateway.networking.k8s.io',
    );
    if (binding.state !== 'bound' || attached.length === 0 || arePodsGuarded(scope, service)) return;
    const exposures = exposuresOf(scope.world, located);
    if (exposures.length === 0 && !isOpenToGateway(scope, located)) return;
    const skipped = [...new Set(attached.map((site) => site.located.resource.kind))].join(', ');
    const who = exposures.length > 0 ? 'Gateways that route to this Service' : 'Gateways';
    scope.report(
      name,
      `${who} skip its waypoint \`${binding.waypoint.name}\` and what is attached there (${skipped}), because \`${INGRESS_USE_WAYPOINT}\` is not set.`,
      {
        severity: exposures.length > 0 ? 'warning' : 'info',
        related: [
          ...exposures.map((site) => ({ site, message: 'Sent here by a gateway' })),
          ...attached.map((site) => ({ site, message: 'Skipped by gateways' })),
        ],
        fixes: setLabel(located),
      },
    );
  },
});

/** Pods whose callers are limited at ztunnel are not open to gateways that go past the waypoint. */
function arePodsGuarded({ world, meshConfig }: Scope, service: Service): boolean {
  const pods = world.endpointsOf(service);
  return pods.length > 0 && pods.every((workload) => isGuarded(world, meshConfig.rootNamespace, workload));
}

/** Whether a gateway of the workspace takes routes from the namespace of the Service, even if there is none yet. */
function isOpenToGateway({ world, settings }: Scope, { namespace }: Located): boolean {
  if (!settings.closedWorld) return false;
  return world
    .ofKind('gateway.networking.k8s.io/Gateway')
    .some(
      (gateway) =>
        !isWaypoint(world, gateway) &&
        items(gateway.root, 'spec', 'listeners').some(
          (listener) =>
            text(listener, 'allowedRoutes', 'namespaces', 'from') === 'All' || gateway.namespace === namespace,
        ),
    );
}

function setLabel(located: Located): Fix[] {
  const labels = at(located.root, 'metadata', 'labels');
  const metadata = at(located.root, 'metadata');
  const present = at(labels, INGRESS_USE_WAYPOINT);
  const { text: source } = located.document;
  const title = `Set \`${INGRESS_USE_WAYPOINT}: "true"\``;
  if (present?.kind === 'scalar') return [{ title, safe: false, edits: [replaceScalar(present, 'true')] }];
  if (labels?.kind === 'map')
    return [{ title, safe: false, edits: [addEntry(source, labels, INGRESS_USE_WAYPOINT, '"true"')] }];
  if (labels || metadata?.kind !== 'map') return [];
  return [{ title, safe: false, edits: [addEntry(source, metadata, 'labels', `{${INGRESS_USE_WAYPOINT}: "true"}`)] }];
}
