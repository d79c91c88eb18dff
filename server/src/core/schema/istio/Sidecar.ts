import { choice, field, fragment, list, object, required, string } from '../define.ts';
import { kind } from '../kind.ts';
import { connectionPool } from './connectionPool.ts';
import { portSelector, subsetName } from './destination.ts';
import { hostEntries } from './gatewayHosts.ts';
import { domainName } from './hosts.ts';
import { portName, portRange, uint32, uselessTargetPort } from './port.ts';
import { bindAddress, unixSocket } from './portBind.ts';
import { detectableProtocol } from './portProtocol.ts';
import { serverTls } from './serverTls.ts';
import {
  catchAllIsLast,
  egressProxyComplete,
  noCaptureForSocket,
  portOrSocket,
  sidecarSaysSomething,
  socketHasNoNumber,
  uniqueEgressListeners,
} from './sidecarEgress.ts';
import { distinctEgressHosts } from './sidecarHosts.ts';
import {
  httpPoolNeedsHttp,
  ingressHasPort,
  ownEndpoint,
  supportedTls,
  tlsNeedsTlsPort,
  uniqueIngressPorts,
} from './sidecarIngress.ts';
import { specNeeded } from './specNeeded.ts';
import { labelSelector } from './workloadLabels.ts';

const captureMode = fragment(() =>
  choice({
    DEFAULT:
      'As the pod is set up: traffic is redirected by iptables, unless the interception mode of the pod is `NONE`.',
    IPTABLES: 'Traffic is expected to arrive by iptables redirection.',
    NONE: 'Nothing is redirected. The application must connect to (or listen behind) the address of the listener itself.',
  }),
);

function listenerPort(numberDoc: string) {
  return object({
    number: field(uint32([portRange({ zeroAllowed: true })]), numberDoc),
    protocol: field(
      detectableProtocol(),
      'What is spoken on the port, such as `HTTP`, `GRPC`, `TLS` or `TCP`. When it is absent, the proxy looks at the first bytes.',
    ),
    name: field(
      string({ rules: [portName({ emptyAllowed: true })] }),
      'A label for the port, used in the names of routes and in metrics.',
    ),
    targetPort: uselessTargetPort(),
  });
}

const ingressListener = fragment(() =>
  object(
    {
      port: required(
        listenerPort(
          'The port on which the workload is reached, as a Service sees it: its target port. Required for an ingress listener.',
        ),
        'The port to listen on for traffic to the workload.',
      ),
      bind: field(
        string({ rules: [bindAddress({ unixAllowed: false })] }),
        'The IP address to listen on. Traffic to the other addresses of the pod is then not taken by this listener.',
      ),
      captureMode: field(captureMode(), 'How traffic is expected to reach the listener.', { default: 'DEFAULT' }),
      defaultEndpoint: field(
        string({ rules: [ownEndpoint, unixSocket] }),
        'Where the application listens: `127.0.0.1:PORT`, `[::1]:PORT`, `0.0.0.0:PORT` or `[::]:PORT` (both the address of the pod), or `unix:///path`. When absent, traffic goes to the address and port it came for.',
      ),
      tls: field(
        serverTls(),
        'Ends TLS of clients **outside** the mesh at the sidecar, with certificates from files of the pod. Mutual TLS inside the mesh is set by PeerAuthentication; let that be `DISABLE` for this port.',
      ),
      connectionPool: field(
        connectionPool(),
        'Limits on connections from this listener to the application. They replace `inboundConnectionPool` for the port as a whole.',
      ),
    },
    { rules: [ingressHasPort, supportedTls, tlsNeedsTlsPort, httpPoolNeedsHttp] },
  ),
);

const egressListener = fragment(() =>
  object(
    {
      port: field(
        listenerPort('The port that the application connects to. 0 or absent only when `bind` is a Unix socket.'),
        'Makes the listener for one port alone. Without it the listener takes all ports that no other has: the common case, and only as the last of the list.',
      ),
      bind: field(
        string({ rules: [bindAddress({ unixAllowed: true }), unixSocket] }),
        'The IP address or `unix://` socket to listen on. Chosen by the services when absent. A socket needs port 0.',
      ),
      captureMode: field(
        captureMode(),
        'How traffic is expected to reach the listener. `IPTABLES` is not possible for a Unix socket.',
        {
          default: 'DEFAULT',
        },
      ),
      hosts: required(
        hostEntries('sidecar', [distinctEgressHosts]),
        'What the workload can reach, as `namespace/name`: `./*` the own namespace, `istio-system/*` another, `*/*` everything, `~/*` nothing. Names are full DNS names. `~` before a namespace or name leaves it out again (`~ns1/*`), beside a wildcard.',
      ),
    },
    { rules: [portOrSocket, socketHasNoNumber, noCaptureForSocket] },
  ),
);

const egressProxy = fragment(() =>
  object({
    host: required(
      string({ rules: [domainName()] }),
      'Full name of the service that unknown traffic is sent to, for instance an egress gateway. It must be in the registry and visible to the Sidecar.',
    ),
    port: field(portSelector(), 'The port of that service. Required here.'),
    subset: field(
      string({ rules: [subsetName({ emptyAllowed: true })] }),
      'A subset of the service, defined by a DestinationRule for that host.',
    ),
  }),
);

const outboundTrafficPolicy = fragment(() =>
  object(
    {
      mode: field(
        choice({
          REGISTRY_ONLY:
            'Only services of the mesh and hosts of ServiceEntries can be reached; other connections are closed (HTTP: 502).',
          ALLOW_ANY: 'Unknown destinations are passed through as they are: without mutual TLS, routes or policies.',
        }),
        'What happens to traffic that matches no host. **Absent inside a given policy means `REGISTRY_ONLY`**, while without the policy the default of the mesh (`ALLOW_ANY`, unless changed) holds.',
        { default: 'REGISTRY_ONLY' },
      ),
      egressProxy: field(
        egressProxy(),
        'Sends all unknown traffic to one service instead of straight out. Only with `ALLOW_ANY`.',
        {
          deprecated: {
            note: 'Analyzers of Istio report it; send such traffic through an egress gateway with a ServiceEntry and a VirtualService.',
          },
        },
      ),
    },
    { rules: [egressProxyComplete] },
  ),
);

export const sidecar = kind({
  project: 'istio',
  group: 'networking.istio.io',
  kind: 'Sidecar',
  plural: 'sidecars',
  shortNames: [],
  scope: 'Namespaced',
  doc: 'Narrows what **sidecar proxies** know and listen on: which services they can reach (less memory, faster updates), and how traffic enters the workload. One without selector holds for its namespace, one in the root namespace for the mesh, and the narrowest wins **as a whole**; nothing is merged. ztunnel and waypoints ignore the kind, so it limits nothing in ambient.',
  reference: 'https://istio.io/latest/docs/reference/config/networking/sidecar/',
  readBy: ['sidecar'],
  versions: {
    v1: { served: true, storage: true, since: '1.22' },
    v1beta1: { served: true },
    v1alpha3: { served: true },
  },
  spec: () =>
    object(
      {
        workloadSelector: field(
          labelSelector(),
          'The pods the Sidecar is for; all of the namespace when absent. Two Sidecars that select the same pod leave it open which one counts.',
        ),
        ingress: field(
          list(ingressListener(), { rules: [uniqueIngressPorts] }),
          'Listeners for traffic to the workload. **When any are given, they replace** those derived from its Services: a port that is missing here is no longer served by the proxy.',
        ),
        egress: field(
          list(egressListener(), { rules: [catchAllIsLast, uniqueEgressListeners] }),
          'Listeners for traffic from the workload, with the hosts that it may reach through each. When absent, the next wider Sidecar decides, or all services of the mesh are visible.',
        ),
        inboundConnectionPool: field(
          connectionPool(),
          'Limits on connections from the proxy to the application, for all of its ports. Ports with a pool of their own in `ingress` do not use it.',
        ),
        outboundTrafficPolicy: field(
          outboundTrafficPolicy(),
          'What happens to traffic for hosts that are not in the registry, or not among `egress`. It is no security boundary: applications can go around the proxy.',
        ),
      },
      { rules: [sidecarSaysSomething] },
    ),
  rules: [specNeeded],
});
