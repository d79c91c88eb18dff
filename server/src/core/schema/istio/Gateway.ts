import { field, fragment, list, map, object, required, string } from '../define.ts';
import { kind } from '../kind.ts';
import { hostEntries } from './gatewayHosts.ts';
import {
  gatewayHasServers,
  gatewayNameIsLabel,
  noTlsOnPlainPort,
  portOrSocket,
  redirectOnlyFromHttp,
  tlsPortHasSettings,
  uniquePortNames,
  unixSocketHasNoPort,
} from './gatewayRules.ts';
import { portNameGiven, portRange, uint32, uselessTargetPort } from './port.ts';
import { bindAddress, unixSocket } from './portBind.ts';
import { protocol } from './portProtocol.ts';
import { serverTls } from './serverTls.ts';
import { specNeeded } from './specNeeded.ts';

const serverPort = fragment(() =>
  object({
    number: required(
      uint32([portRange({ zeroAllowed: true })]),
      'The port on which the gateway proxy listens. It must also be open on the Service of the gateway; that Service may map it from another number.',
    ),
    protocol: required(
      protocol(),
      'What is spoken on the port: `HTTP`, `HTTPS`, `HTTP2`, `GRPC`, `GRPC-WEB`, `TLS`, `TCP`, `MONGO`, `MYSQL` or `REDIS`. With `HTTPS` and `TLS` the mode in `tls` decides where TLS ends.',
    ),
    name: required(
      string({ rules: [portNameGiven] }),
      'A label for the port, unique within this Gateway. It appears in the names of routes and in metrics.',
    ),
    targetPort: uselessTargetPort(),
  }),
);

const server = fragment(() =>
  object(
    {
      port: required(
        serverPort(),
        'The port to open. Servers of several Gateways on the same pods share a port number when their hosts differ.',
      ),
      hosts: required(
        hostEntries('gateway'),
        'Host names that the port serves, as `name` or `namespace/name`. The namespace says whose VirtualServices may bind to this server: `*` (as when it is left out) any, `.` only those beside the Gateway. A VirtualService binds only when one of its hosts matches.',
      ),
      tls: field(
        serverTls(),
        'How TLS is handled. Required for protocols `HTTPS` and `TLS`; on an `HTTP` port only `httpsRedirect` makes sense.',
      ),
      bind: field(
        string({ rules: [bindAddress({ unixAllowed: true }), unixSocket] }),
        'The IP address, or `unix://` socket, to listen on when it should not be every address of the pod. Such a listener is not shared with servers that bind elsewhere.',
        { default: '0.0.0.0' },
      ),
      defaultEndpoint: field(
        string(),
        'Meant as the place for traffic that no route takes, but istiod does not read it for gateways. Write a VirtualService or HTTPRoute instead.',
      ),
      name: field(
        string(),
        'A name for the server, unique among all servers of the gateway; it prefixes the statistics of the listener.',
      ),
    },
    {
      rules: [unixSocketHasNoPort, portOrSocket, tlsPortHasSettings, noTlsOnPlainPort, redirectOnlyFromHttp],
    },
  ),
);

export const gateway = kind({
  project: 'istio',
  group: 'networking.istio.io',
  kind: 'Gateway',
  plural: 'gateways',
  shortNames: ['gw'],
  scope: 'Namespaced',
  doc: "Opens ports on **existing** gateway proxies at the edge of the mesh and says which hosts they serve, with which TLS. It creates no pods and routes nothing by itself: VirtualServices bind to it by name. This is Istio's own API; the `Gateway` of `gateway.networking.k8s.io` is another kind, and waypoints read only that one.",
  reference: 'https://istio.io/latest/docs/reference/config/networking/gateway/',
  readBy: ['gateway'],
  versions: {
    v1: { served: true, storage: true, since: '1.22' },
    v1beta1: { served: true },
    v1alpha3: { served: true },
  },
  spec: () =>
    object(
      {
        selector: field(
          map(string()),
          'Labels of the gateway **pods** to configure, such as `istio: ingressgateway`; not of their Deployment or Service. Pods of every namespace are looked at, unless the mesh is set to scope gateways to their namespace.',
        ),
        servers: field(
          list(server(), { rules: [uniquePortNames] }),
          'The ports to open, each with its protocol, hosts and TLS. At least one is needed.',
        ),
      },
      { rules: [gatewayHasServers] },
    ),
  rules: [gatewayNameIsLabel, specNeeded],
});
