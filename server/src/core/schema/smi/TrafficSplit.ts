// Kinds of the Service Mesh Interface that are still in use. The specification itself is archived.
import { intOrString, list, number, object, required, string } from '../define.ts';
import { kind } from '../kind.ts';

const WEIGHT = 'The share of the traffic, relative to the other weights. Zero takes the service out.';

function backend(version: string) {
  return object({
    service: required(string(), 'The Service that gets the share, in the same namespace.'),
    weight: required(version === 'v1alpha1' ? intOrString() : number(), WEIGHT),
  });
}

export const trafficSplit = kind({
  project: 'smi',
  group: 'split.smi-spec.io',
  kind: 'TrafficSplit',
  plural: 'trafficsplits',
  shortNames: ['ts'],
  scope: 'Namespaced',
  doc: 'Divides the traffic of a Service among others by weight. Read by the linkerd-smi extension alone, which turns it into a ServiceProfile; **HTTPRoute** with weighted `backendRefs` has taken its place and needs no extension.',
  reference: 'https://github.com/servicemeshinterface/smi-spec/blob/main/apis/traffic-split/v1alpha2/traffic-split.md',
  readBy: ['linkerd-proxy'],
  versions: { v1alpha2: { served: true }, v1alpha1: { served: true, storage: true } },
  spec: (version) =>
    object({
      service: required(string(), 'The Service that clients call, and whose traffic is divided.'),
      backends: required(
        list(backend(version)),
        'The Services among which the traffic is divided. The called Service itself may be one of them.',
      ),
    }),
});
