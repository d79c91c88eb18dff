import type { Located } from '../../model/located.ts';
import { LINKERD_POLICY, routeFacts } from '../../model/routes.ts';
import type { World } from '../../model/world.ts';
import { items, text } from '../../yaml/access.ts';
import { AUTHORIZATION_POLICY, SERVER_AUTHORIZATION, selectsServer } from '../linkerdAuthorizations.ts';
import { podsOfServer, portOfServer, SERVER, serversIn } from '../linkerdServers.ts';
import { policyTarget } from '../linkerdTargets.ts';
import { type Addressed, ofWorkload } from './addresses.ts';

/** What clients address so that Linkerd's inbound policies decide about their requests: pods on the port of a Server. */

export type Reader = (world: World, located: Located) => Iterable<Addressed>;

export const LINKERD_READERS: Readonly<Record<string, Reader>> = {
  [SERVER]: ofServer,
  [AUTHORIZATION_POLICY]: ofAuthorizationPolicy,
  [SERVER_AUTHORIZATION]: ofServerAuthorization,
  [`${LINKERD_POLICY}/HTTPLocalRateLimitPolicy`]: ofTarget,
  [`${LINKERD_POLICY}/MeshTLSAuthentication`]: ofAuthentication,
  [`${LINKERD_POLICY}/NetworkAuthentication`]: ofAuthentication,
};

function* ofServer(world: World, server: Located): Generator<Addressed> {
  for (const pod of podsOfServer(world, server)) yield ofWorkload(world, pod, portOfServer(server, pod));
}

/** The Servers that a route is attached to. */
export function* ofServerParents(world: World, route: Located): Generator<Addressed> {
  for (const { key, namespace, name } of routeFacts(route).parents) {
    const server = key === SERVER ? world.find(key, namespace, name) : undefined;
    if (server) yield* ofServer(world, server);
  }
}

function* ofAuthorizationPolicy(world: World, policy: Located): Generator<Addressed> {
  if (text(policy.root, 'spec', 'targetRef', 'kind')?.toLowerCase() !== 'namespace') {
    yield* ofTarget(world, policy);
    return;
  }
  // Linkerd takes no other namespace than the policy's own.
  if (text(policy.root, 'spec', 'targetRef', 'name') !== policy.namespace) return;
  for (const server of serversIn(world, policy.namespace)) yield* ofServer(world, server);
}

function* ofTarget(world: World, policy: Located): Generator<Addressed> {
  const target = policyTarget(policy);
  const located = target && world.find(target.key, target.namespace, target.name);
  if (!located) return;
  yield* target.key === SERVER ? ofServer(world, located) : ofServerParents(world, located);
}

function* ofServerAuthorization(world: World, authorization: Located): Generator<Addressed> {
  for (const server of serversIn(world, authorization.namespace))
    if (selectsServer(authorization, server)) yield* ofServer(world, server);
}

/** An authentication decides where a policy requires it. */
function* ofAuthentication(world: World, { resource, namespace, name }: Located): Generator<Addressed> {
  for (const policy of world.ofKind(AUTHORIZATION_POLICY)) {
    const requires = items(policy.root, 'spec', 'requiredAuthenticationRefs').some(
      (reference) =>
        text(reference, 'kind')?.toLowerCase() === resource.kind.toLowerCase() &&
        text(reference, 'name') === name &&
        (text(reference, 'namespace') ?? policy.namespace) === namespace,
    );
    if (requires) yield* ofAuthorizationPolicy(world, policy);
  }
}
