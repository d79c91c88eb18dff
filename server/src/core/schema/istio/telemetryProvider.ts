import { choice, field, fragment, list, object, required, string } from '../define.ts';
import type { Rule } from '../rule.ts';

/** What metrics, tracing and access logs of a Telemetry have in common: where they go and on which side they hold. */

const provider = fragment(() =>
  object({
    name: required(
      string({ min: 1 }),
      'A provider by its name in `meshConfig.extensionProviders`, or a built-in one: `prometheus`, `envoy`, `stackdriver`.',
    ),
  }),
);

export function telemetryProviders(rules: readonly Rule[] = []) {
  return list(provider(), { rules });
}

export const workloadMode = fragment(() =>
  choice({
    CLIENT_AND_SERVER: 'At both ends of a request.',
    CLIENT: 'Only where a workload calls: outbound at its sidecar. Gateways count as clients.',
    SERVER: 'Only where a workload is called: inbound at its sidecar. Waypoints count as servers.',
  }),
);

export const telemetryMatch = fragment(() =>
  object({
    mode: field(workloadMode(), 'The side of the request, seen from the workload whose proxy reads it.', {
      default: 'CLIENT_AND_SERVER',
    }),
  }),
);
