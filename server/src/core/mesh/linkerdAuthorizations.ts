import { labelsOf, matchesSelector } from '../model/labels.ts';
import type { Located } from '../model/located.ts';
import { LINKERD_POLICY, type ObjectReference, referenceOf } from '../model/routes.ts';
import type { World } from '../model/world.ts';
import { worldIndex } from '../model/worldIndex.ts';
import type { LinkerdValues } from '../settings.ts';
import { at, bool, has, items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { isListed, linkerdIdentity } from './linkerdIdentity.ts';
import { isInCluster, isInNetworks, type Origin } from './linkerdNetworks.ts';
import { policyTarget, withKnownKind } from './linkerdTargets.ts';
import { every, type Truth, truthOf } from './truth.ts';

/**
 * Who is let in to a Server or to one of its routes: ServerAuthorizations and AuthorizationPolicies, of which any may
 * fit. Rules: linkerd2 2.20, policy-controller/k8s/index/src/inbound.
 */

/** A client as the inbound proxy sees it. */
export interface Client {
  /** The DNS name that its certificate shows; null without mutual TLS. */
  readonly identity: string | null;
  readonly origin: Origin;
}

export interface Authorization {
  readonly policy: Located;
  /** What it points at, by which the target can be told from others. */
  readonly on: 'server' | 'namespace' | 'route';
  /** `Kind/namespace/name` of a reference that names nothing: the whole policy is then ignored. */
  readonly missing: string | undefined;
  /** The authentications that it requires, as far as they are resources of their own. */
  readonly authentications: readonly Located[];
  readonly admits: Truth;
  /** What is not plain from its text. */
  readonly remark: string | undefined;
}

export const SERVER_AUTHORIZATION = `${LINKERD_POLICY}/ServerAuthorization` as const;
export const AUTHORIZATION_POLICY = `${LINKERD_POLICY}/AuthorizationPolicy` as const;

interface Target {
  readonly policy: Located;
  readonly target: ObjectReference;
}

const policiesOn = worldIndex<Target>([AUTHORIZATION_POLICY], (policy) => {
  const target = policyTarget(policy);
  return target ? [[`${target.key}/${target.namespace}/${target.name}`, { policy, target }]] : [];
});

const policiesOnNamespace = worldIndex<Located>([AUTHORIZATION_POLICY], (policy) => {
  const kind = text(policy.root, 'spec', 'targetRef', 'kind')?.toLowerCase();
  // Linkerd knows no other namespace than the policy's own.
  const own = text(policy.root, 'spec', 'targetRef', 'name') === policy.namespace;
  return kind === 'namespace' && own ? [[policy.namespace, policy]] : [];
});

/** Every authorization for a Server: those that name it, those that select it, and those for its whole namespace. */
export function authorizationsOfServer(
  world: World,
  server: Located,
  client: Client,
  values: LinkerdValues,
): Authorization[] {
  const named = world
    .inNamespace(SERVER_AUTHORIZATION, server.namespace)
    .filter((authorization) => selectsServer(authorization, server))
    .map((authorization) => serverAuthorization(authorization, client, values));
  const onServer = policiesOn(world, `${LINKERD_POLICY}/Server/${server.namespace}/${server.name}`);
  return [
    ...named,
    ...onServer.map(({ policy }) => authorizationPolicy(world, policy, 'server', client, values)),
    ...authorizationsOfNamespace(world, server.namespace, client, values),
  ];
}

function authorizationsOfNamespace(world: World, namespace: string, client: Client, values: LinkerdValues) {
  return policiesOnNamespace(world, namespace).map((policy) =>
    authorizationPolicy(world, policy, 'namespace', client, values),
  );
}

/** Those that name a route of the Server. */
export function authorizationsOfRoute(
  world: World,
  route: Located,
  client: Client,
  values: LinkerdValues,
): Authorization[] {
  const { group, kind } = route.resource;
  return policiesOn(world, `${group}/${kind}/${route.namespace}/${route.name}`).map(({ policy }) =>
    authorizationPolicy(world, policy, 'route', client, values),
  );
}

/** Whether a ServerAuthorization is for a Server: by its name, or by labels. */
export function selectsServer(authorization: Located, server: Located): boolean {
  const reference = at(authorization.root, 'spec', 'server');
  if (has(reference, 'name')) return text(reference, 'name') === server.name;
  const selector = at(reference, 'selector');
  const labels = at(server.root, 'metadata', 'labels');
  return selector !== undefined && matchesSelector(selector, labelsOf(labels));
}

function serverAuthorization(policy: Located, client: Client, values: LinkerdValues): Authorization {
  const spec = at(policy.root, 'spec', 'client');
  const networks = items(spec, 'networks');
  const inNetworks =
    networks.length > 0 ? isInNetworks(networks, client.origin, values.clusterNetworks) : isInCluster(client.origin);
  return {
    policy,
    on: 'server',
    missing: undefined,
    authentications: [],
    admits: every([inNetworks, isClient(spec, policy.namespace, client, values)], (part) => part),
    remark: networks.length > 0 ? undefined : 'it names no networks, and is limited to those of the cluster',
  };
}

function isClient(spec: YamlNode | undefined, namespace: string, client: Client, values: LinkerdValues): Truth {
  if (bool(spec, 'unauthenticated') === true) return 'yes';
  const meshTls = at(spec, 'meshTLS');
  if (!meshTls) return 'unknown';
  if (bool(meshTls, 'unauthenticatedTLS') === true) return client.identity === null ? 'unknown' : 'yes';
  if (client.identity === null) return 'no';
  return isListed(meshTls, { names: 'identities', accounts: 'serviceAccounts' }, namespace, client.identity, values);
}

function authorizationPolicy(
  world: World,
  policy: Located,
  on: Authorization['on'],
  client: Client,
  values: LinkerdValues,
): Authorization {
  const references = items(policy.root, 'spec', 'requiredAuthenticationRefs');
  const required = references.map((node) => requirement(world, node, policy, client, values));
  const missing = required.find((part) => part.missing !== undefined)?.missing;
  return {
    policy,
    on,
    missing,
    authentications: required.flatMap(({ located }) => located ?? []),
    admits: missing === undefined ? every(required, ({ fits }) => fits) : 'no',
    remark: references.length === 0 ? 'it requires no authentication, so it lets everyone in' : undefined,
  };
}

interface Requirement {
  readonly fits: Truth;
  readonly located?: Located;
  readonly missing?: string;
}

function requirement(
  world: World,
  node: YamlNode,
  policy: Located,
  client: Client,
  values: LinkerdValues,
): Requirement {
  const [written] = referenceOf(node, { group: '', kind: '', namespace: policy.namespace });
  const reference = written && withKnownKind(written);
  if (!reference) return { fits: 'unknown' };
  const { key, kind, namespace, name } = reference;
  if (kind === 'ServiceAccount') {
    return { fits: truthOf(client.identity === linkerdIdentity({ namespace, serviceAccount: name }, values)) };
  }
  const located = world.find(key, namespace, name);
  if (!located) return { fits: 'no', missing: `${kind}/${namespace}/${name}` };
  return {
    located,
    fits: kind === 'NetworkAuthentication' ? fromNetworks(located, client, values) : byTls(located, client, values),
  };
}

function fromNetworks(authentication: Located, client: Client, values: LinkerdValues): Truth {
  return isInNetworks(items(authentication.root, 'spec', 'networks'), client.origin, values.clusterNetworks);
}

function byTls(authentication: Located, client: Client, values: LinkerdValues): Truth {
  if (client.identity === null) return 'no';
  const fields = { names: 'identities', accounts: 'identityRefs' };
  return isListed(at(authentication.root, 'spec'), fields, authentication.namespace, client.identity, values);
}
