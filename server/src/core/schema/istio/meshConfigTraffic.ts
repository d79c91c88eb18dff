import { anything, bool, choice, field, fragment, openObject, string } from '../define.ts';
import { duration } from '../formats.ts';

/** Where traffic may go and how it is treated when no route or rule says otherwise. */

const outboundPolicy = fragment(() =>
  openObject({
    mode: field(
      choice({
        ALLOW_ANY: 'Requests to unknown destinations pass through unchanged, outside all policies.',
        REGISTRY_ONLY:
          'Only Services and ServiceEntries can be reached; anything else gets a 502 or a closed connection. It is no security boundary, since a pod can avoid its sidecar.',
      }),
      'What happens to requests to a destination that the mesh does not know.',
      { default: 'ALLOW_ANY' },
    ),
  }),
);

const inboundPolicy = fragment(() =>
  openObject({
    mode: field(
      choice({
        PASSTHROUGH: 'Requests reach the application at the address of the pod.',
        LOCALHOST: 'Requests reach the application at 127.0.0.1, for applications that listen only there.',
      }),
      'The address at which a sidecar hands requests to the application.',
      { default: 'PASSTHROUGH' },
    ),
  }),
);

const h2Upgrade = fragment(() =>
  choice({
    DO_NOT_UPGRADE: 'Connections keep the version of HTTP that the client speaks.',
    UPGRADE: 'HTTP/1.1 is carried as HTTP/2 between sidecars.',
  }),
);

const pathNormalization = fragment(() =>
  openObject({
    normalization: field(
      choice({
        DEFAULT: 'Leaves the choice to Istio, which takes `BASE`.',
        NONE: 'Paths stay as the client wrote them, so `/a/../b` passes a rule about `/a`.',
        BASE: 'Dots are resolved and backslashes become slashes.',
        MERGE_SLASHES: 'As `BASE`, and slashes that follow each other become one.',
        DECODE_AND_MERGE_SLASHES:
          'As `MERGE_SLASHES`, after `%2F` and `%5C` are decoded. The safest for policies about paths; it may break applications that use encoded slashes.',
      }),
      'How far paths are brought into one spelling before they are compared and forwarded.',
      { default: 'BASE' },
    ),
  }),
);

export function trafficFields() {
  return {
    outboundTrafficPolicy: field(
      outboundPolicy(),
      'Traffic that leaves the mesh. A Sidecar resource can say otherwise for its workloads; ztunnel always lets it pass.',
      { readBy: ['sidecar', 'gateway', 'waypoint'] },
    ),
    inboundTrafficPolicy: field(inboundPolicy(), 'How inbound requests of a sidecar reach the application.', {
      readBy: ['sidecar'],
    }),
    localityLbSetting: field(
      anything(),
      'Preference for endpoints in the same region and zone, failover between regions and weights. A DestinationRule can say otherwise, and failover needs its `outlierDetection`.',
    ),
    defaultHttpRetryPolicy: field(
      anything(),
      'How requests are tried again when the route says nothing, as `retries` of a VirtualService.',
      { default: '2 attempts on connection failures and 503' },
    ),
    connectTimeout: field(
      string({ rules: [duration({ minMs: 1 })] }),
      'How long a proxy waits for a TCP connection to a destination.',
      { default: '10s' },
    ),
    protocolDetectionTimeout: field(
      string({ rules: [duration()] }),
      'How long a proxy waits for first bytes to tell the protocol of a port that does not name it. Delays protocols where the server speaks first; `0s` switches it off.',
      { default: '0s' },
    ),
    h2UpgradePolicy: field(h2Upgrade(), 'Whether HTTP/1.1 becomes HTTP/2 between sidecars.', {
      default: 'DO_NOT_UPGRADE',
    }),
    tcpKeepalive: field(anything(), 'Probes on idle outbound TCP connections: `time`, `interval` and `probes`.'),
    pathNormalization: field(
      pathNormalization(),
      'Spellings of paths. Policies about paths are only as good as this: an application that reads two spellings as one can be reached by the other.',
    ),
    inboundClusterStatName: field(
      string(),
      'Pattern for the name of inbound clusters in the statistics, such as `%SERVICE%_%SERVICE_PORT%`.',
    ),
    outboundClusterStatName: field(
      string(),
      'Pattern for the name of outbound clusters in the statistics, such as `%SERVICE_FQDN%_%SERVICE_PORT%`.',
    ),
    enableAutoMtls: field(
      bool(),
      'Whether proxies use mutual TLS with every destination that has a proxy, unless a DestinationRule says otherwise. When false, each DestinationRule must say it.',
      { default: true },
    ),
  };
}
