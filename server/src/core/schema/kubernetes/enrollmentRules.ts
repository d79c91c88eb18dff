import { at, text } from '../../yaml/access.ts';
import type { CheckFacts, Rule } from '../rule.ts';

/** Labels and annotations that are right one by one, and do not go together. */

const INJECTION = 'istio-injection';
const REVISION = 'istio.io/rev';

const SEVERAL_LABELS: CheckFacts = {
  code: 'conflicting-injection-labels',
  severity: 'warning',
  what: 'A Namespace has both `istio-injection: enabled` and `istio.io/rev`.',
  why: '`istio-injection` wins: pods get a sidecar of the default revision, and the revision label does nothing.',
  todo: 'Remove one of the labels; for a certain revision, remove `istio-injection`.',
  peers: ['IST0123'],
  webhook: false,
  source: 'istio/istio@1.30.3:manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml',
};

const severalLabels: Rule = {
  facts: SEVERAL_LABELS,
  run(root, report, context) {
    const labels = at(root, 'metadata', 'labels');
    const revision = text(labels, REVISION);
    const node = at(labels, REVISION);
    if (context.kind !== 'Namespace' || !node?.key || revision === undefined || text(labels, INJECTION) !== 'enabled')
      return;
    report(
      node.key,
      `\`${INJECTION}: enabled\` wins over \`${REVISION}\`: pods get the default revision, not \`${revision}\`.`,
    );
  },
};

export const enrollmentRules: readonly Rule[] = [severalLabels];
