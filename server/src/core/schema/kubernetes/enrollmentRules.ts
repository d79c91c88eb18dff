import { at, bool, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Report, Rule } from '../rule.ts';
import { templateOf } from './meshMetadata.ts';

/** Labels and annotations that are right one by one, and do not go together. */

const INJECTION = 'istio-injection';
const REVISION = 'istio.io/rev';
const MODE = 'istio.io/dataplane-mode';
const INJECT = 'sidecar.istio.io/inject';
const LINKERD_INJECT = 'linkerd.io/inject';

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

const HOST_NETWORK: CheckFacts = {
  code: 'host-network-not-meshed',
  severity: 'warning',
  what: 'A pod on the network of its node asks to be in a mesh.',
  why: 'Neither Istio nor Linkerd can capture the traffic of one pod there: it gets no proxy and does not join ambient mode.',
  todo: 'Remove `hostNetwork`, or the label or annotation.',
  peers: ['LKD:inject-skip'],
  webhook: false,
  source: 'linkerd/linkerd2@edge-26.8.3:pkg/inject/report.go; istio/istio@1.30.3:pkg/kube/inject/inject.go',
};

const ENROLLING = [
  { map: 'labels', key: INJECT, value: 'true' },
  { map: 'labels', key: MODE, value: 'ambient' },
  { map: 'annotations', key: LINKERD_INJECT, value: 'enabled' },
  { map: 'annotations', key: LINKERD_INJECT, value: 'ingress' },
] as const;

function reportEnrolling(metadata: YamlNode | undefined, report: Report): void {
  for (const { map, key, value } of ENROLLING) {
    const node = at(metadata, map, key);
    if (!node?.key || text(node) !== value) continue;
    report(node.key, `\`${key}\` has no effect on a pod with \`hostNetwork: true\`: the mesh leaves such pods alone.`);
  }
}

const hostNetwork: Rule = {
  facts: HOST_NETWORK,
  run(root, report, context) {
    const template = templateOf(context.kind);
    if (context.kind !== 'Pod' && template?.ownerKind !== 'Pod') return;
    const pod = template ? at(root, ...template.path.slice(0, -1)) : root;
    if (bool(pod, 'spec', 'hostNetwork') === true) reportEnrolling(at(pod, 'metadata'), report);
  },
};

export const enrollmentRules: readonly Rule[] = [severalLabels, hostNetwork];
