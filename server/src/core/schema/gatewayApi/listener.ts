import { choice, field, fragment, list, object, required, string } from '../define.ts';
import { secretReference, tlsOptions } from './certificates.ts';
import { listenerRules, terminateNeedsCertificate } from './listenerRules.ts';
import { apiGroup, hostname, kindName, portNumber, sectionName } from './names.ts';
import { namespaceSelector } from './namespaceSelector.ts';

/** The listeners of a Gateway and of a ListenerSet. */

const allowedRoutes = fragment(() =>
  object({
    namespaces: field(
      object({
        from: field(
          choice({
            All: 'Routes of every namespace may attach. For a waypoint: objects of every namespace may use it.',
            Selector:
              'Routes of namespaces with the labels in `selector` may attach. For a waypoint: objects of those namespaces may use it.',
            Same: "Only routes of the listener's own namespace may attach. For a waypoint: only objects of its namespace may use it.",
          }),
          'Which namespaces are admitted.',
          { default: 'Same' },
        ),
        selector: field(namespaceSelector(), 'Labels of admitted namespaces; read only with `from: Selector`.'),
      }),
      "Namespaces whose routes may attach to the listener. At a waypoint's HBONE listener it says who may name the waypoint in `istio.io/use-waypoint`; an object that is not admitted goes **without** a waypoint, and its L7 policies are not enforced.",
      { default: 'from: Same' },
    ),
    kinds: field(
      list(
        object({
          group: field(apiGroup(), 'API group of the admitted route kind.', { default: 'gateway.networking.k8s.io' }),
          kind: required(
            kindName(ROUTE_KINDS),
            'Admitted route kind, such as `HTTPRoute`. It must fit the protocol of the listener.',
          ),
        }),
        { max: 8 },
      ),
      'Kinds of routes that may attach. When absent, those that fit `protocol`: HTTPRoute and GRPCRoute for HTTP and HTTPS.',
    ),
  }),
);

const listenerTls = fragment(() =>
  object(
    {
      mode: field(
        choice({
          Terminate: 'The gateway decrypts with the certificate from `certificateRefs`, and routes see plain requests.',
          Passthrough:
            'Connections go on to the backend undecrypted, chosen by server name with TLSRoutes. Only with protocol `TLS`.',
        }),
        'Where the TLS session of the client ends.',
        { default: 'Terminate' },
      ),
      certificateRefs: field(
        list(secretReference(), { max: 64 }),
        'Secrets with the certificate and key of the listener; at least one for mode `Terminate` (or implementation `options`). Of several, the gateway chooses by server name or key type.',
      ),
      options: field(
        tlsOptions(),
        'Settings of the implementation. Istio takes `gateway.istio.io/tls-terminate-mode` (such as `MUTUAL`) and `gateway.istio.io/listener-protocol` here.',
      ),
    },
    { rules: [terminateNeedsCertificate] },
  ),
);

const PROTOCOLS = {
  HTTP: 'Requests in plain text. Takes HTTPRoutes and GRPCRoutes.',
  HTTPS:
    'Requests inside TLS, which the gateway terminates with a certificate from `tls`. Takes HTTPRoutes and GRPCRoutes.',
  TLS: 'TLS whose content is not read: TLSRoutes choose by server name when it is passed through. Istio needs `PILOT_ENABLE_ALPHA_GATEWAY_API` for it.',
  TCP: 'Connections of any content. Takes TCPRoutes; Istio needs `PILOT_ENABLE_ALPHA_GATEWAY_API` for it.',
  UDP: 'Datagrams. Takes UDPRoutes; Istio does not support it.',
  HBONE: 'The tunnel of the ambient mesh, on port 15008: what a waypoint or an east-west gateway listens on.',
};

const ROUTE_KINDS = {
  HTTPRoute: 'Routes for HTTP requests, at listeners with protocol HTTP or HTTPS.',
  GRPCRoute: 'Routes for gRPC calls, at listeners with protocol HTTP or HTTPS.',
  TLSRoute: 'Routes for TLS connections by server name, at listeners with protocol TLS.',
  TCPRoute: 'Routes for connections of any content, at listeners with protocol TCP.',
  UDPRoute: 'Routes for datagrams, at listeners with protocol UDP.',
};

const listener = fragment(() =>
  object({
    name: required(
      sectionName(),
      'Name by which routes choose this listener in `sectionName`; unique in its resource.',
    ),
    hostname: field(
      hostname(),
      'Hosts that the listener takes, compared with the server name (SNI) or the `Host` header; all when absent. A route attaches only when one of its hostnames is among them. Not for TCP and UDP.',
    ),
    port: required(
      portNumber(),
      "Port that clients connect to. Istio opens it on the gateway's Service. A waypoint needs 15008.",
    ),
    protocol: required(
      string({
        min: 1,
        max: 255,
        pattern:
          /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9]+$/,
        means:
          '`HTTP`, `HTTPS`, `TLS`, `TCP`, `UDP` or `HBONE`, or a protocol of the implementation such as `example.com/quic`',
        suggest: PROTOCOLS,
      }),
      '`HTTP`, `HTTPS`, `TLS`, `TCP` or `UDP`, in capitals. `HBONE` makes it the listener of an Istio waypoint or east-west gateway. Istio takes `TLS` and `TCP` only with `PILOT_ENABLE_ALPHA_GATEWAY_API` switched on, and never `UDP`.',
    ),
    tls: field(
      listenerTls(),
      'Certificates and mode, for protocols `HTTPS` and `TLS`; the others must not have it. A waypoint brings its own mesh certificate and needs none.',
    ),
    allowedRoutes: field(allowedRoutes(), 'Which routes may attach to the listener, by namespace and kind.', {
      default: 'all kinds that fit, from the same namespace',
    }),
  }),
);

export function listeners(owner: 'Gateway' | 'ListenerSet') {
  return list(listener(), { min: 1, max: 64, mapKeys: ['name'], rules: listenerRules(owner) });
}
