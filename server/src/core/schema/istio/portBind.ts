import { text } from '../../yaml/access.ts';
import { isIpAddress } from '../addresses.ts';
import type { CheckFacts, Rule } from '../rule.ts';

/** Where listeners and endpoints stand: IP addresses, and Unix sockets written as `unix:///path` or `unix://@name`. */

const UNIX = 'unix://';

export function isUnixSocket(address: string): boolean {
  return address.startsWith(UNIX);
}

/** Why a `unix://` address is none, or undefined when it is right. */
function unixSocketProblem(address: string): string | undefined {
  const path = address.slice(UNIX.length);
  if (path === '') return 'there is no path after `unix://`';
  if (path.startsWith('@')) return undefined;
  if (!path.startsWith('/'))
    return 'the path must be absolute (`unix:///run/app.sock`) or an abstract name (`unix://@app`)';
  return path.endsWith('/') ? 'it names a directory, not a socket' : undefined;
}

const UNIX_SOCKET: CheckFacts = {
  code: 'invalid-unix-socket',
  severity: 'error',
  what: 'A `unix://` address that is no absolute path to a file and no abstract name.',
  why: 'The proxy could not open the socket; the API server or the webhook of istiod refuses the resource.',
  todo: 'Write `unix:///absolute/path/to.sock`, or `unix://@name` for an abstract socket.',
  peers: ['CRD-CEL'],
  source: 'istio/istio pkg/config/validation/validation.go, ValidateUnixAddress; istio/api CRDs, CEL rules on address',
};

/** An address that starts with `unix://` is a well-formed one; other addresses are not judged. */
export const unixSocket: Rule = {
  facts: UNIX_SOCKET,
  run(node, report) {
    const address = text(node);
    if (address === undefined || !isUnixSocket(address)) return;
    const problem = unixSocketProblem(address);
    if (problem) report(node, `\`${address}\` is not a Unix socket: ${problem}.`);
  },
};

export const UNIX_SOCKET_WITH_PORT: CheckFacts = {
  code: 'unix-socket-with-port',
  severity: 'error',
  what: 'A Unix socket together with port numbers.',
  why: 'A socket file has no ports, so one of the two would be ignored; the API server or the webhook of istiod refuses the resource.',
  todo: 'Remove the ports (write 0 where a number is required), or give an IP address.',
  peers: ['CRD-CEL'],
  source: 'istio/istio pkg/config/validation/validation.go, validateServerBind and validateWorkloadEntry',
};

export const INVALID_BIND: CheckFacts = {
  code: 'invalid-bind-address',
  severity: 'error',
  what: 'A `bind` that is neither an IP address nor, where sockets are possible, a Unix socket.',
  why: 'The listener could not be opened; the webhook of istiod refuses the resource.',
  todo: 'Write an IPv4 or IPv6 address without a port, such as `0.0.0.0`, or leave `bind` out.',
  source: 'istio/istio pkg/config/validation/validation.go, validateServerBind and ValidateSidecar',
};

/** What a listener binds to; host names are not resolved. */
export function bindAddress(options: { unixAllowed: boolean }): Rule {
  return {
    facts: INVALID_BIND,
    run(node, report) {
      const address = text(node);
      if (address === undefined || address === '' || isIpAddress(address)) return;
      if (!isUnixSocket(address))
        report(node, `\`${address}\` is not an IP address; \`bind\` takes no names and no ports.`);
      else if (!options.unixAllowed)
        report(node, 'This listener cannot be bound to a Unix socket, only to an IP address.');
    },
  };
}
