import { asSeq, at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** An AuthorizationPolicy that asks for nothing. */
export const authorizationAdmitsEveryone = workspaceCheck({
  facts: {
    code: 'authorization-admits-everyone',
    severity: 'warning',
    what: 'A Linkerd AuthorizationPolicy with an empty list of required authentications.',
    why: 'All entries of the list must hold, and of an empty list all do: everyone is let in, from any network and without a mesh identity.',
    todo: 'List an authentication. To let nobody in, delete the policy; to let everyone in on purpose, say so with `accessPolicy: all-unauthenticated` on the Server.',
    source: 'linkerd/linkerd2:policy-controller/k8s/index/src/inbound/index.rs, policy_client_authz',
  },
  kinds: ['policy.linkerd.io/AuthorizationPolicy'],
  run({ root }, { report }) {
    const list = at(root, 'spec', 'requiredAuthenticationRefs');
    if (!list || asSeq(list)?.items.length !== 0) return;
    report(
      list,
      'The list is empty, so the policy asks for nothing: it lets everyone in, unauthenticated clients too.',
    );
  },
});
