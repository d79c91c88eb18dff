import { choice, field, fragment, list, object, required, string } from '../define.ts';
import { kind } from '../kind.ts';
import { atMostOneOf } from '../rules.ts';
import { exportTo } from './exportTo.ts';
import { wildcardDomain } from './hosts.ts';
import { namedPort, portNumber } from './port.ts';
import { detectableProtocol } from './portProtocol.ts';
import { endpointRules } from './serviceEntryEndpoints.ts';
import { resolutionRules } from './serviceEntryResolution.ts';
import {
  hostsCanBeTold,
  notEveryHost,
  tcpPortHasAddress,
  uniquePortNumbers,
  virtualAddress,
  wholeLabelWildcard,
} from './serviceEntryRules.ts';
import { hasAddress, workloadEndpoint } from './workloadEndpoint.ts';
import { labelSelector } from './workloadLabels.ts';

const resolution = fragment(() =>
  choice({
    NONE: 'Connections go to the IP address that the client asked for, unchanged; the hosts only name the traffic. Endpoints are not allowed.',
    STATIC: 'Traffic goes to the IP addresses in `endpoints`, or to the workloads of `workloadSelector`.',
    DNS: 'Proxies resolve the names in `endpoints`, or else the hosts themselves, in the background and balance over **all** addresses of the answer.',
    DNS_ROUND_ROBIN:
      'Like `DNS`, but each new connection takes the first address of the latest answer and open ones are kept. For large services whose answers change all the time.',
    DYNAMIC_DNS: {
      doc: 'The name in each request (host header or SNI) is resolved when the request comes, so that wildcard hosts can reach names that are not known before. Only for wildcard hosts and HTTP or TLS ports.',
      since: '1.28',
    },
  }),
);

const location = fragment(() =>
  choice({
    MESH_EXTERNAL:
      'Outside the mesh: proxies do not use mutual TLS towards it, and policies are not enforced at the server. For APIs on the internet and databases.',
    MESH_INTERNAL:
      'Part of the mesh, such as virtual machines with a proxy: mutual TLS is used, and the identity of the endpoints is checked.',
  }),
);

const port = fragment(() =>
  object({
    number: required(portNumber(), 'The port that clients connect to.'),
    protocol: field(
      detectableProtocol({ max: 256 }),
      'What is spoken on the port: `HTTP`, `HTTPS`, `HTTP2`, `GRPC`, `TLS`, `TCP`, `MONGO`, `MYSQL` or `REDIS`. `HTTPS` and `TLS` are routed by SNI without ending TLS. When absent, sidecars and waypoints look at the first bytes; ztunnel treats everything as TCP.',
    ),
    name: required(
      namedPort({ max: 256 }),
      'A name for the port, unique within the ServiceEntry. Endpoints refer to it.',
    ),
    targetPort: field(
      portNumber(),
      'The port at the endpoints, when it is another than `number`. A port that an endpoint maps itself wins.',
    ),
  }),
);

/** What the service is called and where traffic for it goes. */
function serviceFields() {
  return {
    hosts: required(
      list(string({ rules: [notEveryHost, wildcardDomain(), wholeLabelWildcard] }), { min: 1, max: 256 }),
      'DNS names of the service, as clients write them; for HTTP they are compared with the host header, for TLS with the SNI. A wildcard may stand in front (`*.example.com`). In ambient a wildcard host works only through a waypoint.',
    ),
    addresses: field(
      list(string({ max: 64, rules: [virtualAddress] }), { max: 256 }),
      'Virtual IP addresses or networks of the service. For TCP ports they are how a connection is recognized. When they are absent and `resolution` is not `NONE`, istiod assigns one, which clients get when DNS is captured.',
    ),
    ports: field(
      list(port(), { max: 256, mapKeys: ['name'], rules: [uniquePortNumbers] }),
      'The ports of the service. Without any, the entry adds no route and traffic stays as it was.',
    ),
    location: field(
      location(),
      'Whether the service counts as part of the mesh: decides about mutual TLS and telemetry.',
      {
        default: 'MESH_EXTERNAL',
      },
    ),
    resolution: field(
      resolution(),
      'How proxies find the addresses to send traffic to. It says nothing about how the **client** resolves the name.',
      { default: 'NONE' },
    ),
  };
}

export const serviceEntry = kind({
  project: 'istio',
  group: 'networking.istio.io',
  kind: 'ServiceEntry',
  plural: 'serviceentries',
  shortNames: ['se'],
  scope: 'Namespaced',
  doc: 'Adds a service that Kubernetes does not know to the registry of the mesh: an API on the internet, a database, a virtual machine. Only then can routes, DestinationRules, telemetry and, with `REGISTRY_ONLY`, egress apply to it. With the label `istio.io/use-waypoint` its traffic passes a waypoint in ambient.',
  reference: 'https://istio.io/latest/docs/reference/config/networking/service-entry/',
  readBy: ['ztunnel', 'waypoint', 'sidecar', 'gateway'],
  versions: {
    v1: { served: true, storage: true, since: '1.22' },
    v1beta1: { served: true },
    v1alpha3: { served: true },
  },
  specRequired: true,
  spec: () =>
    object(
      {
        ...serviceFields(),
        endpoints: field(
          list(workloadEndpoint([hasAddress]), { max: 4096 }),
          'Where the service runs, written out. IP addresses or Unix sockets for `STATIC`, names or IP addresses for `DNS`. Not together with `workloadSelector`.',
        ),
        workloadSelector: field(
          labelSelector(),
          'Finds the endpoints by labels instead, among the pods and WorkloadEntries of the namespace. For `MESH_INTERNAL` services; not together with `endpoints`.',
        ),
        exportTo: field(
          exportTo({ nobodyAllowed: true }),
          'Namespaces whose proxies see the service: `*` all, `.` only its own, `~` none but the workloads of the service themselves, or names. ztunnel does not honor it: in ambient the service is seen everywhere.',
          { default: '*' },
        ),
        subjectAltNames: field(
          list(string()),
          'Names of which one must be in the certificate of the server when the proxy opens a TLS connection to it. A DestinationRule can set others.',
        ),
      },
      {
        rules: [
          atMostOneOf(['workloadSelector', 'endpoints']),
          ...resolutionRules,
          ...endpointRules,
          hostsCanBeTold,
          tcpPortHasAddress,
        ],
      },
    ),
});
