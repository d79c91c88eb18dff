import { at, bool, has } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A ServerAuthorization that quietly leaves out clients from outside of the cluster networks. */
export const serverAuthorizationDefaultNetworks = workspaceCheck({
  facts: {
    code: 'server-authorization-default-networks',
    severity: 'info',
    what: 'A ServerAuthorization does not say `networks`, so only clients in the cluster networks are let in.',
    why: 'Clients with other addresses (load balancers that keep the address of the caller, machines elsewhere, pods with public addresses) are refused, whatever their identity.',
    todo: 'Write `networks` to say what is meant: `0.0.0.0/0` and `::/0` for everywhere.',
    source: 'linkerd/linkerd2:policy-controller/grpc/src/inbound.rs, to_authz',
  },
  kinds: ['policy.linkerd.io/ServerAuthorization'],
  run({ root }, { report }) {
    const client = at(root, 'spec', 'client');
    if (!client || has(client, 'networks')) return;
    const who = bool(client, 'unauthenticated') === true ? 'everyone is' : 'clients with the right identity are';
    report(
      client,
      `Without \`networks\`, ${who} let in from the cluster networks alone (10/8, 100.64/10, 172.16/12, 192.168/16, fd00::/8 unless Linkerd was installed with others).`,
    );
  },
});
