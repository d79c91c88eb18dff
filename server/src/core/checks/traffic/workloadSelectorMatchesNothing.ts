import { isManagedGateway } from '../../mesh/enrolment.ts';
import { mayFitForeign } from '../../model/foreignWorkloads.ts';
import { gatewayFacts, gatewayWorkloads, ISTIO_GATEWAY } from '../../model/gateways.ts';
import { describeLabels, hasHiddenLabels, type Labels, labelsOf, matchesLabels } from '../../model/labels.ts';
import type { Located } from '../../model/located.ts';
import { mayHaveAnyLabel } from '../../model/workloads.ts';
import { at } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';

const SIDECAR = 'networking.istio.io/Sidecar';

/** A Gateway or a Sidecar that configures no proxy. */
export const workloadSelectorMatchesNothing = workspaceCheck({
  facts: {
    code: 'workload-selector-matches-nothing',
    severity: 'error',
    what: 'The selector of a Gateway or Sidecar matches no workload.',
    why: 'It configures no proxy: what a Gateway opens is open nowhere, and what a Sidecar limits is not limited.',
    todo: 'Write labels of the pods: of the gateway proxies for a Gateway, of workloads in the same namespace for a Sidecar.',
    source:
      'istio/istio pkg/config/analysis/analyzers/gateway/gateway.go; istio/istio pkg/config/analysis/analyzers/sidecar/selector.go',
  },
  kinds: [ISTIO_GATEWAY, SIDECAR],
  run(located, scope) {
    if (located.resource.kind === 'Gateway') checkGateway(located, scope);
    else checkSidecar(located, scope);
  },
});

function checkGateway(located: Located, scope: Scope): void {
  const facts = gatewayFacts(located);
  const { selector, selectorNode, selectorKnown } = facts;
  if (!selectorNode || !selectorKnown || selector.size === 0 || gatewayWorkloads(scope.world, facts).length > 0) return;
  if (isManagedGateway(selector) || mayFitForeign(scope.world, undefined, (labels) => matchesLabels(selector, labels)))
    return;
  // A chart of Istio installs the usual gateways, and their pods stand in no file of a repository.
  const severity =
    scope.absence === 'error'
      ? installedByChart(selector) && isInstalledElsewhere(scope)
        ? 'silent'
        : 'error'
      : installedByChart(selector)
        ? 'silent'
        : scope.absence;
  scope.report(
    selectorNode,
    `No workload of the workspace has the labels ${describeLabels(selector)}, so this Gateway is open nowhere.`,
    { severity, peers: ['IST0101', 'KIA0302'] },
  );
}

function installedByChart(selector: Labels): boolean {
  return ['ingressgateway', 'egressgateway', 'ingress', 'egress', 'eastwestgateway'].includes(
    selector.get('istio') ?? '',
  );
}

/** Where nothing runs in the files, or an operator makes what Istio itself needs. */
function isInstalledElsewhere({ world }: Scope): boolean {
  return world.workloads().length === 0 || world.ofKind('install.istio.io/IstioOperator').length > 0;
}

function checkSidecar(located: Located, scope: Scope): void {
  const node = at(located.root, 'spec', 'workloadSelector', 'labels');
  const wanted = labelsOf(node);
  if (!node || wanted.size === 0 || hasHiddenLabels(node)) return;
  const workloads = scope.world.workloads(located.namespace);
  if (workloads.some((workload) => mayHaveAnyLabel(workload) || matchesLabels(wanted, workload.labels))) return;
  if (mayFitForeign(scope.world, located.namespace, (labels) => matchesLabels(wanted, labels))) return;
  if (workloads.length === 0 && !scope.settings.closedWorld) return;
  report(
    node,
    `No workload of namespace \`${located.namespace}\` has the labels ${describeLabels(wanted)}, so this Sidecar limits nothing.`,
    scope,
  );
}

function report(node: YamlNode, message: string, scope: Scope): void {
  scope.report(node, message, {
    severity: scope.absence === 'error' ? 'warning' : scope.absence,
    peers: ['IST0101', 'KIA0004'],
  });
}
