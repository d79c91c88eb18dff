import { text } from '../../yaml/access.ts';
import { field, fragment, int, list, object, required } from '../define.ts';
import { goDurationMs } from '../formats.ts';
import { kind } from '../kind.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { apiGroup, crdRule, gatewayDuration, kindName, objectName } from './names.ts';
import { sessionPersistence } from './sessionPersistence.ts';

const INTERVAL: CheckFacts = {
  code: 'retry-interval-out-of-range',
  severity: 'error',
  what: 'An interval of a retry budget that is too short or longer than an hour.',
  why: 'Retries are counted over this interval; the API server refuses the policy.',
  todo: 'Write an interval from `1s` to `1h`.',
  peers: [
    'CRD-CEL',
    crdRule('interval-cannot-be-greater-than-one-hour-or-less-than-one-second'),
    crdRule('interval-cannot-be-greater-than-one-hour'),
  ],
  source: 'Gateway API experimental CRDs, CEL rules on XBackendTrafficPolicy .spec.retryConstraint',
};

const HOUR_MS = 3_600_000;

function interval(shortestMs: number, range: string): Rule {
  return {
    facts: INTERVAL,
    run(node, report) {
      const value = text(node);
      const ms = value === undefined ? undefined : goDurationMs(value);
      if (ms !== undefined && (ms < shortestMs || ms > HOUR_MS))
        report(node, `\`${value}\` is out of range: the interval must be ${range}.`);
    },
  };
}

const retryConstraint = fragment(() =>
  object({
    budget: field(
      object({
        percent: field(int({ min: 0, max: 100 }), 'How many of a hundred active requests may be retries.', {
          default: 20,
        }),
        interval: field(
          gatewayDuration([interval(1000, 'from one second to one hour')]),
          'Time over which requests and retries are counted.',
          {
            default: '10s',
          },
        ),
      }),
      'Largest share of retries among all requests to the target. More are not sent, so that retries do not break down a backend that is already in trouble.',
      { default: '20 percent in 10s' },
    ),
    minRetryRate: field(
      object({
        count: field(
          int({ min: 1, max: 1_000_000 }),
          'How many retries are allowed in each interval, whatever the budget says.',
        ),
        interval: field(
          gatewayDuration([interval(1, 'longer than zero and at most one hour')]),
          'Time over which the allowed retries are counted.',
        ),
      }),
      'Retries that are always allowed, so that a backend with little traffic gets any at all.',
      { default: '10 in 1s' },
    ),
  }),
);

export const xBackendTrafficPolicy = kind({
  project: 'gateway-api',
  group: 'gateway.networking.x-k8s.io',
  kind: 'XBackendTrafficPolicy',
  plural: 'xbackendtrafficpolicies',
  shortNames: ['xbtrafficpolicy'],
  scope: 'Namespaced',
  doc: 'An experiment of the Gateway API: limits retries to a backend and keeps clients at one pod, for all routes that lead there. Retries themselves are switched on in the HTTPRoute. Linkerd does not read it; its retry limits are annotations. Expect incompatible changes.',
  reference: 'https://gateway-api.sigs.k8s.io/reference/spec/#xbackendtrafficpolicy',
  readBy: ['gateway', 'waypoint', 'sidecar'],
  channel: 'experimental',
  since: '1.3',
  versions: { v1alpha1: { served: true, storage: true } },
  specRequired: true,
  spec: () =>
    object({
      targetRefs: required(
        list(
          object({
            group: required(apiGroup(), 'API group of the target; `""` for a Service.'),
            kind: required(kindName(), 'Kind of the target; `Service` everywhere.'),
            name: required(objectName(), 'Which backend the policy is about, in its own namespace.'),
          }),
          { min: 1, max: 16, mapKeys: ['group', 'kind', 'name'] },
        ),
        'Backends that the policy is about, each once.',
      ),
      retryConstraint: field(retryConstraint(), 'How many retries the targets get at most.'),
      sessionPersistence: field(
        sessionPersistence(),
        'Keeps a client at the pod that answered it first, whichever route leads there.',
      ),
    }),
});
