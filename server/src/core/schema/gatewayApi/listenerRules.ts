import { at, entriesOf, has, isTemplated, items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { textOr } from './defaults.ts';
import { crdRule } from './names.ts';

/** What the fields of a listener, and the listeners of one resource, demand of each other. */

const SOURCE = 'Gateway API CRDs, CEL rules on .spec.listeners';

const TLS_FORBIDDEN: CheckFacts = {
  code: 'listener-tls-forbidden',
  severity: 'error',
  what: '`tls` at a listener whose protocol has no TLS.',
  why: 'The API server refuses the resource, so that nobody takes plain text for encrypted.',
  todo: 'Change `protocol` to `HTTPS` or `TLS`, or remove `tls`.',
  peers: ['CRD-CEL', crdRule('tls-must-not-be-specified-for-protocols-http-tcp-udp')],
  source: SOURCE,
};

const TLS_MODE: CheckFacts = {
  code: 'listener-tls-mode',
  severity: 'error',
  what: 'A TLS mode that does not fit the protocol: `Passthrough` with `HTTPS`, or `TLS` without settings.',
  why: 'HTTPS is routed by what is inside, so it must be decrypted; with `TLS` both are possible and must be said. The API server refuses the resource.',
  todo: 'For `HTTPS` use mode `Terminate`; to pass connections through, use protocol `TLS` with mode `Passthrough`.',
  peers: [
    'CRD-CEL',
    crdRule('tls-mode-must-be-terminate-for-protocol-https'),
    crdRule('tls-mode-must-be-set-for-protocol-tls'),
  ],
  source: SOURCE,
};

const HOSTNAME_FORBIDDEN: CheckFacts = {
  code: 'listener-hostname-forbidden',
  severity: 'error',
  what: '`hostname` at a TCP or UDP listener.',
  why: 'Plain connections and datagrams carry no host name to compare with; the API server refuses the resource.',
  todo: 'Remove `hostname`, or use a protocol that has host names.',
  peers: ['CRD-CEL', crdRule('hostname-must-not-be-specified-for-protocols-tcp-udp')],
  source: SOURCE,
};

const NOT_DISTINCT: CheckFacts = {
  code: 'listener-not-distinct',
  severity: 'error',
  what: 'Two listeners with the same port, protocol and hostname.',
  why: 'The gateway could not tell which of them a connection is for; the API server refuses the resource.',
  todo: 'Give one of them another port or hostname, or merge them.',
  peers: ['CRD-CEL', crdRule('combination-of-port-protocol-and-hostname-must-be-unique-for-each-listener'), 'KIA1503'],
  source: SOURCE,
};

const NEEDS_CERTIFICATE: CheckFacts = {
  code: 'listener-needs-certificate',
  severity: 'error',
  what: 'TLS is terminated without a certificate.',
  why: 'The gateway has nothing to answer the handshake with; the API server refuses the resource.',
  todo: 'Add `certificateRefs` with a Secret of type `kubernetes.io/tls`.',
  peers: ['CRD-CEL', crdRule('certificaterefs-or-options-must-be-specified-when-mode-is-terminate')],
  source: 'Gateway API CRDs, CEL rule on .spec.listeners[].tls',
};

const tlsOnlyWithTls: Rule = {
  facts: TLS_FORBIDDEN,
  run(node, report) {
    for (const listener of items(node)) {
      const protocol = text(listener, 'protocol');
      if (protocol !== 'HTTP' && protocol !== 'TCP' && protocol !== 'UDP') continue;
      if (has(listener, 'tls'))
        report(
          fieldNode(listener, 'tls'),
          `A listener with protocol \`${protocol}\` has no TLS, so \`tls\` must be absent.`,
        );
    }
  },
};

const modeFitsProtocol: Rule = {
  facts: TLS_MODE,
  needsWhole: true,
  run(node, report) {
    for (const listener of items(node)) {
      const protocol = text(listener, 'protocol');
      const tls = at(listener, 'tls');
      if (protocol === 'TLS' && !tls) {
        report(
          fieldNode(listener, 'protocol'),
          'A listener with protocol `TLS` needs `tls`, with mode `Terminate` or `Passthrough`.',
        );
      } else if (protocol === 'HTTPS' && tls && text(tls, 'mode') === 'Passthrough') {
        report(
          fieldNode(tls, 'mode'),
          'A listener with protocol `HTTPS` must decrypt (`mode: Terminate`); to pass connections through, use protocol `TLS`.',
        );
      }
    }
  },
};

const hostnameOnlyWithNames: Rule = {
  facts: HOSTNAME_FORBIDDEN,
  run(node, report) {
    for (const listener of items(node)) {
      const protocol = text(listener, 'protocol');
      if ((protocol === 'TCP' || protocol === 'UDP') && has(listener, 'hostname')) {
        report(
          fieldNode(listener, 'hostname'),
          `A listener with protocol \`${protocol}\` sees no host names, so \`hostname\` must be absent.`,
        );
      }
    }
  },
};

function distinct(owner: 'Gateway' | 'ListenerSet'): Rule {
  return {
    facts: NOT_DISTINCT,
    run(node, report) {
      const seen = new Set<string>();
      for (const listener of items(node)) {
        const identity = identityOf(listener);
        if (identity === undefined) continue;
        if (seen.has(identity)) {
          report(
            fieldNode(listener, 'port'),
            `Another listener of this ${owner} has the same port, protocol and hostname.`,
          );
        }
        seen.add(identity);
      }
    },
  };
}

function identityOf(listener: YamlNode): string | undefined {
  const port = num(listener, 'port');
  const protocol = text(listener, 'protocol');
  const hostname = textOr(listener, 'hostname', '');
  return port === undefined || protocol === undefined || hostname === undefined
    ? undefined
    : JSON.stringify([port, protocol, hostname]);
}

/** For the `tls` of one listener. */
export const terminateNeedsCertificate: Rule = {
  facts: NEEDS_CERTIFICATE,
  needsWhole: true,
  run(node, report) {
    if (textOr(node, 'mode', 'Terminate') !== 'Terminate') return;
    const references = at(node, 'certificateRefs');
    const options = at(node, 'options');
    if (
      isTemplated(references) ||
      isTemplated(options) ||
      items(references).length > 0 ||
      entriesOf(options).length > 0
    )
      return;
    report(node, 'TLS is terminated here, so `certificateRefs` must name a certificate.');
  },
};

/** For the list of listeners. Unique names are the list's own business. */
export function listenerRules(owner: 'Gateway' | 'ListenerSet'): Rule[] {
  return [tlsOnlyWithTls, modeFitsProtocol, hostnameOnlyWithNames, distinct(owner)];
}
