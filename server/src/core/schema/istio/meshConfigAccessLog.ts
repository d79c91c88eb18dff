import { bool, choice, field, string } from '../define.ts';

/** Access logs of the whole mesh. A Telemetry says the same for single namespaces and workloads, and wins. */
export function accessLogFields() {
  return {
    accessLogFile: field(
      string(),
      'Where proxies write a line for each request; `/dev/stdout` lets `kubectl logs` show it. Empty switches logs off. A Telemetry with `accessLogging` replaces this.',
      { default: '""' },
    ),
    accessLogFormat: field(
      string(),
      'What a line holds, in the commands of Envoy (`%RESPONSE_CODE%`). With the encoding JSON, a JSON object as text.',
      { default: 'the format of Istio' },
    ),
    accessLogEncoding: field(
      choice({
        TEXT: 'One line of text for each request.',
        JSON: 'One JSON object for each request, easier for machines.',
      }),
      'How log lines are written.',
      { default: 'TEXT' },
    ),
    enableEnvoyAccessLogService: field(
      bool(),
      'Whether requests are also reported to the gRPC service in `defaultConfig.envoyAccessLogService`.',
      { default: false },
    ),
    disableEnvoyListenerLog: field(bool(), 'When true, connections that no listener takes are not logged.', {
      default: false,
    }),
  };
}
