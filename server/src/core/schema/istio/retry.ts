import { at, num, text } from '../../yaml/access.ts';
import { bool, field, fragment, int, object, string } from '../define.ts';
import { changeTo } from '../fixes.ts';
import { duration, goDurationMs } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode, presentOf } from '../rules.ts';

/** `retries`: how often, when and how fast failed requests are sent again. */

const SOURCE = 'istio/istio pkg/config/validation/validation.go, validateHTTPRetry';

const INVALID_ATTEMPTS: CheckFacts = {
  code: 'retries-without-attempts',
  severity: 'error',
  what: 'A retry policy with details but no attempts, or a negative number of attempts.',
  why: '`attempts: 0`, which is also what absent means, switches retries off, so the details contradict it; the webhook of istiod refuses the resource.',
  todo: 'Set `attempts` to 1 or more, or keep `attempts: 0` alone to switch retries off.',
  source: SOURCE,
};

const DETAILS = ['perTryTimeout', 'retryOn', 'retryRemoteLocalities'];

const attemptsForDetails: Rule = {
  facts: INVALID_ATTEMPTS,
  needsWhole: true,
  run(node, report) {
    const attempts = at(node, 'attempts');
    if (attempts && num(attempts) !== 0) return;
    const [detail] = presentOf(node, DETAILS).filter((name) => text(node, name) !== '');
    if (!detail) return;
    const where = attempts ?? fieldNode(node, detail);
    report(
      where,
      `Without \`attempts\` above 0 there are no retries, so \`${detail}\` contradicts it; set \`attempts\`, for example to 2.`,
    );
  },
};

const notNegative: Rule = {
  facts: INVALID_ATTEMPTS,
  run(node, report) {
    const attempts = num(node);
    if (attempts !== undefined && attempts < 0) {
      report(node, `There cannot be ${attempts} attempts; write 0 to switch retries off.`);
    }
  },
};

const UNKNOWN_CONDITION: CheckFacts = {
  code: 'unknown-retry-condition',
  severity: 'error',
  what: 'A word in `retryOn` that is neither a condition of Envoy nor an HTTP status.',
  why: 'The webhook of istiod refuses the resource. Blanks count: after a comma there must be none.',
  todo: 'Write conditions and statuses with commas between, such as `5xx,reset,503`.',
  source: SOURCE,
};

/** The conditions of Envoy, with what counts as failed under each. */
const CONDITIONS: Readonly<Record<string, string>> = {
  '5xx':
    'Any status from 500 to 599, and no answer at all (reset, timeout, no connection). Repeats requests that may have done their work.',
  'gateway-error': 'The statuses 502, 503 and 504.',
  reset: 'The connection broke before an answer came; the request may have done its work.',
  'reset-before-request': 'The connection broke before the request was sent, so nothing is done twice.',
  'connect-failure': 'No connection could be made, so nothing is done twice. Part of the default.',
  'retriable-4xx': 'The status 409, a conflict that may be over by the next try.',
  'refused-stream': 'The server turned the HTTP/2 stream away before it looked at it. Part of the default.',
  'retriable-status-codes':
    'The statuses that the proxy was told to retry. Istio adds it by itself when statuses such as `503` are listed.',
  'retriable-headers': 'Answers with headers that the proxy was told to retry, which takes an EnvoyFilter.',
  'envoy-ratelimited': 'Envoy itself turned the request away by a rate limit.',
  'http3-post-connect-failure': 'HTTP/3 failed after the connection was made; the next try falls back to TCP.',
  cancelled: 'gRPC status CANCELLED. Part of the default.',
  'deadline-exceeded': 'gRPC status DEADLINE_EXCEEDED: the server ran out of time.',
  internal: 'gRPC status INTERNAL: the server failed.',
  'resource-exhausted': 'gRPC status RESOURCE_EXHAUSTED, as under quotas and rate limits.',
  unavailable: 'gRPC status UNAVAILABLE: the server cannot be reached. Part of the default.',
};

/** The ranges of statuses that have a registered name, as istiod knows them. */
const STATUSES: readonly (readonly [number, number])[] = [
  [100, 103],
  [200, 208],
  [226, 226],
  [300, 305],
  [307, 308],
  [400, 418],
  [421, 426],
  [428, 429],
  [431, 431],
  [451, 451],
  [500, 508],
  [510, 511],
];

function isCondition(word: string): boolean {
  if (Object.hasOwn(CONDITIONS, word)) return true;
  return /^\d{3}$/.test(word) && STATUSES.some(([from, to]) => Number(word) >= from && Number(word) <= to);
}

const knownConditions: Rule = {
  facts: UNKNOWN_CONDITION,
  run(node, report) {
    const value = text(node);
    if (value === undefined || value === '') return;
    const words = value.split(',');
    const trimmed = words.map((word) => word.trim());
    const unknown = words.find((word) => !isCondition(word));
    if (unknown === undefined) return;
    if (trimmed.every(isCondition)) {
      report(
        node,
        `\`${unknown}\` has a blank, which istiod takes for part of the condition; write commas without blanks.`,
        { fixes: [changeTo(node, trimmed.join(','), 'Remove the blanks')] },
      );
    } else {
      const word = trimmed.find((candidate) => !isCondition(candidate)) ?? unknown;
      report(
        node,
        `\`${word}\` is not a condition to retry on; known are words such as \`5xx\`, \`reset\`, \`connect-failure\` and statuses such as \`503\`.`,
      );
    }
  },
};

const RETRY_TIMEOUT: CheckFacts = {
  code: 'retries-exceed-timeout',
  severity: 'info',
  what: 'A timeout for one attempt that is not shorter than the timeout of the whole request.',
  why: 'The request is over before an attempt can time out, so a slow attempt is never repeated.',
  todo: 'Make `perTryTimeout` shorter than `timeout`, so that the attempts fit in.',
};

/** For the route that holds both timeouts. */
export const attemptOutlivesRequest: Rule = {
  facts: RETRY_TIMEOUT,
  run(node, report) {
    const attempt = at(node, 'retries', 'perTryTimeout');
    if (!attempt) return;
    const whole = goDurationMs(text(node, 'timeout') ?? '');
    const one = goDurationMs(text(attempt) ?? '');
    if (whole === undefined || one === undefined || whole <= 0 || one < whole) return;
    report(
      attempt,
      'One attempt may take as long as the whole request (`timeout`), so a slow attempt is never repeated.',
    );
  },
};

const time = () => string({ rules: [duration({ minMs: 1, wholeMs: true })] });

export const retries = fragment(() =>
  object(
    {
      attempts: field(
        int({ rules: [notNegative] }),
        'How many times a failed request is sent again, beside the first try. `0` switches off even the retries that Istio makes by default.',
        { default: 0 },
      ),
      perTryTimeout: field(
        time(),
        'How long each try may take, the first one included. It must be shorter than the timeout of the route to be of use.',
        { default: 'the timeout of the route' },
      ),
      retryOn: field(
        string({ rules: [knownConditions], suggest: CONDITIONS }),
        'What counts as failed: conditions of Envoy and HTTP statuses, with commas and without blanks between. Anything beyond connection failures can repeat a request that has already done its work.',
        { default: 'connect-failure,refused-stream,unavailable,cancelled' },
      ),
      backoff: field(
        time(),
        'The shortest pause before a try is repeated; pauses grow from there, with some randomness.',
        { default: '25ms', since: '1.26' },
      ),
      retryRemoteLocalities: field(
        bool(),
        'Whether tries may go to other zones and regions. Otherwise the retry stays where the load balancer first chose.',
      ),
      retryIgnorePreviousHosts: field(
        bool(),
        'Whether a retry may not go to an endpoint that has already failed for this request.',
        { default: true, since: '1.26' },
      ),
    },
    { rules: [attemptsForDetails] },
  ),
);
