import { keysOfMesh, type MetadataKey } from './metadataKey.ts';
import {
  anyInteger,
  anyText,
  boolean,
  goDuration,
  integer,
  json,
  names,
  oneOf,
  port,
  ports,
} from './metadataValues.ts';

/** What Istio reads on pods about probes and metrics. All of it belongs on the pod template. */

const { annotation } = keysOfMesh('istio');
const POD = ['Pod'];
const SECONDS = integer(0, 4_294_967_295);
const STATS = 'Set `proxyStatsMatcher` in `proxy.istio.io/config`.';
const PROXY_CONFIG = { key: 'proxy.istio.io/config', place: 'annotation' } as const;

export const ISTIO_HEALTH: readonly MetadataKey[] = [
  annotation(
    'sidecar.istio.io/rewriteAppHTTPProbers',
    POD,
    boolean('Leads HTTP probes through the agent, which works under strict mutual TLS.', 'Leaves probes as they are.'),
    'Whether HTTP probes of the application are led through pilot-agent. Without it, strict mutual TLS makes them fail.',
    { default: 'true' },
  ),
  annotation(
    'status.sidecar.istio.io/port',
    POD,
    port,
    'The port on which the proxy answers health checks; `0` for none.',
    { default: '15020' },
  ),
  annotation(
    'readiness.status.sidecar.istio.io/initialDelaySeconds',
    POD,
    SECONDS,
    'Seconds until the first readiness probe of the proxy.',
  ),
  annotation(
    'readiness.status.sidecar.istio.io/periodSeconds',
    POD,
    SECONDS,
    'Seconds between two readiness probes of the proxy.',
  ),
  annotation(
    'readiness.status.sidecar.istio.io/failureThreshold',
    POD,
    SECONDS,
    'How many probes must fail until the proxy counts as not ready.',
  ),
  annotation(
    'readiness.status.sidecar.istio.io/applicationPorts',
    POD,
    ports,
    'Ports of the application for which the proxy must be configured before it is ready.',
  ),
  annotation(
    'prometheus.istio.io/merge-metrics',
    POD,
    boolean('Serves the metrics of the application and the proxy together, on port 15020.', 'Keeps them apart.'),
    'Whether Prometheus gets the metrics of application and proxy in **one** scrape. Needs `prometheus.io/scrape` and its like on the pod.',
    {
      default: 'true',
    },
  ),
];

export const ISTIO_STATISTICS: readonly MetadataKey[] = [
  annotation(
    'sidecar.istio.io/statsInclusionPrefixes',
    POD,
    names,
    'Beginnings of the names of Envoy statistics that are kept beside the usual ones.',
    { deprecated: { note: STATS, use: PROXY_CONFIG } },
  ),
  annotation(
    'sidecar.istio.io/statsInclusionSuffixes',
    POD,
    names,
    'Endings of the names of Envoy statistics that are kept beside the usual ones.',
    { deprecated: { note: STATS, use: PROXY_CONFIG } },
  ),
  annotation(
    'sidecar.istio.io/statsInclusionRegexps',
    POD,
    anyText,
    'Regular expressions for the names of Envoy statistics that are kept beside the usual ones.',
    { deprecated: { note: STATS, use: PROXY_CONFIG } },
  ),
  annotation('sidecar.istio.io/extraStatTags', POD, names, 'Names of further dimensions of metrics.', {
    deprecated: {
      note: 'Telemetry resources declare their dimensions themselves; or set `extraStatTags` in `proxy.istio.io/config`.',
      use: PROXY_CONFIG,
    },
  }),
  annotation(
    'sidecar.istio.io/statsHistogramBuckets',
    POD,
    json,
    'The bounds of histogram buckets by the beginning of the metric name, as JSON: `{"istiocustom":[1,5,10,50]}`.',
  ),
  annotation(
    'sidecar.istio.io/statsFlushInterval',
    POD,
    goDuration,
    'How often statistics are pushed to sinks such as OTLP.',
    { default: '5s' },
  ),
  annotation(
    'sidecar.istio.io/statsEvictionInterval',
    POD,
    goDuration,
    'After how long without change the series of Istio metrics are dropped; rounded to whole flush intervals. Keeps memory low where labels change often.',
  ),
  annotation(
    'sidecar.istio.io/statsHistogramBins',
    POD,
    anyInteger,
    'How many bins each histogram of Istio metrics has. Fewer need less memory and are less exact.',
    { default: '100' },
  ),
  annotation(
    'sidecar.istio.io/statsCompression',
    POD,
    oneOf({ brotli: 'Compresses with Brotli.', gzip: 'Compresses with gzip.', zstd: 'Compresses with Zstandard.' }),
    'How the proxy compresses its statistics.',
    { deprecated: { note: 'The proxy follows what the scraper accepts.' } },
  ),
];
