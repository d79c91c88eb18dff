import { enrolmentOf, isAmbientNamespace } from '../../mesh/enrolment.ts';
import { labelsOf, matchesLabels } from '../../model/labels.ts';
import { describeLocated, type Located } from '../../model/located.ts';
import { at } from '../../yaml/access.ts';
import { type Scope, workspaceCheck } from '../check.ts';

const SIDECAR = 'networking.istio.io/Sidecar';

/** Two Sidecars for the same proxies. */
export const sidecarRepeated = workspaceCheck({
  facts: {
    code: 'sidecar-repeated',
    severity: 'error',
    what: 'Two Sidecars configure the same proxies: both select a workload, or both are for the whole namespace.',
    why: 'A proxy takes one Sidecar, and which one is not defined.',
    todo: 'Join the two, or make their selectors exclude each other.',
    source:
      'istio/istio pkg/config/analysis/analyzers/sidecar; kiali/kiali business/checkers/common/multi_match_checker.go',
  },
  kinds: [SIDECAR],
  run(located, scope) {
    const name = at(located.root, 'metadata', 'name');
    const others = scope.world.inNamespace(SIDECAR, located.namespace).filter((other) => other.name !== located.name);
    if (!name || others.length === 0) return;
    if (at(located.root, 'spec', 'workloadSelector')) checkSelected(located, others, scope);
    else checkWhole(located, others, scope);
  },
});

function checkWhole(located: Located, others: readonly Located[], scope: Scope): void {
  // Ambient pods read no Sidecar at all; that is another fault.
  if (isAmbientNamespace(scope.world, located.namespace)) return;
  const rival = others.find(({ root }) => !at(root, 'spec', 'workloadSelector'));
  const name = at(located.root, 'metadata', 'name');
  if (!rival || !name) return;
  scope.report(name, `${describeLocated(rival)} is for the whole namespace, too. Proxies take one of the two.`, {
    peers: ['IST0111', 'KIA0002'],
    related: [{ site: { located: rival, node: rival.root }, message: 'the other Sidecar' }],
  });
}

function checkSelected(located: Located, others: readonly Located[], scope: Scope): void {
  const node = at(located.root, 'spec', 'workloadSelector', 'labels');
  const wanted = labelsOf(node);
  if (!node || wanted.size === 0) return;
  const chosen = scope.world
    .workloads(located.namespace)
    .filter(
      (workload) =>
        matchesLabels(wanted, workload.labels) && enrolmentOf(scope.world, workload).dataPlane !== 'ambient',
    );
  for (const other of others) {
    const labels = labelsOf(at(other.root, 'spec', 'workloadSelector', 'labels'));
    const both = labels.size === 0 ? undefined : chosen.find((workload) => matchesLabels(labels, workload.labels));
    if (!both) continue;
    scope.report(
      node,
      `${describeLocated(other)} also selects ${both.located.resource.kind} \`${both.name}\`. Its proxies take one of the two.`,
      {
        peers: ['IST0110', 'KIA0003'],
        related: [
          {
            site: { located: other, node: at(other.root, 'spec', 'workloadSelector') ?? other.root },
            message: 'the other Sidecar',
          },
          { site: { located: both.located, node: both.metadata ?? both.located.root }, message: 'selected by both' },
        ],
      },
    );
    return;
  }
}
