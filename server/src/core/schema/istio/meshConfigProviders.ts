import { at, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { anything, bool, field, fragment, int, list, openObject, required, string } from '../define.ts';
import { duration } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode, presentOf } from '../rules.ts';

/** `extensionProviders` of the mesh: the services that proxies work with, each under a name. */

const TYPES = [
  'envoyExtAuthzHttp',
  'envoyExtAuthzGrpc',
  'zipkin',
  'lightstep',
  'datadog',
  'stackdriver',
  'opencensus',
  'skywalking',
  'opentelemetry',
  'prometheus',
  'envoyFileAccessLog',
  'envoyHttpAls',
  'envoyTcpAls',
  'envoyOtelAls',
];

const PROVIDER: CheckFacts = {
  code: 'mesh-extension-provider',
  severity: 'error',
  what: 'An extension provider of the mesh configuration has no name, the name of another, or several types.',
  why: 'istiod refuses the whole mesh configuration and keeps the one that it had.',
  todo: 'Give every provider a name of its own and exactly one type, such as `opentelemetry` or `envoyExtAuthzGrpc`.',
  source: 'istio/istio pkg/config/validation/agent/validation.go, ValidateMeshConfig',
};

const oneType: Rule = {
  facts: PROVIDER,
  run(node, report) {
    const [first, ...others] = presentOf(node, TYPES);
    for (const name of others)
      report(fieldNode(node, name), `A provider is of one type: \`${name}\` and \`${first}\` need a provider each.`);
  },
};

const uniqueNames: Rule = {
  facts: PROVIDER,
  run(node, report) {
    const first = new Map<string, YamlNode>();
    for (const provider of items(node)) {
      const name = text(provider, 'name');
      const where = at(provider, 'name');
      if (!name || !where) continue;
      const earlier = first.get(name);
      if (earlier)
        report(where, `There is already a provider \`${name}\`; names must differ.`, {
          related: [{ span: { start: earlier.start, end: earlier.end }, message: 'the first one' }],
        });
      else first.set(name, where);
    }
  },
};

function target(what: string) {
  return {
    service: field(
      string(),
      `The host of ${what}, as \`namespace/host\` or a host alone. It must be a Service or ServiceEntry of the mesh.`,
    ),
    port: field(int({ min: 1, max: 65535 }), 'Which port of that Service is called; the number, not the name.'),
  };
}

const authorizerFields = () => ({
  ...target('the authorizer'),
  timeout: field(string({ rules: [duration({ minMs: 1 })] }), 'How long a request waits for the decision.', {
    default: '600s',
  }),
  failOpen: field(
    bool(),
    'Whether requests pass when the authorizer cannot be reached. True lets everybody in during an outage.',
    { default: false },
  ),
  statusOnError: field(string(), 'The HTTP status that clients get when the authorizer cannot be reached.', {
    default: '403',
  }),
  clearRouteCache: field(bool(), 'Whether the route is chosen anew after the authorizer changed headers.', {
    default: false,
  }),
  includeRequestBodyInCheck: field(
    openObject({
      maxRequestBytes: field(
        int({ min: 1 }),
        'How many bytes of the body are sent at most; larger requests get a 413.',
      ),
      allowPartialMessage: field(
        bool(),
        'Whether the start of a larger body is sent instead of refusing the request.',
        { default: false },
      ),
      packAsBytes: field(bool(), 'Whether the body is sent as bytes rather than as text (gRPC only).', {
        default: false,
      }),
    }),
    'Sends the body along with the headers. Requests are held back until it is complete.',
  ),
});

const headerList = fragment(() => list(string()));

const provider = fragment(() =>
  openObject(
    {
      name: required(string({ min: 1 }), 'What policies and Telemetries call this provider; unique in the mesh.'),
      envoyExtAuthzHttp: field(
        openObject({
          ...authorizerFields(),
          pathPrefix: field(string(), 'Put in front of the path when the authorizer is asked.'),
          includeRequestHeadersInCheck: field(
            headerList(),
            'Request headers that the authorizer sees, beside `Host`, `Method`, `Path`, `Content-Length` and `Authorization`.',
          ),
          includeAdditionalHeadersInCheck: field(
            anything(),
            'Headers with fixed values that are added when the authorizer is asked.',
          ),
          headersToUpstreamOnAllow: field(
            headerList(),
            "Headers of the authorizer's answer that the application gets when the request is allowed.",
          ),
          headersToDownstreamOnDeny: field(
            headerList(),
            "Headers of the authorizer's answer that the client gets when the request is refused.",
          ),
          headersToDownstreamOnAllow: field(
            headerList(),
            "Headers of the authorizer's answer that the client gets when the request is allowed.",
          ),
        }),
        'An external authorizer that is asked by HTTP, for AuthorizationPolicies with the action CUSTOM: a 200 allows.',
      ),
      envoyExtAuthzGrpc: field(
        openObject(authorizerFields()),
        'An external authorizer that speaks the gRPC service of Envoy, for AuthorizationPolicies with the action CUSTOM.',
      ),
      opentelemetry: field(
        openObject({
          ...target('the collector'),
          maxTagLength: field(int({ min: 0 }), 'Longest text of a tag; longer paths are cut.'),
          http: field(
            anything(),
            'Sends spans by OTLP over HTTP with this `path`, `timeout` and `headers`, instead of gRPC.',
          ),
          resourceDetectors: field(anything(), 'Sources of further attributes, such as `environment`.'),
        }),
        'A collector of OpenTelemetry that takes traces.',
      ),
      zipkin: field(
        openObject({
          ...target('the collector'),
          maxTagLength: field(int({ min: 0 }), 'Longest text of a tag; longer paths are cut.'),
        }),
        'A collector that takes spans in the format of Zipkin, such as Jaeger.',
      ),
      skywalking: field(
        openObject({ ...target('the collector'), accessToken: field(string(), 'Token that the collector asks for.') }),
        'A collector of Apache SkyWalking that takes traces.',
      ),
      datadog: field(openObject(target('the agent')), 'An agent of Datadog that takes traces.'),
      stackdriver: field(anything(), 'Google Cloud operations, for traces, metrics and logs.'),
      lightstep: field(anything(), 'Sends spans to Lightstep in its own protocol.', {
        deprecated: { note: 'Lightstep takes OpenTelemetry; use `opentelemetry`.' },
      }),
      opencensus: field(anything(), 'An agent of OpenCensus that takes traces.', {
        deprecated: { note: 'OpenCensus has ended; use `opentelemetry`.' },
      }),
      prometheus: field(anything(), 'Metrics that Prometheus scrapes; it has no settings and is written `{}`.'),
      envoyFileAccessLog: field(
        openObject({
          path: field(string(), 'The file that lines are written to, such as `/dev/stdout`.'),
          logFormat: field(anything(), 'The format as `text`, or as `labels` for JSON.'),
          omitEmptyValues: field(bool(), 'Whether empty values are left out instead of written as `-`.', {
            default: false,
          }),
        }),
        'Access logs in a file or on the standard output of the proxy.',
      ),
      envoyHttpAls: field(
        openObject(target('the log service')),
        'Access logs of HTTP requests, sent to a gRPC service.',
      ),
      envoyTcpAls: field(
        openObject(target('the log service')),
        'Access logs of TCP connections, sent to a gRPC service.',
      ),
      envoyOtelAls: field(
        openObject({
          ...target('the collector'),
          logFormat: field(anything(), 'The format of the body as `text`, and attributes as `labels`.'),
        }),
        'Access logs sent to a collector of OpenTelemetry.',
      ),
    },
    { rules: [oneType] },
  ),
);

export const extensionProviders = fragment(() => list(provider(), { rules: [uniqueNames] }));

export const defaultProviders = fragment(() =>
  openObject({
    tracing: field(list(string()), 'Where spans go, by the name of a provider.'),
    metrics: field(list(string()), 'Where metrics go, usually `prometheus`.'),
    accessLogging: field(list(string()), 'Where access logs go, such as `envoy` for the standard output.'),
  }),
);
