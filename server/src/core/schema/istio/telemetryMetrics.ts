import { at, has, text } from '../../yaml/access.ts';
import { bool, choice, field, fragment, list, map, object, string } from '../define.ts';
import { duration } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atMostOneOf, fieldNode } from '../rules.ts';
import { telemetryProviders, workloadMode } from './telemetryProvider.ts';
import { metricTagNames } from './telemetryTracing.ts';

/** `metrics` of a Telemetry: which metrics proxies produce, and with which tags. */

const TAG_VALUE: CheckFacts = {
  code: 'telemetry-tag-value',
  severity: 'error',
  what: 'A tag override whose `value` does not fit its `operation`.',
  why: 'UPSERT, the default, needs an expression to compute the tag; REMOVE has no use for one. The API server refuses the resource.',
  todo: 'Add `value` for UPSERT, or remove it for REMOVE.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRD Telemetry, CEL rules on .spec.metrics[].overrides[].tagOverrides.*',
};

const upsertNeedsValue: Rule = {
  facts: TAG_VALUE,
  needsWhole: true,
  run(node, report) {
    const operation = has(node, 'operation') ? text(node, 'operation') : 'UPSERT';
    if (operation !== 'UPSERT' || (has(node, 'value') && text(node, 'value') !== '')) return;
    const where = at(node, 'value') ?? at(node, 'operation') ?? node;
    report(
      where,
      has(node, 'operation')
        ? '`operation: UPSERT` needs `value`, an expression such as `request.host`.'
        : 'A tag override needs `value`, an expression such as `request.host`, or `operation: REMOVE`.',
    );
  },
};

const removeTakesNoValue: Rule = {
  facts: TAG_VALUE,
  run(node, report) {
    if (text(node, 'operation') === 'REMOVE' && has(node, 'value'))
      report(fieldNode(node, 'value'), '`operation: REMOVE` takes the tag away, so `value` must not be set.');
  },
};

const ONE_METRIC: CheckFacts = {
  code: 'telemetry-one-metric',
  severity: 'error',
  what: 'An override names a standard metric and a custom one.',
  why: 'The API server refuses the resource.',
  todo: 'Keep `metric` or `customMetric`; use two overrides for both.',
  peers: ['CRD-SCHEMA'],
  source: 'istio/api CRD Telemetry, oneOf on .spec.metrics[].overrides[].match',
};

const metric = fragment(() =>
  choice({
    ALL_METRICS: 'Every one of the standard metrics: request and TCP metrics alike.',
    REQUEST_COUNT: '`istio_requests_total`: counts HTTP, HTTP/2 and gRPC requests.',
    REQUEST_DURATION: '`istio_request_duration_milliseconds`: how long requests took.',
    REQUEST_SIZE: '`istio_request_bytes`: sizes of request bodies.',
    RESPONSE_SIZE: '`istio_response_bytes`: sizes of response bodies.',
    TCP_OPENED_CONNECTIONS: '`istio_tcp_connections_opened_total`: counts opened TCP connections.',
    TCP_CLOSED_CONNECTIONS: '`istio_tcp_connections_closed_total`: counts closed TCP connections.',
    TCP_SENT_BYTES: '`istio_tcp_sent_bytes_total`: bytes sent in responses on TCP connections.',
    TCP_RECEIVED_BYTES: '`istio_tcp_received_bytes_total`: bytes received in requests on TCP connections.',
    GRPC_REQUEST_MESSAGES: '`istio_request_messages_total`: counts messages that gRPC clients sent.',
    GRPC_RESPONSE_MESSAGES: '`istio_response_messages_total`: counts messages that gRPC servers sent.',
  }),
);

const metricMatch = fragment(() =>
  object(
    {
      metric: field(metric(), 'Which of the metrics that Istio produces by itself.', { default: 'ALL_METRICS' }),
      customMetric: field(
        string({ min: 1 }),
        'A metric by its own name, for those that extensions of the proxy define.',
      ),
      mode: field(
        workloadMode(),
        'The side on which the metric is produced (`reporter="source"` or `"destination"`).',
        { default: 'CLIENT_AND_SERVER' },
      ),
    },
    { rules: [atMostOneOf(['metric', 'customMetric'], { facts: ONE_METRIC })] },
  ),
);

const tagOverride = fragment(() =>
  object(
    {
      operation: field(
        choice({
          UPSERT: 'The tag is added, or computed by `value` instead of as usual.',
          REMOVE: 'The tag is left out, which keeps the number of time series down.',
        }),
        'What happens to the tag.',
        { default: 'UPSERT' },
      ),
      value: field(
        string(),
        'An expression over the attributes of Envoy, such as `request.host` or `"fixed text"` in inner quotes. A plain word is read as an attribute, and an unknown one leaves the tag `unknown`.',
      ),
    },
    { rules: [upsertNeedsValue, removeTakesNoValue] },
  ),
);

const override = fragment(() =>
  object({
    match: field(metricMatch(), 'The metrics that the override is about.', { default: 'all metrics, on both sides' }),
    disabled: field(
      bool(),
      'When true, the metrics are not produced at all. Dashboards and autoscalers that read them go blank.',
      { default: false },
    ),
    tagOverrides: field(
      map(tagOverride(), { rules: [metricTagNames] }),
      'Changes to single tags, by the name of the tag.',
    ),
  }),
);

export const metrics = fragment(() =>
  list(
    object({
      providers: field(telemetryProviders(), 'Where metrics go, usually `prometheus`.', {
        default: '`meshConfig.defaultProviders.metrics`',
      }),
      overrides: field(list(override()), 'Changes to the standard metrics, applied in order; a later one wins.'),
      reportingInterval: field(
        string({ rules: [duration({ minMs: 1 })] }),
        'How often metrics of open TCP connections are updated, such as `5s`.',
        { default: '5s' },
      ),
    }),
  ),
);
