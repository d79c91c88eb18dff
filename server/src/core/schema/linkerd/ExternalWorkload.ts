import { choice, field, fragment, int, list, object, required, string } from '../define.ts';
import { kind } from '../kind.ts';

const meshTls = fragment(() =>
  object({
    identity: required(
      string({ min: 1, max: 253 }),
      'The identity in the certificate of the workload, a SPIFFE id such as `spiffe://root.linkerd.cluster.local/vm-1`. Clients refuse the connection when another is shown.',
    ),
    serverName: required(
      string({ min: 1, max: 253 }),
      'The DNS name that clients send in the TLS handshake (SNI) and by which the workload finds its certificate.',
    ),
  }),
);
const MESH_TLS = 'How clients in the mesh recognize the workload.';

export const externalWorkload = kind({
  project: 'linkerd',
  group: 'workload.linkerd.io',
  kind: 'ExternalWorkload',
  plural: 'externalworkloads',
  shortNames: [],
  scope: 'Namespaced',
  doc: 'A workload **outside of the cluster**, such as a virtual machine with a Linkerd proxy. Services select it by its labels like a pod, and Servers by `externalWorkloadSelector`.',
  reference: 'https://linkerd.io/2/reference/external-workload/',
  readBy: ['control-plane'],
  since: '2.16',
  versions: { v1beta1: { served: true, storage: true, since: '2.16' }, v1alpha1: { served: true, since: '2.16' } },
  specRequired: true,
  spec: (version) =>
    object({
      ...(version === 'v1alpha1'
        ? { meshTls: required(meshTls(), MESH_TLS, { versions: ['v1alpha1'] }) }
        : { meshTLS: required(meshTls(), MESH_TLS, { versions: ['v1beta1'] }) }),
      ports: field(
        list(
          object({
            name: field(
              string(),
              'The name by which the `targetPort` of a Service can refer to the port; unique in the list.',
            ),
            port: required(int({ min: 1, max: 65535 }), 'The number of the port on which the workload listens.'),
            protocol: field(
              choice({
                TCP: 'Connections, which the mesh can secure and route.',
                UDP: 'Datagrams, which Linkerd does not handle: they pass outside of the mesh.',
              }),
              'The transport protocol spoken there. Only TCP takes part in the mesh.',
              { default: 'TCP' },
            ),
          }),
        ),
        'The ports on which the workload can be reached. Only ports listed here can be the target of a Service.',
      ),
      workloadIPs: field(
        list(object({ ip: field(string(), 'An IPv4 or IPv6 address that the pods of the cluster can reach.') }), {
          max: version === 'v1alpha1' ? 1 : 2,
        }),
        'The addresses of the workload. Two are for dual stack: one IPv4 and one IPv6 address.',
      ),
    }),
});
