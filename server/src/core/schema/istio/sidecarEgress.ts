import { asMap, asScalar, at, has, isTemplated, items, num, text } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { PORT_NUMBER } from './port.ts';
import { INVALID_BIND, isUnixSocket } from './portBind.ts';
import { DUPLICATE_LISTENER } from './sidecarIngress.ts';

/** What istiod says about egress listeners of a Sidecar and about traffic to hosts that no listener names. */

const WEBHOOK = 'istio/istio pkg/config/validation/validation.go, ValidateSidecar';

/** The number of a listener's port; 0 when it is absent, as in istiod, undefined when a template decides it. */
function portOf(listener: YamlNode): number | undefined {
  const port = at(listener, 'port');
  return has(port, 'number') ? num(port, 'number') : 0;
}

export const portOrSocket: Rule = {
  facts: PORT_NUMBER,
  needsWhole: true,
  run(node, report) {
    if (!asMap(at(node, 'port')) || portOf(node) !== 0) return;
    const bind = has(node, 'bind') ? text(node, 'bind') : '';
    if (bind === undefined || isUnixSocket(bind)) return;
    const where = at(node, 'port', 'number') ?? fieldNode(node, 'port');
    report(where, 'The port needs a number from 1 to 65535, unless `bind` is a Unix socket.');
  },
};

/** A socket and a port number exclude each other: with a number, the address must be an IP address. */
export const socketHasNoNumber: Rule = {
  facts: INVALID_BIND,
  run(node, report) {
    const bind = text(node, 'bind');
    const number = portOf(node);
    if (bind === undefined || !isUnixSocket(bind) || number === undefined || number === 0 || !has(node, 'port')) return;
    report(fieldNode(node, 'bind'), `With port ${number}, \`bind\` must be an IP address; a Unix socket needs port 0.`);
  },
};

const SOCKET_CAPTURE: CheckFacts = {
  code: 'unix-listener-capture',
  severity: 'error',
  what: 'Traffic capture by iptables for a listener on a Unix socket.',
  why: 'iptables redirects packets, and a socket file has none; the webhook of istiod refuses the resource.',
  todo: 'Remove `captureMode`, or set it to `NONE`.',
  source: WEBHOOK,
};

export const noCaptureForSocket: Rule = {
  facts: SOCKET_CAPTURE,
  run(node, report) {
    if (text(node, 'captureMode') !== 'IPTABLES' || !asMap(at(node, 'port')) || portOf(node) !== 0) return;
    const scalar = asScalar(at(node, 'captureMode'));
    const fixes = scalar
      ? [{ title: 'Change captureMode to NONE', safe: false, edits: [replaceScalar(scalar, 'NONE')] }]
      : [];
    report(
      fieldNode(node, 'captureMode'),
      'A listener without a port number is a Unix socket, which iptables cannot capture; use `NONE`.',
      { fixes },
    );
  },
};

export const uniqueEgressListeners: Rule = {
  facts: DUPLICATE_LISTENER,
  run(node, report) {
    const seen = new Set<string>();
    for (const listener of items(node)) {
      if (!asMap(at(listener, 'port'))) continue;
      const number = portOf(listener);
      const identity = number === 0 ? text(listener, 'bind') : number;
      if (number === undefined || identity === undefined) continue;
      const where = at(listener, ...(number === 0 ? ['bind'] : ['port', 'number'])) ?? listener;
      if (seen.has(`${identity}`))
        report(where, `Another egress listener is on \`${identity}\` already; list all hosts in one.`);
      seen.add(`${identity}`);
    }
  },
};

const CATCH_ALL: CheckFacts = {
  code: 'egress-catch-all-not-last',
  severity: 'error',
  what: 'An egress listener without a port that is not the last one.',
  why: 'It takes the traffic of all ports that no other listener has, so there can be one only, at the end; the webhook of istiod refuses the resource.',
  todo: 'Move it to the end of `egress`, and merge the hosts of several into one.',
  source: WEBHOOK,
};

export const catchAllIsLast: Rule = {
  facts: CATCH_ALL,
  run(node, report) {
    const listeners = items(node);
    for (const listener of listeners.slice(0, -1)) {
      if (!asMap(listener) || has(listener, 'port')) continue;
      report(
        listener,
        'A listener without `port` takes what the others leave, so it must be the last, and the only one of its kind.',
      );
    }
  },
};

const EMPTY_SIDECAR: CheckFacts = {
  code: 'sidecar-empty',
  severity: 'error',
  what: 'A Sidecar that configures nothing.',
  why: 'It would replace a wider Sidecar by nothing at all; the webhook of istiod refuses the resource.',
  todo: 'Set `egress`, `ingress`, `outboundTrafficPolicy` or `inboundConnectionPool`.',
  source: WEBHOOK,
};

export const sidecarSaysSomething: Rule = {
  facts: EMPTY_SIDECAR,
  needsWhole: true,
  run(node, report) {
    if (has(node, 'outboundTrafficPolicy') || has(node, 'inboundConnectionPool')) return;
    const lists = [at(node, 'egress'), at(node, 'ingress')];
    if (lists.some((list) => isTemplated(list) || items(list).length > 0)) return;
    report(
      node,
      'The Sidecar configures nothing: set `egress`, `ingress`, `outboundTrafficPolicy` or `inboundConnectionPool`.',
    );
  },
};

const EGRESS_PROXY: CheckFacts = {
  code: 'egress-proxy-incomplete',
  severity: 'error',
  what: 'An `egressProxy` without a port, or where traffic to unknown hosts is blocked anyway.',
  why: 'Only traffic that `ALLOW_ANY` lets out can be sent through a proxy, and the proxy is reached at a port; the webhook of istiod refuses the resource.',
  todo: 'Set `mode: ALLOW_ANY` and `egressProxy.port.number`.',
  source: 'istio/istio pkg/config/validation/validation.go, validateSidecarOutboundTrafficPolicy',
};

export const egressProxyComplete: Rule = {
  facts: EGRESS_PROXY,
  needsWhole: true,
  run(node, report) {
    const proxy = at(node, 'egressProxy');
    if (proxy === undefined || !asMap(proxy)) return;
    const mode = has(node, 'mode') ? text(node, 'mode') : 'REGISTRY_ONLY';
    if (mode === 'REGISTRY_ONLY') {
      const why = has(node, 'mode') ? '`mode` is `REGISTRY_ONLY`' : 'an absent `mode` means `REGISTRY_ONLY`';
      report(proxy, `\`egressProxy\` needs \`mode: ALLOW_ANY\`; ${why}.`);
    } else if (!has(proxy, 'port')) {
      report(proxy, '`egressProxy` needs `port.number`.');
    }
  },
};
