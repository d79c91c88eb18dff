import { type Labels, labelsOf, matchesLabels } from '../../model/labels.ts';
import { describeLocated, type Located } from '../../model/located.ts';
import { at, entriesOf } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

const GROUP = 'networking.istio.io/WorkloadGroup';

/** Two groups of machines that nothing tells apart. */
export const workloadGroupRepeated = workspaceCheck({
  facts: {
    code: 'workload-group-repeated',
    severity: 'warning',
    what: 'Two WorkloadGroups of a namespace give their machines the same labels.',
    why: 'Services, policies and subsets choose by labels: what is meant for the machines of one group reaches both.',
    todo: 'Add a label that tells the groups apart, or join the two.',
    peers: ['KIA1702'],
    source: 'kiali/kiali business/checkers/workloadgroups/duplicate_labels_checker.go',
  },
  kinds: [GROUP],
  run(located, scope) {
    const node = at(located.root, 'spec', 'metadata', 'labels');
    const labels = labelsOf(node);
    if (!node || labels.size === 0 || labels.size < entriesOf(node).length) return;
    const twin = scope.world
      .inNamespace(GROUP, located.namespace)
      .find((other) => other.name !== located.name && isSame(labels, groupLabels(other)));
    if (!twin) return;
    scope.report(
      node,
      `${describeLocated(twin)} has the same labels: what selects the machines of one group selects both.`,
      {
        related: [
          {
            site: { located: twin, node: at(twin.root, 'spec', 'metadata', 'labels') ?? twin.root },
            message: 'the same labels',
          },
        ],
      },
    );
  },
});

function groupLabels(group: Located): Labels {
  return labelsOf(at(group.root, 'spec', 'metadata', 'labels'));
}

function isSame(a: Labels, b: Labels): boolean {
  return a.size === b.size && matchesLabels(a, b);
}
