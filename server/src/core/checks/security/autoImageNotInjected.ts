import { enrolmentOf } from '../../mesh/enrolment.ts';
import type { Labels } from '../../model/labels.ts';
import { workloadOf } from '../../model/workloads.ts';
import { asMap, at, items, text } from '../../yaml/access.ts';
import { addEntry } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

const INJECT = 'sidecar.istio.io/inject';

/** The image that injection fills in, in pods that are not injected. */
export const autoImageNotInjected = workspaceCheck({
  facts: {
    code: 'auto-image-not-injected',
    severity: 'warning',
    what: 'A container has the image `auto`, and nothing asks for the injection that replaces it.',
    why: 'The kubelet tries to pull an image of that name, and the pod stays in ImagePullBackOff.',
    todo: `Add the label \`${INJECT}: "true"\` to the pods, or a label for injection to their namespace.`,
    source: 'istio/istio pkg/config/analysis/analyzers/injection/injection-image.go',
  },
  kinds: ['/Pod', 'apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet'],
  run(located, { world, settings, report }) {
    const workload = workloadOf(located);
    const image = items(workload?.spec, 'containers')
      .filter((container) => text(container, 'name') === 'istio-proxy')
      .map((container) => at(container, 'image'))
      .find((node) => text(node) === 'auto');
    if (!workload || !image) return;
    const { certain, dataPlane } = enrolmentOf(world, workload);
    const asked = isAsked(workload.labels, world.namespaceLabels(workload.namespace));
    if (asked || dataPlane === 'sidecar' || !(certain || settings.closedWorld)) return;
    const labels = asMap(at(workload.metadata, 'labels'));
    report(image, 'Nothing asks for injection here, so that `auto` is taken for the name of an image.', {
      peers: [located.resource.kind === 'Pod' ? 'IST0147' : 'IST0146'],
      severity: located.resource.kind === 'Pod' ? 'error' : 'warning',
      fixes: labels
        ? [
            {
              title: `Add the label \`${INJECT}: "true"\``,
              safe: false,
              edits: [addEntry(located.document.text, labels, INJECT, '"true"')],
            },
          ]
        : [],
    });
  },
});

/** The label of the pods decides before those of the namespace. */
function isAsked(own: Labels, ofNamespace: Labels | undefined): boolean {
  const inject = own.get(INJECT);
  if (inject !== undefined) return inject !== 'false';
  if (own.has('istio.io/rev')) return true;
  const injection = ofNamespace?.get('istio-injection');
  return injection === undefined ? (ofNamespace?.has('istio.io/rev') ?? false) : injection !== 'disabled';
}
