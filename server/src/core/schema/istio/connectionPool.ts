import { bool, has, num, text } from '../../yaml/access.ts';
import { bool as boolean, choice, field, fragment, int, object, string } from '../define.ts';
import { duration } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atLeastOneOf, fieldNode } from '../rules.ts';

/** `connectionPool`: how many connections and requests a proxy keeps open. In DestinationRule towards a host, in Sidecar towards the own workload. */

const SOURCE = 'istio/istio pkg/config/validation/validation.go, validateConnectionPool';

const EMPTY_POOL: CheckFacts = {
  code: 'empty-connection-pool',
  severity: 'error',
  what: '`connectionPool` with neither `http` nor `tcp`.',
  why: 'It limits nothing; the webhook of istiod refuses the resource.',
  todo: 'Set `http` or `tcp`, or remove `connectionPool`.',
  source: SOURCE,
};

const NEGATIVE_LIMIT: CheckFacts = {
  code: 'negative-pool-limit',
  severity: 'error',
  what: 'A limit of a connection pool is below zero.',
  why: 'A negative count has no meaning; the webhook of istiod refuses the resource.',
  todo: 'Write a positive number. Zero and absent both mean the default.',
  source: SOURCE,
};

const UPGRADE_CONFLICT: CheckFacts = {
  code: 'upgrade-with-client-protocol',
  severity: 'error',
  what: '`useClientProtocol: true` together with `h2UpgradePolicy: UPGRADE`.',
  why: 'One keeps the protocol of the client, the other changes it to HTTP/2; the webhook of istiod refuses the resource.',
  todo: 'Keep one of the two.',
  source: SOURCE,
};

const KEEPALIVE_PAIR: CheckFacts = {
  code: 'http2-keepalive-pair',
  severity: 'error',
  what: '`http2KeepAlive` with only one of `interval` and `timeout`.',
  why: 'Pings need both how often they are sent and how long an answer may take; the resource is refused.',
  todo: 'Set both `interval` and `timeout`.',
  source: SOURCE,
};

const notNegative: Rule = {
  facts: NEGATIVE_LIMIT,
  run(node, report) {
    const value = num(node);
    if (value !== undefined && value < 0) report(node, `${value} is not a limit: it must not be negative.`);
  },
};

const upgradeConflict: Rule = {
  facts: UPGRADE_CONFLICT,
  run(node, report) {
    if (text(node, 'h2UpgradePolicy') !== 'UPGRADE' || bool(node, 'useClientProtocol') !== true) return;
    report(
      fieldNode(node, 'useClientProtocol'),
      '`useClientProtocol` keeps the protocol of the client and `h2UpgradePolicy: UPGRADE` changes it; they cannot hold together.',
    );
  },
};

const keepalivePair: Rule = {
  facts: KEEPALIVE_PAIR,
  needsWhole: true,
  run(node, report) {
    if (has(node, 'interval') && has(node, 'timeout')) return;
    const missing = has(node, 'interval') ? 'timeout' : 'interval';
    report(node, `\`http2KeepAlive\` needs \`interval\` and \`timeout\`; \`${missing}\` is not set.`);
  },
};

const limit = () => int({ rules: [notNegative] });
const time = () => string({ rules: [duration({ minMs: 1, wholeMs: true })] });

const tcpKeepalive = fragment(() =>
  object({
    probes: field(
      int({ min: 0, max: 4294967295 }),
      'Unanswered probes after which the connection is taken for dead and closed.',
      { default: 'what the operating system says, 9 on Linux' },
    ),
    time: field(time(), 'How long a connection must be idle before probing starts.', {
      default: 'what the operating system says, 2 hours on Linux',
    }),
    interval: field(time(), 'The pause between two probes.', {
      default: 'what the operating system says, 75 seconds on Linux',
    }),
  }),
);

const tcp = fragment(() =>
  object({
    maxConnections: field(
      limit(),
      'The most connections that one proxy opens to all endpoints of the host together. Each client proxy counts for itself, so the host sees up to this many times the number of clients.',
      { default: 'unlimited' },
    ),
    connectTimeout: field(
      time(),
      'How long the TCP handshake with an endpoint may take before the attempt counts as failed.',
      { default: '10s' },
    ),
    tcpKeepalive: field(
      tcpKeepalive(),
      'Probes on idle connections, so that firewalls and load balancers between do not drop them silently. Presence alone switches them on.',
    ),
    maxConnectionDuration: field(
      time(),
      'Connections are closed when they reach this age, whether busy or not. Useful where endpoints change behind one address.',
      { default: 'unlimited' },
    ),
    idleTimeout: field(
      string({ rules: [duration({ minMs: 1, wholeMs: true, orZero: true })] }),
      'How long a plain TCP connection may carry no bytes in either direction before it is closed. `0s` switches the timeout off, at the risk of leaking connections.',
      { default: '1h', since: '1.21' },
    ),
  }),
);

const http2KeepAlive = fragment(() =>
  object(
    {
      interval: field(time(), 'The pause between two HTTP/2 pings on a connection to an endpoint.', { since: '1.31' }),
      timeout: field(time(), 'How long the answer to a ping may take before the connection is closed.', {
        since: '1.31',
      }),
    },
    { rules: [keepalivePair] },
  ),
);

const http = fragment(() =>
  object(
    {
      http1MaxPendingRequests: field(
        limit(),
        'Requests that may wait for a connection. What comes above is answered with 503 at once, which sheds load before queues grow.',
        { default: 'unlimited' },
      ),
      http2MaxRequests: field(
        limit(),
        'Requests that may be in flight to the host at the same time; in spite of the name, over HTTP/1.1 too.',
        { default: 'unlimited' },
      ),
      maxRequestsPerConnection: field(
        limit(),
        'A connection is closed after this many requests. `1` switches keep-alive off, which costs a handshake for each request.',
        { default: 'unlimited' },
      ),
      maxRetries: field(
        limit(),
        'Retries that may run at the same time to all endpoints of the host; further ones are dropped, so a failing host is not drowned.',
        { default: 'unlimited' },
      ),
      idleTimeout: field(
        time(),
        'An HTTP connection without active requests is closed after this time. HTTP/2 connections get a drain sequence first.',
        { default: '1h' },
      ),
      h2UpgradePolicy: field(
        choice({
          DEFAULT: 'Whatever `h2UpgradePolicy` of the mesh configuration says.',
          DO_NOT_UPGRADE: 'Requests that come in as HTTP/1.1 leave as HTTP/1.1.',
          UPGRADE:
            'Requests that come in as HTTP/1.1 leave as HTTP/2. The application at the other end must speak HTTP/2 without TLS.',
        }),
        'Whether requests over HTTP/1.1 are sent on over HTTP/2.',
        { default: 'DEFAULT' },
      ),
      useClientProtocol: field(
        boolean(),
        'Sends each request on with the protocol in which the client sent it. `h2UpgradePolicy` is then without effect.',
        { default: false },
      ),
      maxConcurrentStreams: field(
        limit(),
        'Streams that one HTTP/2 connection may carry at the same time; more requests open more connections.',
        { default: '2147483647', since: '1.21' },
      ),
      http2KeepAlive: field(
        http2KeepAlive(),
        'Pings on HTTP/2 connections to endpoints, which find dead ones sooner than TCP does.',
        { since: '1.31' },
      ),
    },
    { rules: [upgradeConflict] },
  ),
);

export const connectionPool = fragment(() =>
  object(
    {
      tcp: field(tcp(), 'Limits and timeouts of connections, for HTTP and plain TCP alike.'),
      http: field(
        http(),
        'Limits on requests. They count only where the proxy knows the protocol as HTTP; on a TCP port nothing of this applies.',
        { l7: true },
      ),
    },
    { rules: [atLeastOneOf(['tcp', 'http'], { facts: EMPTY_POOL })] },
  ),
);
