import { isManagedGateway } from '../../mesh/enrolment.ts';
import { hasTargetRefs } from '../../mesh/ztunnelPolicy.ts';
import { mayFitForeign } from '../../model/foreignWorkloads.ts';
import { describeLabels, hasHiddenLabels, labelsOf, matchesLabels } from '../../model/labels.ts';
import type { Located } from '../../model/located.ts';
import { mayHaveAnyLabel } from '../../model/workloads.ts';
import { at, entriesOf, has } from '../../yaml/access.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** A policy whose selector no workload has. */
export const selectorMatchesNothing = workspaceCheck({
  facts: {
    code: 'selector-matches-nothing',
    severity: 'warning',
    what: 'The selector of a policy matches no workload of its namespace.',
    why: 'The policy applies to nothing. An ALLOW that selects nothing protects nothing either.',
    todo: 'Correct the labels: they must be those of the pods, not of the Deployment or the Service.',
    source:
      'istio/istio pkg/config/analysis/analyzers/authz/authorizationpolicies.go; kiali/kiali business/checkers/common/workload_selector_checker.go',
  },
  kinds: [
    'security.istio.io/AuthorizationPolicy',
    'security.istio.io/PeerAuthentication',
    'security.istio.io/RequestAuthentication',
    'telemetry.istio.io/Telemetry',
  ],
  run(located, scope) {
    const node = at(located.root, 'spec', 'selector', 'matchLabels');
    if (!node || entriesOf(node).length === 0) {
      reportEmptyNamespace(located, scope);
      return;
    }
    const wanted = labelsOf(node);
    // A label from a template could be anything, and wildcards are a fault of their own.
    if (hasHiddenLabels(node) || [...wanted].flat().some((part) => part.includes('*'))) return;
    const mesh = located.namespace === scope.meshConfig.rootNamespace;
    const workloads = mesh ? scope.world.workloads() : scope.world.workloads(located.namespace);
    if (workloads.some((workload) => mayHaveAnyLabel(workload) || matchesLabels(wanted, workload.labels))) return;
    if (mayFitForeign(scope.world, mesh ? undefined : located.namespace, (labels) => matchesLabels(wanted, labels)))
      return;
    // Pods of Gateways are made by the mesh, with a label that names the Gateway.
    if (isManagedGateway(wanted)) return;
    if (workloads.length === 0 && !scope.settings.closedWorld) return;
    const where = mesh ? 'No workload of the workspace' : `No workload of namespace \`${located.namespace}\``;
    scope.report(
      node,
      `${where} has the labels ${describeLabels(wanted)}, so this policy applies to nothing.${nearHint(located, scope, wanted)}`,
      {
        severity: scope.absence === 'error' ? 'warning' : scope.absence,
        peers:
          located.resource.kind === 'AuthorizationPolicy'
            ? ['IST0127', 'KIA0004']
            : located.resource.kind === 'Telemetry'
              ? ['IST0101', 'KIA0004']
              : ['KIA0004'],
      },
    );
  },
});

/** A policy for a whole namespace in which nothing runs. */
function reportEmptyNamespace(located: Located, scope: Scope): void {
  const { world, settings, meshConfig } = scope;
  const { root, namespace, resource } = located;
  if (
    resource.kind !== 'AuthorizationPolicy' ||
    !settings.closedWorld ||
    namespace === meshConfig.rootNamespace ||
    hasTargetRefs(root)
  )
    return;
  const name = at(root, 'metadata', 'name');
  if (
    !name ||
    has(root, 'spec') === false ||
    world.workloads(namespace).length > 0 ||
    mayFitForeign(world, namespace, () => true) ||
    world.ofKind('gateway.networking.k8s.io/Gateway').some((gateway) => gateway.namespace === namespace)
  )
    return;
  scope.report(name, `Nothing runs in namespace \`${namespace}\`, so this policy applies to nothing.`, {
    peers: ['IST0127'],
  });
}

/** The one label that is wrong, when all others of some workload fit. */
function nearHint(located: Located, scope: Scope, wanted: ReadonlyMap<string, string>): string {
  for (const workload of scope.world.workloads(located.namespace)) {
    const wrong = [...wanted].filter(([key, value]) => workload.labels.get(key) !== value);
    const [key = ''] = wrong[0] ?? [];
    const actual = workload.labels.get(key);
    if (wrong.length === 1 && wanted.size > 1 && actual !== undefined)
      return ` ${workload.located.resource.kind} \`${workload.name}\` has \`${key}: ${actual}\`.`;
  }
  return '';
}
