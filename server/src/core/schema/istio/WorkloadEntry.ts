import { kind } from '../kind.ts';
import { addressRule, hasAddress, workloadEndpoint } from './workloadEndpoint.ts';

export const workloadEntry = kind({
  project: 'istio',
  group: 'networking.istio.io',
  kind: 'WorkloadEntry',
  plural: 'workloadentries',
  shortNames: ['we'],
  scope: 'Namespaced',
  doc: 'Registers **one** workload outside Kubernetes, such as a virtual machine, as if it were a pod: address, labels, identity. By itself it gets no traffic; a ServiceEntry with a matching `workloadSelector`, or a Service that selects its labels, puts it behind a host. With auto-registration istiod writes these objects from a WorkloadGroup.',
  reference: 'https://istio.io/latest/docs/reference/config/networking/workload-entry/',
  readBy: ['ztunnel', 'waypoint', 'sidecar', 'gateway'],
  versions: {
    v1: { served: true, storage: true, since: '1.22' },
    v1beta1: { served: true },
    v1alpha3: { served: true },
  },
  specRequired: true,
  spec: () => workloadEndpoint([hasAddress, addressRule({ names: true, sockets: true })]),
});
