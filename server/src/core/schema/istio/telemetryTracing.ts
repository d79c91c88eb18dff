import { asSeq } from '../../yaml/access.ts';
import { bool, field, fragment, list, map, number, object, required, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atMostOneOf, keysOf } from '../rules.ts';
import { telemetryMatch, telemetryProviders } from './telemetryProvider.ts';

/** `tracing` of a Telemetry: which requests get spans, where these go, and what they carry. */

const WEBHOOK = 'istio/istio pkg/config/validation/validation.go, validateTelemetryTracing';

const MULTIPLE_TRACING: CheckFacts = {
  code: 'telemetry-multiple-tracing',
  severity: 'warning',
  what: 'A Telemetry has several items of `tracing`, or several providers in one.',
  why: 'A proxy sends spans to one place only. istiod takes the first and ignores the rest.',
  todo: 'Keep one item with one provider; a collector behind it can send spans on to several places.',
  source: WEBHOOK,
};

const oneTracing: Rule = {
  facts: MULTIPLE_TRACING,
  run(node, report) {
    const second = asSeq(node)?.items[1];
    if (second) report(second, 'Only one item of `tracing` is read; the first counts, and this one is ignored.');
  },
};

const oneTracingProvider: Rule = {
  facts: MULTIPLE_TRACING,
  run(node, report) {
    const second = asSeq(node)?.items[1];
    if (second) report(second, 'Spans go to one provider only; the first counts, and this one is ignored.');
  },
};

const ONE_TAG_SOURCE: CheckFacts = {
  code: 'telemetry-tag-source',
  severity: 'error',
  what: 'A span tag takes its value from several places.',
  why: 'The API server refuses the resource.',
  todo: 'Keep one of `literal`, `environment`, `header` and `formatter`.',
  peers: ['CRD-SCHEMA'],
  source: 'istio/api CRD Telemetry, oneOf on .spec.tracing[].customTags.*',
};

const EMPTY_TAG_NAME: CheckFacts = {
  code: 'telemetry-empty-tag-name',
  severity: 'error',
  what: 'A tag without a name.',
  why: 'The webhook of istiod refuses an empty name of a span tag, and warns of an empty name of a metric tag.',
  todo: 'Give the tag a name.',
  source: WEBHOOK,
};

const tagNames: Rule = {
  facts: EMPTY_TAG_NAME,
  run(node, report) {
    for (const { key, node: at } of keysOf(node)) if (key === '') report(at, 'A tag of a span needs a name.');
  },
};

/** The same for tags of metrics, where istiod only warns. */
export const metricTagNames: Rule = {
  facts: EMPTY_TAG_NAME,
  run(node, report) {
    for (const { key, node: at } of keysOf(node)) {
      if (key === '')
        report(at, 'A tag of a metric needs a name; without one the override has no effect.', { severity: 'warning' });
    }
  },
};

const DEFAULT_VALUE = 'What the tag holds when there is no such value. Without a default the tag is left out.';

const customTag = fragment(() =>
  object(
    {
      literal: field(
        object({ value: required(string({ min: 1 }), 'The text that every span gets.') }),
        'The same text on every span, such as the name of the cluster.',
      ),
      environment: field(
        object({
          name: required(
            string({ min: 1 }),
            'A variable of the environment that the **proxy** runs in, not the application.',
          ),
          defaultValue: field(string(), DEFAULT_VALUE),
        }),
        'Takes the tag from a variable of the environment of the proxy container, such as `ISTIO_META_CLUSTER_ID`.',
      ),
      header: field(
        object({
          name: required(string({ min: 1 }), 'Which header of the request to copy, in any case: `x-tenant`.'),
          defaultValue: field(string(), DEFAULT_VALUE),
        }),
        'The value of a request header. Mind that headers may hold personal data.',
      ),
      formatter: field(
        object({
          value: required(
            string({ min: 1 }),
            "A format with the commands of Envoy's access logs, such as `%REQ(:authority)%`.",
          ),
        }),
        'A text put together from the commands of access logs.',
        { since: '1.29' },
      ),
    },
    { rules: [atMostOneOf(['literal', 'environment', 'header', 'formatter'], { facts: ONE_TAG_SOURCE })] },
  ),
);

const tracingItem = fragment(() =>
  object({
    match: field(telemetryMatch(), 'On which side of a request the item holds.', { default: 'both sides' }),
    providers: field(
      telemetryProviders([oneTracingProvider]),
      'Where spans are sent: one name from `meshConfig.extensionProviders`.',
      { default: '`meshConfig.defaultProviders.tracing`' },
    ),
    randomSamplingPercentage: field(
      number({ min: 0, max: 100 }),
      'How many of 100 requests get a trace when the caller has not decided yet. A decision in the trace headers of the request wins, whatever is set here.',
      { default: 'the value of `meshConfig`, 1 when that has none' },
    ),
    disableSpanReporting: field(bool(), 'When true, no spans are sent. Trace headers are still passed on.', {
      default: false,
    }),
    customTags: field(map(customTag(), { rules: [tagNames] }), 'Tags put on every span, by name.'),
    useRequestIdForTraceSampling: field(
      bool(),
      'Whether the sampling decision is kept in the request id, so that all proxies on the way decide alike.',
      { default: true },
    ),
    enableIstioTags: field(
      bool(),
      "Whether spans carry Istio's own tags, such as `istio.canonical_service` and `istio.mesh_id`.",
      { default: true, since: '1.25' },
    ),
    disableContextPropagation: field(
      bool(),
      'When true, the proxy does not add trace headers (`traceparent`, `x-b3-*`) to forwarded requests, so traces end here.',
      { default: false, since: '1.30' },
    ),
  }),
);

export const tracing = fragment(() => list(tracingItem(), { rules: [oneTracing] }));
