import type { Located } from '../model/located.ts';
import { workloadOf } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { worldIndex } from '../model/worldIndex.ts';
import { at, items, text } from '../yaml/access.ts';
import { perNode } from '../yaml/perNode.ts';
import type { YamlNode } from '../yaml/tree.ts';

/** Identities in AuthorizationPolicies: `<trust domain>/ns/<namespace>/sa/<service account>`, with wildcards at the ends. */

export interface PrincipalUse {
  readonly node: YamlNode;
  readonly principal: string;
}

const FIELDS = ['principals', 'notPrincipals'];

/** Every principal that a policy names. */
export const principalsOf = perNode((policy): readonly PrincipalUse[] =>
  sourcesOf(policy).flatMap((source) =>
    FIELDS.flatMap((field) =>
      items(source, field).flatMap((node) => {
        const principal = text(node);
        return principal === undefined || principal === '' ? [] : [{ node, principal }];
      }),
    ),
  ),
);

/** The `source` of every `from` of a policy. */
export const sourcesOf = perNode((policy): readonly YamlNode[] =>
  items(policy, 'spec', 'rules').flatMap((rule) => items(rule, 'from').flatMap((from) => at(from, 'source') ?? [])),
);

export interface Principal {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** The parts of a principal without wildcards; undefined for patterns and other texts. */
export function parsePrincipal(principal: string): Principal | undefined {
  const match = /^([^/*]+)\/ns\/([^/*]+)\/sa\/([^/*]+)$/.exec(principal.replace(/^spiffe:\/\//, ''));
  const [, trustDomain, namespace, serviceAccount] = match ?? [];
  return trustDomain && namespace && serviceAccount ? { trustDomain, namespace, serviceAccount } : undefined;
}

const CALLER_FIELDS = ['principals', 'namespaces', 'serviceAccounts'].flatMap((field) => [
  field,
  `not${field[0]?.toUpperCase()}${field.slice(1)}`,
]);

/** Whether a policy says anything about who calls. */
export function namesCallers(policy: YamlNode): boolean {
  return sourcesOf(policy).some((source) => CALLER_FIELDS.some((field) => items(source, field).length > 0));
}

/** `namespace/name` of every ServiceAccount that exists, is used by a workload, or is made for a Gateway. */
function serviceAccounts(world: World): readonly string[] {
  return [...new Set(accounts(world, ANY))];
}

/** The names of those of one namespace. */
export function serviceAccountsIn(world: World, namespace: string): readonly string[] {
  return [...new Set(accounts(world, `${namespace}/`).map((account) => account.slice(namespace.length + 1)))];
}

export function hasServiceAccount(world: World, namespace: string, name: string): boolean {
  return accounts(world, `${namespace}/${name}`).length > 0;
}

/** No account is called like this. */
const ANY = '*';
const accounts = worldIndex(undefined, (located) =>
  accountsOf(located).flatMap((name) => {
    const account = `${located.namespace}/${name}`;
    return [ANY, `${located.namespace}/`, account].map((key) => [key, account] as const);
  }),
);

function accountsOf(located: Located): string[] {
  if (located.kindKey === '/ServiceAccount') return [located.name];
  if (located.kindKey !== 'gateway.networking.k8s.io/Gateway') {
    const workload = workloadOf(located);
    return workload ? [workload.serviceAccount] : [];
  }
  // Istio names the account of a waypoint like the Gateway, and that of an ingress gateway with its class behind.
  const own = text(located.root, 'metadata', 'annotations', 'gateway.istio.io/service-account');
  const className = text(located.root, 'spec', 'gatewayClassName') ?? 'istio';
  return own === undefined ? [located.name, `${located.name}-${className}`] : [own];
}

/** Whether a principal as written, wildcards at its ends included, is that of a ServiceAccount in one of the domains. */
export function matchesAccount(world: World, principal: string, trustDomains: readonly string[]): boolean {
  const exact = parsePrincipal(principal);
  if (exact) return hasServiceAccount(world, exact.namespace, exact.serviceAccount);
  const prefix = principal.endsWith('*') ? principal.slice(0, -1) : undefined;
  const suffix = principal.startsWith('*') ? principal.slice(1) : undefined;
  const identities = serviceAccounts(world).flatMap((account) => {
    const [namespace, name] = account.split('/');
    return trustDomains.map((domain) => `${domain}/ns/${namespace}/sa/${name}`);
  });
  return identities.some((identity) => {
    if (prefix !== undefined && suffix !== undefined) return identity.includes(principal.slice(1, -1));
    if (prefix !== undefined) return identity.startsWith(prefix);
    return suffix !== undefined ? identity.endsWith(suffix) : identity === principal;
  });
}
