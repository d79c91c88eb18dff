import { mayFitForeign } from '../../model/foreignWorkloads.ts';
import { ownersOfHost } from '../../model/hosts.ts';
import { describeLabels, hasHiddenLabels, type Labels, labelsOf, matchesLabels } from '../../model/labels.ts';
import type { Located } from '../../model/located.ts';
import { mayHaveAnyLabel } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { at, has, items } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** Labels that the platform or the machine gives, not the template of the pod. */
const PLATFORM_LABEL =
  /^(?:topology\.(?:kubernetes\.io|istio\.io)|kubernetes\.io|node\.kubernetes\.io|failure-domain\.beta\.kubernetes\.io|istio\.io|pod-template-hash|statefulset\.kubernetes\.io|apps\.kubernetes\.io)\b/;

/** A subset that no workload of its host is in. */
export const subsetSelectsNothing = workspaceCheck({
  facts: {
    code: 'subset-selects-nothing',
    severity: 'error',
    what: 'No workload behind the host has the labels of a subset.',
    why: 'The subset has no endpoints, so that requests sent to it are answered with 503.',
    todo: 'Write labels that the pods of the Service have, or deploy the version that the subset is for.',
    peers: ['IST0173', 'KIA0203'],
    source:
      'istio/istio pkg/config/analysis/analyzers/destinationrule/pod-not-selected.go; kiali/kiali business/checkers/destinationrules/no_dest_checker.go',
  },
  kinds: ['networking.istio.io/DestinationRule'],
  run(located, scope) {
    const host = at(located.root, 'spec', 'host');
    if (host?.kind !== 'scalar' || host.templated || host.text.includes('*')) return;
    const endpoints = endpointsOf(scope.world, host.text, located);
    if (!endpoints) return;
    for (const subset of items(located.root, 'spec', 'subsets')) {
      const node = at(subset, 'labels');
      const all = labelsOf(node);
      if (!node || all.size === 0 || hasHiddenLabels(node)) continue;
      const wanted = new Map([...all].filter(([key]) => !PLATFORM_LABEL.test(key)));
      if (endpoints.some((labels) => matchesLabels(wanted, labels))) continue;
      scope.report(
        node,
        `No workload behind \`${host.text}\` has the labels ${describeLabels(wanted)}.${knownValues(wanted, endpoints)}`,
        { severity: scope.absence },
      );
    }
  },
});

/** The labels of what is behind a host; undefined when that is not known. */
function endpointsOf(world: World, host: string, located: Located): Labels[] | undefined {
  const owners = ownersOfHost(world, host, located.namespace);
  if (owners.length === 0) return undefined;
  const found = owners.map(({ located: owner }) =>
    owner.resource.kind === 'Service' ? podsOf(world, owner) : entryEndpoints(world, owner),
  );
  return found.some((labels) => labels === undefined) ? undefined : found.flatMap((labels) => labels ?? []);
}

function podsOf(world: World, owner: Located): Labels[] | undefined {
  const service = world.service(owner.namespace, owner.name);
  // Without a selector the endpoints are managed by hand; with labels from a template any pod may be one.
  if (!service?.selector || hidesPods(world, owner.namespace, service.selector)) return undefined;
  return world.endpointsOf(service).map(({ labels }) => labels);
}

/** Whether a template may say any label, or another tool makes pods that fit and gives them labels of its own besides. */
function hidesPods(world: World, namespace: string, wanted: Labels): boolean {
  return (
    world.workloads(namespace).some(mayHaveAnyLabel) ||
    mayFitForeign(world, namespace, (labels) => matchesLabels(wanted, labels))
  );
}

function entryEndpoints(world: World, owner: Located): Labels[] | undefined {
  const selector = at(owner.root, 'spec', 'workloadSelector', 'labels');
  if (selector) {
    const wanted = labelsOf(selector);
    if (hidesPods(world, owner.namespace, wanted)) return undefined;
    return world.workloads(owner.namespace).flatMap(({ labels }) => (matchesLabels(wanted, labels) ? [labels] : []));
  }
  return has(at(owner.root, 'spec'), 'endpoints')
    ? items(owner.root, 'spec', 'endpoints').map((endpoint) => labelsOf(at(endpoint, 'labels')))
    : undefined;
}

function knownValues(wanted: Labels, endpoints: readonly Labels[]): string {
  for (const [key, value] of wanted) {
    const values = [...new Set(endpoints.flatMap((labels) => labels.get(key) ?? []))];
    if (values.length > 0 && !values.includes(value))
      return ` Known values of \`${key}\`: ${values
        .slice(0, 5)
        .map((each) => `\`${each}\``)
        .join(', ')}.`;
  }
  return '';
}
