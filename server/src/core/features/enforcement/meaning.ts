import { modeOf } from '../../mesh/mutualTls.ts';
import { actionOf } from '../../mesh/ztunnelPolicy.ts';
import type { Located } from '../../model/located.ts';
import { items, text } from '../../yaml/access.ts';

/** What a policy does where it is enforced as written, in one sentence; undefined where its text does not say. */
export function meaningOf(policy: Located): string | undefined {
  switch (policy.kindKey) {
    case 'security.istio.io/AuthorizationPolicy':
      return authorization(policy);
    case 'security.istio.io/PeerAuthentication':
      return mutualTls(policy);
    case 'security.istio.io/RequestAuthentication':
      return 'It refuses requests with a token that is not valid. One without a token passes, unless an AuthorizationPolicy asks for it.';
    case 'policy.linkerd.io/Server':
      return server(policy);
    case 'policy.linkerd.io/AuthorizationPolicy':
      return items(policy.root, 'spec', 'requiredAuthenticationRefs').length === 0
        ? 'It requires nothing, and so lets everyone in.'
        : 'It lets in clients that fit all authentications that it requires. It refuses nobody: the Server refuses those whom nothing lets in.';
    case 'policy.linkerd.io/ServerAuthorization':
      return 'It lets in the clients that it describes. It refuses nobody: the Server refuses those whom nothing lets in.';
    default:
      return undefined;
  }
}

function authorization({ root }: Located): string | undefined {
  const action = actionOf(root);
  const count = items(root, 'spec', 'rules').length;
  const rules = count === 1 ? 'its rule matches' : `one of its ${count} rules matches`;
  switch (action) {
    case 'ALLOW':
      return count === 0
        ? 'It has no rules and so lets nothing in: what no other ALLOW policy lets in is refused.'
        : `It lets in what ${rules}. Anything else is refused, unless another ALLOW policy lets it in.`;
    case 'DENY':
      return count === 0 ? 'It has no rules and so refuses nothing.' : `It refuses what ${rules}.`;
    case 'AUDIT':
      return `It marks what ${rules} for the audit log, and refuses nothing.`;
    case 'CUSTOM':
      return `It asks an external authorizer about what ${rules}; what that answers no file says.`;
    default:
      return undefined;
  }
}

function mutualTls(policy: Located): string | undefined {
  switch (modeOf(policy)) {
    case 'STRICT':
      return 'It refuses what comes without mutual TLS.';
    case 'PERMISSIVE':
      return 'It lets in what comes without mutual TLS too.';
    case 'DISABLE':
      return 'It turns mutual TLS off.';
    default:
      return undefined;
  }
}

function server({ root }: Located): string {
  const access = text(root, 'spec', 'accessPolicy') ?? 'deny';
  return access === 'deny'
    ? 'It refuses what no authorization lets in.'
    : `Its access policy \`${access.replaceAll('`', '')}\` decides about what no authorization lets in.`;
}
