import { at, has, items, text } from '../../yaml/access.ts';
import { choice, field, fragment, list, number, object, required, string } from '../define.ts';
import { duration } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atLeastOneOf, atMostOneOf } from '../rules.ts';
import { clientTls } from './clientTls.ts';
import { connectionPool } from './connectionPool.ts';
import { portSelector } from './destination.ts';
import { domainProblem, INVALID_HOST, isIpAddress } from './hosts.ts';
import { loadBalancer } from './loadBalancer.ts';
import { hasFailover } from './loadBalancerLocality.ts';
import { outlierDetection } from './outlierDetection.ts';
import { portNumber, uint32 } from './port.ts';

/** `trafficPolicy`: how a client's proxy treats a host, as a whole, by port, or by subset. */

const SOURCE = 'istio/istio pkg/config/validation/validation.go, validateTrafficPolicy';

const EMPTY_POLICY: CheckFacts = {
  code: 'empty-traffic-policy',
  severity: 'error',
  what: 'A traffic policy that sets nothing.',
  why: 'The webhook of istiod refuses it. `retryBudget` alone does not count.',
  todo: 'Set at least one of the fields, or remove the policy.',
  source: SOURCE,
};

const TUNNEL_WITH_PROXY_PROTOCOL: CheckFacts = {
  code: 'tunnel-with-proxy-protocol',
  severity: 'error',
  what: '`tunnel` together with `proxyProtocol`.',
  why: 'Both wrap the connection in their own way; the webhook of istiod refuses the resource.',
  todo: 'Keep one of them.',
  source: SOURCE,
};

const FAILOVER_WITHOUT_DETECTION: CheckFacts = {
  code: 'failover-without-outlier-detection',
  severity: 'warning',
  what: 'A failover between places without `outlierDetection` in the same policy.',
  why: 'Without it no endpoint is ever taken for unhealthy, so traffic never moves; the preference for near endpoints does not even begin.',
  todo: 'Add `outlierDetection`; `outlierDetection: {}` takes the defaults.',
  source: 'istio/istio pkg/config/validation/agent/validation.go, ValidateLocalityLbSetting',
};

const failoverNeedsDetection: Rule = {
  facts: FAILOVER_WITHOUT_DETECTION,
  needsWhole: true,
  run(node, report) {
    const setting = at(node, 'loadBalancer', 'localityLbSetting');
    if (!setting || !hasFailover(setting) || has(node, 'outlierDetection')) return;
    const where = ['failover', 'failoverPriority'].map((name) => at(setting, name)).find((value) => items(value).length > 0);
    report(where ?? setting, 'Traffic only moves away from endpoints that `outlierDetection` finds unhealthy, and it is not set in this policy.');
  },
};

const PORT_NEEDED: CheckFacts = {
  code: 'port-setting-without-port',
  severity: 'error',
  what: 'An item of `portLevelSettings` without `port`.',
  why: 'It is for no port; the webhook of istiod refuses the resource.',
  todo: 'Add `port: {number: …}` with the port of the Service.',
  source: 'istio/istio pkg/config/validation/validation.go, validatePortTrafficPolicies',
};

const portNamed: Rule = {
  facts: PORT_NEEDED,
  needsWhole: true,
  run(node, report) {
    if (!has(node, 'port')) report(node, 'Port-level settings need `port: {number: …}`.');
  },
};

const DUPLICATE_PORT: CheckFacts = {
  code: 'duplicate-port-setting',
  severity: 'warning',
  what: 'Two items of `portLevelSettings` for the same port.',
  why: 'Only the first one is used; the other does nothing.',
  todo: 'Merge them.',
};

const onePerPort: Rule = {
  facts: DUPLICATE_PORT,
  run(node, report) {
    const seen = new Set<string>();
    for (const item of items(node)) {
      const port = text(item, 'port', 'number');
      if (port === undefined) continue;
      if (seen.has(port)) report(at(item, 'port', 'number') ?? item, `There are already settings for port ${port}; only the first ones are used.`);
      seen.add(port);
    }
  },
};

const PORT_REPLACES: CheckFacts = {
  code: 'port-setting-replaces-policy',
  severity: 'info',
  what: 'Settings of a port leave out what the policy around them sets.',
  why: 'They replace the policy of the host as a whole, they do not add to it: for this port, what is not repeated falls back to the defaults.',
  todo: 'Repeat the settings that the port should keep.',
  source: 'istio/api DestinationRule, TrafficPolicy.portLevelSettings',
};

const PORT_PARTS = ['connectionPool', 'loadBalancer', 'outlierDetection', 'tls'];

const portsRepeat: Rule = {
  facts: PORT_REPLACES,
  needsWhole: true,
  run(node, report) {
    const around = PORT_PARTS.filter((name) => has(node, name));
    for (const item of items(node, 'portLevelSettings')) {
      const lost = around.filter((name) => !has(item, name));
      const port = at(item, 'port');
      if (lost.length > 0 && port) report(port, `For this port, ${lost.map((name) => `\`${name}\``).join(' and ')} of the policy above ${lost.length === 1 ? 'does' : 'do'} not count: port settings replace it as a whole.`);
    }
  },
};

const TUNNEL_PROTOCOL: CheckFacts = {
  code: 'invalid-tunnel-protocol',
  severity: 'error',
  what: 'A tunnel protocol other than `CONNECT` and `POST`.',
  why: 'The webhook of istiod refuses the resource.',
  todo: 'Write `CONNECT` or `POST`, in upper case.',
  source: SOURCE,
};

const tunnelProtocol: Rule = {
  facts: TUNNEL_PROTOCOL,
  run(node, report) {
    const protocol = text(node);
    if (protocol !== undefined && !['', 'CONNECT', 'POST'].includes(protocol)) report(node, `\`${protocol}\` is not a tunnel protocol; use \`CONNECT\` or \`POST\`.`);
  },
};

const tunnelHost: Rule = {
  facts: INVALID_HOST,
  run(node, report) {
    const host = text(node);
    const problem = host === undefined || isIpAddress(host) ? undefined : domainProblem(host);
    if (problem) report(node, `\`${host}\` is neither a host nor an IP address: ${problem}.`);
  },
};

const tunnel = fragment(() =>
  object({
    protocol: field(string({ rules: [tunnelProtocol] }), 'How the tunnel is asked for: an HTTP `CONNECT`, or a `POST`.', { default: 'CONNECT' }),
    targetHost: required(string({ rules: [tunnelHost] }), 'Where the far end of the tunnel is to connect to: a full host name or an IP address.'),
    targetPort: required(portNumber(), 'The port to which the far end of the tunnel connects.'),
  }),
);

const retryBudget = fragment(() =>
  object({
    percent: field(number({ min: 0, max: 100 }), 'How many of the active requests may be retries, in percent.', { default: 20, since: '1.27' }),
    minRetryConcurrency: field(uint32(), 'Retries that are always allowed at the same time, however few requests there are.', { default: 3, since: '1.27' }),
    budgetInterval: field(string({ rules: [duration()] }), 'The time over which requests are counted for the budget.', { since: '1.31' }),
  }),
);

/** What can be set for a host and for single ports of it. */
function sharedFields() {
  return {
    loadBalancer: field(loadBalancer(), 'Which endpoint gets the next request.'),
    connectionPool: field(connectionPool(), 'Limits on connections and requests: a circuit breaker that answers 503 when they are exceeded.'),
    outlierDetection: field(outlierDetection(), 'Leaves failing endpoints out for a while.'),
    tls: field(clientTls(), 'How connections to the host are encrypted. Without it, mutual TLS is used by itself where the other side can. A ztunnel does not read it.'),
  };
}

const portPolicy = fragment(() =>
  object(
    { port: field(portSelector(), 'The port of the service that these settings are for.'), ...sharedFields() },
    {
      rules: [
        portNamed, atLeastOneOf(PORT_PARTS, { facts: EMPTY_POLICY })
      ],
    },
  ),
);

export const trafficPolicy = fragment(() =>
  object(
    {
      ...sharedFields(),
      portLevelSettings: field(
        list(portPolicy(), { max: 4096, rules: [onePerPort] }),
        'Settings for single ports. They **replace** those of the host for their port: what is not repeated falls back to the defaults.',
      ),
      tunnel: field(tunnel(), 'Wraps connections to the host into an HTTP tunnel, as towards a forward proxy. For TCP and TLS routes only.'),
      proxyProtocol: field(
        object({
          version: field(
            choice({
              V1: 'One readable line of text before the first byte of the client.',
              V2: 'A compact binary header, which carries more than the addresses.',
            }),
            'Which of the two forms of the PROXY header is sent.',
            { default: 'V1', since: '1.21' },
          ),
        }),
        'Sends a PROXY protocol header first, so that the server learns the address of the client. The server must expect it, or every connection fails.',
        { since: '1.21' },
      ),
      retryBudget: field(retryBudget(), 'Limits retries in proportion to requests, in place of `connectionPool.http.maxRetries`.', { since: '1.27' }),
    },
    {
      rules: [
        atLeastOneOf([...PORT_PARTS, 'portLevelSettings', 'tunnel', 'proxyProtocol'], { facts: EMPTY_POLICY }),
        atMostOneOf(['tunnel', 'proxyProtocol'], { facts: TUNNEL_WITH_PROXY_PROTOCOL }),
        failoverNeedsDetection,
        portsRepeat,
      ],
    },
  ),
);
