import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A ServerAuthorization, for which there is a newer form. */
export const serverAuthorizationSuperseded = workspaceCheck({
  facts: {
    code: 'server-authorization-superseded',
    severity: 'info',
    what: 'A ServerAuthorization, the older form of an AuthorizationPolicy.',
    why: 'It still works. It can only speak of whole Servers, though: authorizations for single routes need an AuthorizationPolicy, and documents and tools go by that.',
    todo: 'Write an AuthorizationPolicy with a MeshTLSAuthentication and, unless `networks` is there, a NetworkAuthentication with the cluster networks.',
    source: 'linkerd/website: reference/authorization-policy',
  },
  kinds: ['policy.linkerd.io/ServerAuthorization'],
  run({ resource, root }, { report }) {
    const node = at(root, 'kind');
    if (!node || resource.name === undefined) return;
    report(
      node,
      'AuthorizationPolicy with its authentications has taken the place of ServerAuthorization, which goes on working.',
    );
  },
});
