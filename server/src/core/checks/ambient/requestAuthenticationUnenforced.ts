import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { attachByReference } from './attachByReference.ts';
import { kialiCodes } from './kialiCodes.ts';
import { onlyAmbientReaders } from './onlyAmbientReaders.ts';
import { workloadList } from './phrases.ts';

/** Tokens that nobody checks. */
export const requestAuthenticationUnenforced = workspaceCheck({
  facts: {
    code: 'request-authentication-unenforced',
    severity: 'error',
    what: 'A RequestAuthentication for ambient pods, not attached to a waypoint.',
    why: 'ztunnel never reads it, and waypoints read it only with `targetRefs`: no token is checked, and requests with forged ones pass. Policies that ask for a `requestPrincipals` then see none.',
    todo: 'Attach it to the Service by `targetRefs`, and give the Service a waypoint.',
    source: 'istio/istio@1.30.3:pilot/pkg/model/policyattachment.go',
  },
  kinds: ['security.istio.io/RequestAuthentication'],
  run(located, scope) {
    const selection = onlyAmbientReaders(scope, located);
    const node = at(located.root, 'spec', 'selector') ?? at(located.root, 'metadata', 'name');
    if (!selection || !node) return;
    const pods = workloadList(selection.ambient, 'the pods of this namespace');
    scope.report(
      node,
      `No proxy checks tokens for ${pods}: ztunnel does not read RequestAuthentications, and a waypoint only those with \`targetRefs\`.`,
      {
        peers: kialiCodes(scope, located, 'KIA1115', 'KIA1110'),
        fixes: attachByReference(scope, located),
      },
    );
  },
});
