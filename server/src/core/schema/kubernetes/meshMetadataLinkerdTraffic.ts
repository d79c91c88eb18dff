import { keysOfMesh, type MetadataKey } from './metadataKey.ts';
import {
  boolean,
  decimal,
  grpcRetryConditions,
  httpRetryConditions,
  integer,
  linkerdDuration,
  oneOf,
} from './metadataValues.ts';

/** What the policy controller of Linkerd reads on services and routes. */

const { annotation } = keysOfMesh('linkerd');
const BALANCED = ['Service', 'EgressNetwork'];
const ROUTED = ['Service', 'EgressNetwork', 'HTTPRoute', 'GRPCRoute'];
const IGNORED_UNDER_PROFILE = 'Not read where a ServiceProfile with routes exists.';

export const LINKERD_RETRIES: readonly MetadataKey[] = [
  annotation(
    'retry.linkerd.io/http',
    ['Service', 'EgressNetwork', 'HTTPRoute'],
    httpRetryConditions,
    `Which HTTP responses make the proxy **try again**. On a route it stands for all its rules. ${IGNORED_UNDER_PROFILE}`,
    { default: 'no retries', strict: true },
  ),
  annotation(
    'retry.linkerd.io/grpc',
    ['Service', 'EgressNetwork', 'GRPCRoute'],
    grpcRetryConditions,
    `Which gRPC statuses make the proxy **try again**. ${IGNORED_UNDER_PROFILE}`,
    { default: 'no retries', strict: true },
  ),
  annotation(
    'retry.linkerd.io/limit',
    ROUTED,
    integer(0, 65535),
    'How often a request is tried again at most. Bodies above 64 KiB are never sent again.',
    { default: '1', strict: true },
  ),
  annotation(
    'retry.linkerd.io/timeout',
    ROUTED,
    linkerdDuration(),
    'How long **one try** may take until the next one starts.',
    { strict: true },
  ),
  annotation(
    'timeout.linkerd.io/request',
    ROUTED,
    linkerdDuration(),
    'How long a request may take until the whole of its answer is there. It wins over `timeouts.request` of the route. As soon as a route has any of these annotations, those of its Service are not read.',
    { strict: true },
  ),
  annotation(
    'timeout.linkerd.io/response',
    ROUTED,
    linkerdDuration(),
    'How long the answer may take to begin, after the whole request was sent.',
    { strict: true },
  ),
  annotation(
    'timeout.linkerd.io/idle',
    ROUTED,
    linkerdDuration(),
    'How long a stream may rest without data in either direction.',
    { strict: true },
  ),
];

export const LINKERD_BALANCING: readonly MetadataKey[] = [
  annotation(
    'balancer.linkerd.io/failure-accrual',
    BALANCED,
    oneOf({
      consecutive: 'Takes an endpoint out after a number of failures in a row.',
      unified: 'Takes an endpoint out by its rate of success over time as well.',
    }),
    `Turns **circuit breaking** on: endpoints that fail are left out for a while and then tried again. ${IGNORED_UNDER_PROFILE}`,
    { default: 'off', strict: true },
  ),
  annotation(
    'balancer.linkerd.io/failure-accrual-consecutive-max-failures',
    BALANCED,
    integer(0, 4_294_967_295),
    'How many failures in a row take an endpoint out.',
    { default: '7', strict: true },
  ),
  annotation(
    'balancer.linkerd.io/failure-accrual-consecutive-min-penalty',
    BALANCED,
    linkerdDuration(),
    'How long an endpoint is left out the first time. Not above the longest time.',
    { default: '1s', strict: true },
  ),
  annotation(
    'balancer.linkerd.io/failure-accrual-consecutive-max-penalty',
    BALANCED,
    linkerdDuration(1),
    'How long an endpoint is left out at most; each further failure doubles the time up to here.',
    { default: '60s', strict: true },
  ),
  annotation(
    'balancer.linkerd.io/failure-accrual-consecutive-jitter-ratio',
    BALANCED,
    decimal(0, 100),
    'How much chance is mixed into the times, so that proxies do not all try at once.',
    { default: '0.5', strict: true },
  ),
  annotation(
    'balancer.alpha.linkerd.io/failure-accrual-success-rate-threshold',
    BALANCED,
    decimal(0, 1),
    'The rate of success below which an endpoint is taken out. For `failure-accrual: unified`.',
    { default: '0.8', strict: true },
  ),
  annotation(
    'balancer.alpha.linkerd.io/failure-accrual-success-rate-window',
    BALANCED,
    linkerdDuration(10),
    'The time over which the rate of success is measured. For `failure-accrual: unified`.',
    { default: '10s', strict: true },
  ),
  annotation(
    'balancer.alpha.linkerd.io/failure-accrual-success-rate-min-requests',
    BALANCED,
    integer(0, 1_000_000),
    'How many requests there must be until the rate of success counts. For `failure-accrual: unified`.',
    { default: '5', strict: true },
  ),
  annotation(
    'balancer.alpha.linkerd.io/failure-accrual-honor-retry-after',
    BALANCED,
    boolean('Leaves the endpoint out for as long as it asks.', 'Does not read the header.'),
    'Whether `Retry-After` of an endpoint says how long it is left out.',
    { default: 'false' },
  ),
  annotation(
    'balancer.alpha.linkerd.io/penalize-failures',
    ['Service'],
    boolean('Sends fewer requests to endpoints that fail.', 'Goes by latency alone.'),
    'Whether failures count as load when the proxy chooses among endpoints.',
    { default: 'false' },
  ),
  annotation(
    'balancer.alpha.linkerd.io/load-biaser-penalty',
    ['Service'],
    linkerdDuration(),
    'How much latency a failure counts as. For `penalize-failures`.',
    { default: '5s' },
  ),
  annotation(
    'balancer.alpha.linkerd.io/load-biaser-max-retry-after',
    ['Service'],
    linkerdDuration(),
    'The longest `Retry-After` that is believed. For `penalize-failures`.',
    { default: '300s' },
  ),
];
