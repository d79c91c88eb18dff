import { field, fragment, map, object, required, string } from '../define.ts';
import { kind } from '../kind.ts';
import { readinessProbe } from './probe.ts';
import { workloadEndpoint } from './workloadEndpoint.ts';
import { workloadLabels } from './workloadLabels.ts';

const metadata = fragment(() =>
  object({
    labels: field(
      workloadLabels(),
      'Labels of every WorkloadEntry made from the group, by which selectors find it. Labels of `template` are added to them.',
    ),
    annotations: field(
      map(string(), { max: 256 }),
      'Annotations of every WorkloadEntry made from the group, for tools and notes; they select nothing.',
    ),
  }),
);

export const workloadGroup = kind({
  project: 'istio',
  group: 'networking.istio.io',
  kind: 'WorkloadGroup',
  plural: 'workloadgroups',
  shortNames: ['wg'],
  scope: 'Namespaced',
  doc: 'Describes machines outside Kubernetes that run the same application, as a Deployment describes pods. When the agent of such a machine connects, istiod makes a WorkloadEntry from the template (auto-registration) and keeps its health up to date by the probe. What runs on the machine is a **sidecar**, not ztunnel.',
  reference: 'https://istio.io/latest/docs/reference/config/networking/workload-group/',
  readBy: ['control-plane'],
  versions: {
    v1: { served: true, storage: true, since: '1.22' },
    v1beta1: { served: true },
    v1alpha3: { served: true },
  },
  specRequired: true,
  spec: () =>
    object({
      metadata: field(metadata(), 'Labels and annotations for the WorkloadEntry of every machine of the group.'),
      template: required(
        workloadEndpoint(),
        'What the WorkloadEntry of each machine says. Leave `address` out: it is filled in when the machine registers. `serviceAccount` decides the identity of the machines.',
      ),
      probe: field(
        readinessProbe(),
        'How the agent finds out whether the application is ready. Without it a machine gets traffic as soon as it has registered.',
        { readBy: ['sidecar'] },
      ),
    }),
});
