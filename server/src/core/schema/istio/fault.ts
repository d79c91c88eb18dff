import { at, has, num, text } from '../../yaml/access.ts';
import { field, fragment, int, object, string } from '../define.ts';
import { changeTo } from '../fixes.ts';
import { duration } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atLeastOneOf, atMostOneOf } from '../rules.ts';
import { faultPercentage } from './percentage.ts';

/** `fault`: delays and errors that the proxy of the client makes up, to test how callers cope. */

const SOURCE = 'istio/istio pkg/config/validation/validation.go, validateHTTPFaultInjection';

const EMPTY_FAULT: CheckFacts = {
  code: 'empty-fault',
  severity: 'error',
  what: '`fault` with neither `abort` nor `delay`.',
  why: 'There is nothing to inject; the webhook of istiod refuses the resource.',
  todo: 'Add `abort` or `delay`, or remove `fault`.',
  source: SOURCE,
};

const FAULT_WITHOUT_EFFECT: CheckFacts = {
  code: 'fault-without-effect',
  severity: 'warning',
  what: 'A fault that says no status to answer with, no time to wait, or no share of requests.',
  why: 'Such a fault is injected into no request: the test runs and proves nothing. Without `percentage` the share is zero.',
  todo: 'Set `httpStatus` or `grpcStatus` (or `fixedDelay`), and `percentage.value`, for example 100.',
  source: `${SOURCE}; pilot/pkg/networking/core/route, translateFault`,
};

const UNSUPPORTED_FAULT: CheckFacts = {
  code: 'unsupported-fault',
  severity: 'error',
  what: '`http2Error` or `exponentialDelay`, which Istio has never implemented.',
  why: 'The webhook of istiod refuses the resource.',
  todo: 'Use `httpStatus` or `grpcStatus` to abort, and `fixedDelay` to delay.',
  source: SOURCE,
};

export const INVALID_STATUS: CheckFacts = {
  code: 'invalid-status-code',
  severity: 'error',
  what: 'A status to answer with that HTTP or gRPC does not have.',
  why: 'The webhook of istiod refuses the resource, and Envoy would refuse the configuration.',
  todo: 'Use an HTTP status from 200 to 599, or the upper-case name of a gRPC status such as `UNAVAILABLE`.',
  source: `${SOURCE}; validateHTTPDirectResponse`,
};

const GRPC_STATUSES: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** A status that a proxy may answer with by itself. */
export const answerStatus: Rule = {
  facts: INVALID_STATUS,
  run(node, report) {
    const status = num(node);
    if (status !== undefined && (status < 200 || status > 599)) {
      report(node, `${status} is not a status to answer with; use one from 200 to 599.`);
    }
  },
};

const grpcStatus: Rule = {
  facts: INVALID_STATUS,
  run(node, report) {
    const status = text(node);
    if (status === undefined || GRPC_STATUSES.includes(status)) return;
    const upper = status.toUpperCase();
    if (GRPC_STATUSES.includes(upper)) {
      report(node, `Names of gRPC statuses are upper-case: write \`${upper}\`.`, { fixes: [changeTo(node, upper)] });
    } else {
      report(
        node,
        `\`${status}\` is not the name of a gRPC status; examples are \`UNAVAILABLE\` and \`DEADLINE_EXCEEDED\`.`,
      );
    }
  },
};

function unsupported(instead: string): Rule {
  return {
    facts: UNSUPPORTED_FAULT,
    run(node, report) {
      report(node, `Istio does not implement this; use ${instead}.`);
    },
  };
}

/** A fault needs one of these fields to say what happens, and one of those to say how often. */
function effective(kinds: readonly string[], shares: readonly string[], what: string): Rule {
  return {
    facts: FAULT_WITHOUT_EFFECT,
    needsWhole: true,
    run(node, report) {
      if (!kinds.some((name) => has(node, name))) report(node, what);
      else if (!shares.some((name) => has(node, name))) {
        report(node, 'Without `percentage` no request is hit; add `percentage: {value: 100}` to hit all.');
      } else if (has(node, 'percentage') && !has(at(node, 'percentage'), 'value')) {
        report(at(node, 'percentage') ?? node, '`percentage` without `value` means 0: no request is hit.');
      }
    },
  };
}

const ABORTS = ['httpStatus', 'grpcStatus', 'http2Error'];
const DELAYS = ['fixedDelay', 'exponentialDelay'];
const time = () => duration({ minMs: 1, wholeMs: true });

const abort = fragment(() =>
  object(
    {
      httpStatus: field(
        int({ rules: [answerStatus] }),
        'The HTTP status that hit requests are answered with, without ever reaching the service.',
      ),
      grpcStatus: field(
        string({ rules: [grpcStatus] }),
        'The gRPC status that hit calls end with, by its upper-case name.',
      ),
      http2Error: field(
        string({ rules: [unsupported('`httpStatus` or `grpcStatus`')] }),
        'Was meant to reset HTTP/2 streams; never implemented, and refused by istiod.',
      ),
      percentage: field(faultPercentage(), 'How many requests are aborted. **Absent means none.**'),
    },
    {
      rules: [
        atMostOneOf(ABORTS),
        effective(
          ABORTS,
          ['percentage'],
          '`abort` needs `httpStatus` or `grpcStatus`; without one nothing is aborted.',
        ),
      ],
    },
  ),
);

const delay = fragment(() =>
  object(
    {
      fixedDelay: field(
        string({ rules: [time()] }),
        'How long hit requests are held back before they are sent on. The timeout of the route does not count this time.',
      ),
      exponentialDelay: field(
        string({ rules: [time(), unsupported('`fixedDelay`')] }),
        'Was meant for delays that vary around an average; never implemented, and refused by istiod.',
      ),
      percentage: field(
        faultPercentage(),
        'How many requests are delayed. **Absent means none**, unless the old `percent` is set.',
      ),
      percent: field(int(), 'How many requests are delayed, in whole percent.', {
        deprecated: { note: 'Use `percentage.value`, which takes fractions too.', use: 'percentage.value' },
      }),
    },
    {
      rules: [
        atMostOneOf(DELAYS),
        effective(DELAYS, ['percentage', 'percent'], '`delay` needs `fixedDelay`; without it nothing is delayed.'),
      ],
    },
  ),
);

export const fault = fragment(() =>
  object(
    {
      delay: field(delay(), 'Holds requests back, as a slow network or service would.'),
      abort: field(abort(), 'Answers requests with an error, as a failing service would.'),
    },
    { rules: [atLeastOneOf(['abort', 'delay'], { facts: EMPTY_FAULT })] },
  ),
);
