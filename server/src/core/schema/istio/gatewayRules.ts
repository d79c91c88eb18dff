import { asMap, asScalar, at, bool, has, isTemplated, items, text } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Fix, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { isDnsLabel } from './hosts.ts';
import { isPort, PORT_NUMBER } from './port.ts';
import { isUnixSocket, UNIX_SOCKET_WITH_PORT } from './portBind.ts';
import { protocolClass } from './portProtocol.ts';
import { isFilled, tlsMode } from './serverTlsRules.ts';

/** What istiod's webhook says about a Gateway and its servers beyond their single fields. */

const NAME_NOT_LABEL: CheckFacts = {
  code: 'gateway-name-not-label',
  severity: 'error',
  what: 'A Gateway whose name is not a DNS label, for instance because it has dots.',
  why: 'VirtualServices refer to gateways as `namespace/name`, so the name must be one label; the webhook of istiod refuses the resource.',
  todo: 'Use at most 63 letters, digits and hyphens.',
  source: 'istio/istio pkg/config/validation/validation.go, ValidateGateway',
};

export const gatewayNameIsLabel: Rule = {
  facts: NAME_NOT_LABEL,
  run(node, report) {
    const name = text(node, 'metadata', 'name');
    if (name === undefined || name === '' || isDnsLabel(name)) return;
    const where = at(node, 'metadata', 'name') ?? node;
    report(where, `\`${name}\` cannot be the name of a Gateway: it must be one DNS label, without dots.`);
  },
};

const NO_SERVERS: CheckFacts = {
  code: 'gateway-without-servers',
  severity: 'error',
  what: 'A Gateway without servers.',
  why: 'It opens no port; the webhook of istiod refuses the resource.',
  todo: 'Add at least one server with a port and hosts.',
  source: 'istio/istio pkg/config/validation/validation.go, ValidateGateway',
};

export const gatewayHasServers: Rule = {
  facts: NO_SERVERS,
  needsWhole: true,
  run(node, report) {
    if (has(node, 'servers') && items(node, 'servers').length > 0) return;
    if (isTemplated(at(node, 'servers'))) return;
    report(fieldNode(node, 'servers'), 'A Gateway needs at least one server in `servers`.');
  },
};

const DUPLICATE_PORT_NAME: CheckFacts = {
  code: 'duplicate-port-name',
  severity: 'error',
  what: 'Two servers of a Gateway whose ports have the same name.',
  why: 'Routes and EnvoyFilters find a server by the name of its port; the webhook of istiod refuses the resource.',
  todo: 'Give every server of the Gateway a port name of its own, also when the numbers differ.',
  source: 'istio/istio pkg/config/validation/validation.go, ValidateGateway',
};

export const uniquePortNames: Rule = {
  facts: DUPLICATE_PORT_NAME,
  run(node, report) {
    const first = new Map<string, YamlNode>();
    for (const server of items(node)) {
      const scalar = at(server, 'port', 'name');
      const name = text(scalar);
      if (scalar === undefined || name === undefined || name === '') continue;
      const earlier = first.get(name);
      if (!earlier) first.set(name, scalar);
      else {
        const related = [{ span: { start: earlier.start, end: earlier.end }, message: 'first used here' }];
        // An alias of the whole port stands for the same scalar; then the place of the alias is shown.
        const where = earlier === scalar ? (at(server, 'port') ?? scalar) : scalar;
        report(where, `Another server of this Gateway has a port named \`${name}\`; the names must differ.`, {
          related,
        });
      }
    }
  },
};

export const unixSocketHasNoPort: Rule = {
  facts: UNIX_SOCKET_WITH_PORT,
  run(node, report) {
    const bind = text(node, 'bind');
    const number = at(node, 'port', 'number');
    if (bind === undefined || !isUnixSocket(bind) || number === undefined || text(number) === '0') return;
    report(number, 'With `bind` a Unix socket, the port number must be 0.');
  },
};

/** A server's number is a port, unless it listens on a socket. */
export const portOrSocket: Rule = {
  facts: PORT_NUMBER,
  run(node, report) {
    const number = at(node, 'port', 'number');
    if (number === undefined || text(number) !== '0') return;
    const bind = has(node, 'bind') ? text(node, 'bind') : '';
    if (bind !== undefined && !isUnixSocket(bind))
      report(number, 'Port 0 is only for servers that are bound to a Unix socket.');
  },
};

const TLS_MISSING: CheckFacts = {
  code: 'tls-settings-missing',
  severity: 'error',
  what: 'A server with protocol HTTPS or TLS and no `tls`.',
  why: 'The listener would not know what to do with a handshake; the webhook of istiod refuses the resource.',
  todo: 'Add `tls` with a mode: `SIMPLE` and a `credentialName` to end TLS here, `PASSTHROUGH` to hand it on.',
  source: 'istio/istio pkg/config/validation/validation.go, validateServer',
};

export const tlsPortHasSettings: Rule = {
  facts: TLS_MISSING,
  needsWhole: true,
  run(node, report) {
    const protocol = at(node, 'port', 'protocol');
    if (protocol === undefined || protocolClass(text(protocol)) !== 'tls' || has(node, 'tls')) return;
    report(protocol, `A server with protocol \`${text(protocol)}\` needs \`tls\`, which is not set.`);
  },
};

export const TLS_ON_PLAIN_PORT: CheckFacts = {
  code: 'tls-on-plain-port',
  severity: 'error',
  what: 'TLS settings on a listener whose protocol is not HTTPS or TLS.',
  why: 'The protocol decides, so traffic would stay unencrypted; the webhook of istiod refuses the resource.',
  todo: 'Set the protocol to `HTTPS` (requests) or `TLS` (anything), or remove `tls`. On an HTTP port only `httpsRedirect` may stay.',
  source: 'istio/istio pkg/config/validation/validation.go, validateServer and ValidateSidecar',
};

/** On a plain HTTP port, `tls` may hold what a passed-through connection can: the redirect above all. */
function isPlainHttpTls(tls: YamlNode): boolean {
  const mode = tlsMode(tls);
  if (mode !== undefined && mode !== 'PASSTHROUGH' && mode !== 'AUTO_PASSTHROUGH') return false;
  return !['serverCertificate', 'privateKey', 'caCertificates'].some((name) => isFilled(tls, name));
}

/** TLS was meant: the protocol that has it. For a redirect on its own, the settings are right and this is not asked. */
export function tlsProtocolFix(listener: YamlNode): Fix[] {
  const scalar = asScalar(at(listener, 'port', 'protocol'));
  if (!scalar) return [];
  const wanted = protocolClass(text(scalar)) === 'http' ? 'HTTPS' : 'TLS';
  return [{ title: `Change the protocol to ${wanted}`, safe: false, edits: [replaceScalar(scalar, wanted)] }];
}

export const noTlsOnPlainPort: Rule = {
  facts: TLS_ON_PLAIN_PORT,
  run(node, report) {
    const tls = at(node, 'tls');
    const protocol = text(node, 'port', 'protocol');
    const number = Number(text(node, 'port', 'number') ?? 1);
    if (!asMap(tls) || tls === undefined || protocol === undefined || !isPort(number)) return;
    const seen = protocolClass(protocol);
    if (seen === 'tls' || seen === 'unknown' || (seen === 'http' && isPlainHttpTls(tls))) return;
    const advice =
      seen === 'http'
        ? 'set the protocol to `HTTPS`, or keep `httpsRedirect` alone'
        : 'set the protocol to `TLS`, or remove `tls`';
    report(tls, `\`tls\` has no effect on a port with protocol \`${protocol}\`, and istiod refuses it; ${advice}.`, {
      fixes: tlsProtocolFix(node),
    });
  },
};

const REDIRECT_ON_TLS: CheckFacts = {
  code: 'https-redirect-without-http',
  severity: 'warning',
  what: '`httpsRedirect` on a server that does not speak plain HTTP.',
  why: 'Only plain HTTP requests can be redirected, so it does nothing here, and the plain port may be left without a redirect.',
  todo: 'Move `httpsRedirect` to the `tls` of the server with protocol HTTP.',
  source: 'istio/istio pkg/config/validation/validation.go, ValidateGateway',
};

export const redirectOnlyFromHttp: Rule = {
  facts: REDIRECT_ON_TLS,
  run(node, report) {
    const protocol = text(node, 'port', 'protocol');
    if (bool(node, 'tls', 'httpsRedirect') !== true || protocol === undefined || protocolClass(protocol) === 'http')
      return;
    const where = at(node, 'tls', 'httpsRedirect') ?? node;
    report(where, `\`httpsRedirect\` only works on a plain HTTP port; this one has protocol \`${protocol}\`.`);
  },
};
