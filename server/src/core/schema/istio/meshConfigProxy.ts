import { anything, bool, choice, field, fragment, int, list, map, number, openObject, string } from '../define.ts';
import { duration } from '../formats.ts';

/** `defaultConfig`: how every sidecar and gateway runs. The annotation `proxy.istio.io/config` takes the same fields. */

const tracing = fragment(() =>
  openObject({
    sampling: field(
      number({ min: 0, max: 100 }),
      'How many of 100 requests get a trace when the caller has not decided. A Telemetry with `tracing` wins.',
      { default: 1 },
    ),
    zipkin: field(
      openObject({ address: field(string(), 'Host and port of the collector.') }),
      'A collector of Zipkin. Prefer a provider in `extensionProviders`.',
    ),
    maxPathTagLength: field(int({ min: 0 }), 'Longest path in a span; longer ones are cut.', { default: 256 }),
    customTags: field(anything(), 'Tags put on every span, as in a Telemetry.'),
    enableIstioTags: field(bool(), 'Whether spans carry tags such as `istio.canonical_service`.', { default: true }),
  }),
);

const statsMatcher = fragment(() =>
  openObject({
    inclusionPrefixes: field(list(string()), 'Statistics of Envoy that are kept, by the start of their name.'),
    inclusionSuffixes: field(list(string()), 'Statistics of Envoy that are kept, by the end of their name.'),
    inclusionRegexps: field(list(string()), 'Statistics of Envoy that are kept, by a regular expression.'),
  }),
);

const gatewayTopology = fragment(() =>
  openObject({
    numTrustedProxies: field(
      int({ min: 0 }),
      'How many proxies in front are trusted, so which entry of `X-Forwarded-For` is the client. Too many lets clients forge their address; rules with `remoteIpBlocks` depend on it.',
      { default: 0 },
    ),
    forwardClientCertDetails: field(
      choice({
        UNDEFINED: 'Leaves the choice to Istio, which takes `SANITIZE`.',
        SANITIZE: 'The header is removed, so the application never sees client certificates.',
        FORWARD_ONLY: 'The header is passed on as it came. Only safe behind a proxy that sets it.',
        APPEND_FORWARD: 'The certificate of this connection is added to the header as it came.',
        SANITIZE_SET: 'The header is replaced by the certificate of this connection.',
        ALWAYS_FORWARD_ONLY: 'The header is passed on even without mutual TLS, so clients can forge it.',
      }),
      'What a gateway does with `X-Forwarded-Client-Cert`.',
      { default: 'SANITIZE' },
    ),
    proxyProtocol: field(
      anything(),
      'Reads the PROXY protocol of the load balancer in front; written `{}`. Clients that do not send it are then refused.',
    ),
  }),
);

const runFields = () => ({
  concurrency: field(int({ min: 0 }), 'Worker threads of the proxy; 0 means one for each CPU of the node.', {
    default: 'what the CPU limit allows, 2 without a limit',
  }),
  holdApplicationUntilProxyStarts: field(
    bool(),
    'Whether the other containers of the pod start only when the sidecar is ready, so that they have a network from the start.',
    { default: false, readBy: ['sidecar'] },
  ),
  drainDuration: field(
    string({ rules: [duration()] }),
    'How long connections may end by themselves when a listener changes.',
    { default: '45s' },
  ),
  terminationDrainDuration: field(
    string({ rules: [duration()] }),
    'How long a stopping proxy still serves connections. Keep it below the termination grace period of the pod.',
    { default: '5s' },
  ),
  interceptionMode: field(
    choice({
      REDIRECT: 'Traffic is redirected by NAT; the application sees 127.0.0.6 as the client.',
      TPROXY: "Traffic is redirected with the client's address kept. Needs more rights in the pod.",
      NONE: 'Traffic is not redirected; the application must use the proxy by itself.',
    }),
    'How traffic of the pod gets to its sidecar.',
    { default: 'REDIRECT', readBy: ['sidecar'] },
  ),
  proxyMetadata: field(
    map(string()),
    'Environment variables of the proxy, such as `ISTIO_META_DNS_CAPTURE: "true"`. Values are text, so quote numbers and booleans.',
  ),
  runtimeValues: field(
    map(string()),
    'Runtime flags of Envoy. They are switches for its developers and may disappear.',
  ),
  image: field(
    openObject({
      imageType: field(string(), 'The variant of the image: `default`, `debug` or `distroless`.'),
    }),
    'Which image of the proxy is injected.',
  ),
  readinessProbe: field(anything(), 'A readiness probe for workloads on virtual machines.'),
});

const connectionFields = () => ({
  discoveryAddress: field(string(), 'Host and port of istiod.', { default: 'istiod.istio-system.svc:15012' }),
  proxyAdminPort: field(int({ min: 1, max: 65535 }), "The port of Envoy's administration page, open to the pod only.", {
    default: 15000,
  }),
  statusPort: field(int({ min: 0, max: 65535 }), 'The port of the agent, with health and merged metrics.', {
    default: 15020,
  }),
  meshId: field(string(), 'Name of the mesh in telemetry, for federations of meshes.', { default: 'the trust domain' }),
  privateKeyProvider: field(anything(), 'Hardware that speeds up TLS handshakes: `cryptomb` or `qat`.'),
  caCertificatesPem: field(list(string()), 'Further roots that the proxy trusts, in PEM.'),
});

const statisticsFields = () => ({
  tracing: field(tracing(), 'Where spans go and how many. A Telemetry says the same and wins.'),
  proxyStatsMatcher: field(
    statsMatcher(),
    'Statistics of Envoy that are kept beside the few that Istio needs. Each costs memory in every proxy.',
  ),
  extraStatTags: field(list(string()), 'Tags of metrics that are to be kept, beside those of Istio.'),
  envoyAccessLogService: field(anything(), 'The gRPC service that access logs are sent to.'),
  envoyMetricsService: field(anything(), 'The gRPC service that metrics are pushed to.'),
  proxyHeaders: field(
    anything(),
    'Headers that the proxy adds and that can be switched off: `server`, `requestId`, `attemptCount`, `envoyDebugHeaders`, `forwardedClientCert` and others.',
  ),
});

export const proxyDefaults = fragment(() =>
  openObject({
    ...runFields(),
    ...connectionFields(),
    ...statisticsFields(),
    gatewayTopology: field(
      gatewayTopology(),
      'What stands in front of the gateways: how many proxies, and whose headers are believed.',
      { readBy: ['gateway'] },
    ),
  }),
);
