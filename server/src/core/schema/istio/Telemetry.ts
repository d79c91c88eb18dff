import { bool, field, list, object, string } from '../define.ts';
import { kind } from '../kind.ts';
import { workloadSelector } from './selector.ts';
import { oneWayOfTargeting, targetFields } from './targetRef.ts';
import { logFilter } from './telemetryFilter.ts';
import { metrics } from './telemetryMetrics.ts';
import { telemetryMatch, telemetryProviders } from './telemetryProvider.ts';
import { tracing } from './telemetryTracing.ts';

const accessLog = object({
  match: field(telemetryMatch(), 'On which side of a request the item holds.', { default: 'both sides' }),
  providers: field(telemetryProviders(), 'Where log lines go, such as `envoy` for the standard output of the proxy.', {
    default: '`meshConfig.defaultProviders.accessLogging`',
  }),
  disabled: field(bool(), 'When true, nothing is logged, although a wider Telemetry or `meshConfig` says so.', {
    default: false,
  }),
  filter: field(
    object({
      expression: field(
        string({ rules: [logFilter] }),
        'A CEL expression over the attributes of Envoy: `response.code >= 400`, `connection.mtls == false`. Attributes that a connection does not have make it false, so guard them with `has()`.',
      ),
    }),
    'Which requests or connections are logged.',
    { default: 'all' },
  ),
});

export const telemetry = kind({
  project: 'istio',
  group: 'telemetry.istio.io',
  kind: 'Telemetry',
  plural: 'telemetries',
  shortNames: ['telemetry'],
  scope: 'Namespaced',
  doc: 'Says which metrics, traces and access logs proxies produce. The one in the root namespace holds for the mesh, one without selector for its namespace, and a narrower one replaces what a wider one says about the same part. Only one per selection is read.\n\nztunnel has fixed L4 metrics and logs and never reads it; waypoints read those of the root namespace, of their namespace, and those attached by `targetRefs`.',
  reference: 'https://istio.io/latest/docs/reference/config/telemetry/',
  readBy: ['waypoint', 'sidecar', 'gateway'],
  versions: { v1: { served: true, since: '1.22' }, v1alpha1: { served: true, storage: true } },
  spec: () =>
    object(
      {
        selector: field(
          workloadSelector(),
          'The workloads whose sidecar or gateway reads it. Waypoints ignore a Telemetry with a selector.',
          { default: 'all workloads of the namespace', readBy: ['sidecar', 'gateway'] },
        ),
        ...targetFields(),
        tracing: field(tracing(), 'Which requests are traced. Only one item is read.', { l7: true }),
        metrics: field(metrics(), 'Which metrics are produced and how they are tagged.'),
        accessLogging: field(
          list(accessLog),
          'Which requests and connections are logged. An item applies beside the others, each with its own providers.',
        ),
      },
      { rules: [oneWayOfTargeting()] },
    ),
});
