import { keysOfMesh, type MetadataKey } from './metadataKey.ts';
import { anyText, boolean, goDuration, integer, oneOf, suggested } from './metadataValues.ts';

/** What the injector of Linkerd reads on namespaces and pods about policy, logs and times of the proxy. */

const { annotation } = keysOfMesh('linkerd');
const INJECTED = ['Namespace', 'Pod'];

export const LINKERD_BEHAVIOR: readonly MetadataKey[] = [
  annotation(
    'config.linkerd.io/default-inbound-policy',
    INJECTED,
    oneOf({
      'all-unauthenticated': 'Everyone may connect.',
      'all-authenticated': 'Every client with a mesh identity may connect.',
      'cluster-unauthenticated': 'Everyone in the cluster networks may connect.',
      'cluster-authenticated': 'Every client with a mesh identity in the cluster networks may connect.',
      deny: 'Nobody may connect unless a policy says so.',
      audit: 'Everyone may connect; what no policy allows is logged and counted.',
    }),
    'Who may connect to ports that **no Server** covers. It is read when the pod is created, so that a change needs a restart.',
    {
      default: 'what the installation says: all-unauthenticated',
      strict: true,
    },
  ),
  annotation(
    'config.linkerd.io/proxy-log-level',
    INJECTED,
    suggested(
      'a log filter such as `warn,linkerd=info`',
      {
        'warn,linkerd=info': 'Warnings, and what the proxy itself reports.',
        'info,linkerd=debug': 'Much detail of the proxy.',
        error: 'Errors only.',
      },
      () => true,
    ),
    'What the proxy logs.',
    { default: 'warn,linkerd=info,hickory=error' },
  ),
  annotation(
    'config.linkerd.io/proxy-log-format',
    INJECTED,
    oneOf({ plain: 'Lines for people.', json: 'Lines for programs.' }),
    'How the proxy writes its log.',
    { default: 'plain' },
  ),
  annotation(
    'config.linkerd.io/proxy-log-http-headers',
    INJECTED,
    oneOf({
      off: 'No headers in the log.',
      insecure: 'All headers in the log at debug level, credentials among them.',
    }),
    'Whether the proxy logs the headers of requests.',
    { default: 'off' },
  ),
  annotation(
    'config.linkerd.io/access-log',
    INJECTED,
    oneOf({ apache: 'The format of Apache.', json: 'One JSON object for each request.' }),
    'Writes a line for **each request** that the proxy takes in.',
    { default: 'none' },
  ),
  annotation(
    'config.linkerd.io/proxy-metrics-hostname-labels',
    INJECTED,
    boolean('Adds host names to metrics.', 'Keeps host names out.'),
    'Whether metrics carry the host of each request. With many hosts they grow large.',
    { default: 'false' },
  ),
  annotation(
    'config.linkerd.io/proxy-admin-shutdown',
    INJECTED,
    oneOf({ enabled: 'Takes `POST /shutdown` on the admin port.', disabled: 'Refuses it.' }),
    'Whether the proxy can be told to end, as Jobs without native sidecars need it.',
    { default: 'disabled' },
  ),
  annotation(
    'config.linkerd.io/proxy-outbound-connect-timeout',
    INJECTED,
    goDuration,
    'How long the proxy tries to reach a destination.',
    { default: '1000ms' },
  ),
  annotation(
    'config.linkerd.io/proxy-inbound-connect-timeout',
    INJECTED,
    goDuration,
    'How long the proxy tries to reach its application.',
    { default: '100ms' },
  ),
  annotation(
    'config.linkerd.io/proxy-outbound-discovery-cache-unused-timeout',
    INJECTED,
    goDuration,
    'How long the proxy remembers a destination that it does not use.',
    { default: '5s' },
  ),
  annotation(
    'config.linkerd.io/proxy-inbound-discovery-cache-unused-timeout',
    INJECTED,
    goDuration,
    'How long the proxy remembers the policy of a port that nobody uses.',
    { default: '90s' },
  ),
  annotation(
    'config.linkerd.io/proxy-disable-outbound-protocol-detect-timeout',
    INJECTED,
    boolean('Waits as long as it takes.', 'Gives up after ten seconds.'),
    'Whether the proxy waits without limit for the first bytes of an outbound connection.',
    { default: 'false' },
  ),
  annotation(
    'config.linkerd.io/proxy-disable-inbound-protocol-detect-timeout',
    INJECTED,
    boolean('Waits as long as it takes.', 'Gives up after ten seconds.'),
    'Whether the proxy waits without limit for the first bytes of an inbound connection.',
    { default: 'false' },
  ),
  annotation(
    'config.linkerd.io/close-wait-timeout',
    INJECTED,
    goDuration,
    'How long the kernel keeps half-closed connections of the pod (`nf_conntrack_tcp_timeout_close_wait`). The init container then needs more rights.',
  ),
  annotation(
    'config.linkerd.io/shutdown-grace-period',
    INJECTED,
    goDuration,
    'How long open connections may go on after the proxy was told to end.',
  ),
  annotation(
    'config.alpha.linkerd.io/proxy-wait-before-exit-seconds',
    INJECTED,
    integer(0, Number.MAX_SAFE_INTEGER),
    'How long the proxy still runs after the pod was told to end, so that the application can finish its calls. Not for native sidecars, which end last anyway.',
    {
      default: '0',
    },
  ),
  annotation(
    'resource.opentelemetry.io/',
    ['Pod'],
    anyText,
    'An attribute of traces: the rest of the key is its name, such as `resource.opentelemetry.io/service.name`.',
    { isPrefix: true },
  ),
];
