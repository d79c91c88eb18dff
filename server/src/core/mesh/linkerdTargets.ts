import type { KindKey, Located } from '../model/located.ts';
import { GATEWAY_API, LINKERD_POLICY, type ObjectReference, referenceOf } from '../model/routes.ts';
import type { World } from '../model/world.ts';
import { at } from '../yaml/access.ts';

/** What Linkerd's policies point at. Kinds and groups are compared without regard to case, as Linkerd does. */

/** The target of an AuthorizationPolicy or a rate limit. Linkerd knows no other namespaces than the policy's own. */
export function policyTarget(policy: Located): ObjectReference | undefined {
  const [target] = referenceOf(at(policy.root, 'spec', 'targetRef'), {
    group: '',
    kind: '',
    namespace: policy.namespace,
  });
  return target && withKnownKind(target);
}

const KINDS: readonly KindKey[] = [
  `${LINKERD_POLICY}/Server`,
  `${LINKERD_POLICY}/HTTPRoute`,
  `${LINKERD_POLICY}/MeshTLSAuthentication`,
  `${LINKERD_POLICY}/NetworkAuthentication`,
  `${GATEWAY_API}/HTTPRoute`,
  `${GATEWAY_API}/GRPCRoute`,
  '/ServiceAccount',
];

/** The reference with its kind in the spelling of the definitions; undefined for kinds that Linkerd does not know. */
export function withKnownKind(reference: ObjectReference): ObjectReference | undefined {
  const key = KINDS.find((known) => known.toLowerCase() === reference.key.toLowerCase());
  return key && { ...reference, key, kind: key.slice(key.indexOf('/') + 1) };
}

/** A route of the same kind and name in the other of the two groups. */
export function routeOfOtherGroup(world: World, target: ObjectReference): Located | undefined {
  if (target.kind !== 'HTTPRoute') return undefined;
  const other = target.key.startsWith(LINKERD_POLICY) ? GATEWAY_API : LINKERD_POLICY;
  return world.find(`${other}/HTTPRoute`, target.namespace, target.name);
}
