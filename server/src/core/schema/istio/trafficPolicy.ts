import { text } from '../../yaml/access.ts';
import { isIpAddress } from '../addresses.ts';
import { choice, field, fragment, number, object, required, string } from '../define.ts';
import { changeTo } from '../fixes.ts';
import { duration } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atLeastOneOf, atMostOneOf } from '../rules.ts';
import { domainProblem, INVALID_HOST } from './hosts.ts';
import { portNumber, uint32 } from './port.ts';
import {
  EMPTY_POLICY,
  failoverNeedsDetection,
  PORT_PARTS,
  portLevelSettings,
  portsRepeat,
  sharedFields,
} from './trafficPolicyPorts.ts';

/** `trafficPolicy`: how a client's proxy treats a host, as a whole, by port, or by subset. */

const SOURCE = 'istio/istio pkg/config/validation/validation.go, validateTrafficPolicy';

const TUNNEL_WITH_PROXY_PROTOCOL: CheckFacts = {
  code: 'tunnel-with-proxy-protocol',
  severity: 'error',
  what: '`tunnel` together with `proxyProtocol`.',
  why: 'Both wrap the connection in their own way; the webhook of istiod refuses the resource.',
  todo: 'Keep one of them.',
  source: SOURCE,
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
    if (protocol === undefined || ['', 'CONNECT', 'POST'].includes(protocol)) return;
    const upper = protocol.toUpperCase();
    const fixes = ['CONNECT', 'POST'].includes(upper) ? [changeTo(node, upper)] : [];
    report(node, `\`${protocol}\` is not a tunnel protocol; use \`CONNECT\` or \`POST\`.`, { fixes });
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
    protocol: field(
      string({ rules: [tunnelProtocol] }),
      'How the tunnel is asked for: an HTTP `CONNECT`, or a `POST`.',
      { default: 'CONNECT' },
    ),
    targetHost: required(
      string({ rules: [tunnelHost] }),
      'Where the far end of the tunnel is to connect to: a full host name or an IP address.',
    ),
    targetPort: required(portNumber(), 'The port to which the far end of the tunnel connects.'),
  }),
);

const retryBudget = fragment(() =>
  object({
    percent: field(number({ min: 0, max: 100 }), 'How many of the active requests may be retries, in percent.', {
      default: 20,
      since: '1.27',
    }),
    minRetryConcurrency: field(
      uint32(),
      'Retries that are always allowed at the same time, however few requests there are.',
      { default: 3, since: '1.27' },
    ),
    budgetInterval: field(string({ rules: [duration()] }), 'The time over which requests are counted for the budget.', {
      since: '1.31',
    }),
  }),
);

export const trafficPolicy = fragment(() =>
  object(
    {
      ...sharedFields(),
      portLevelSettings: field(
        portLevelSettings(),
        'Settings for single ports. They **replace** those of the host for their port: what is not repeated falls back to the defaults.',
      ),
      tunnel: field(
        tunnel(),
        'Wraps connections to the host into an HTTP tunnel, as towards a forward proxy. For TCP and TLS routes only.',
      ),
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
      retryBudget: field(
        retryBudget(),
        'Limits retries in proportion to requests, in place of `connectionPool.http.maxRetries`.',
        { since: '1.27' },
      ),
    },
    {
      rules: [
        atLeastOneOf([...PORT_PARTS, 'portLevelSettings', 'tunnel', 'proxyProtocol', 'retryBudget'], {
          facts: EMPTY_POLICY,
        }),
        atMostOneOf(['tunnel', 'proxyProtocol'], { facts: TUNNEL_WITH_PROXY_PROTOCOL }),
        failoverNeedsDetection,
        portsRepeat,
      ],
    },
  ),
);
