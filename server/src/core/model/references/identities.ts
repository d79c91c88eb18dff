import { at, text } from '../../yaml/access.ts';
import { derive } from '../derivation.ts';
import {
  type Candidate,
  type Declaration,
  declared,
  holder,
  type NameForm,
  nameOf,
  namespaceOf,
  resourcesNamed,
  type Use,
} from './reference.ts';

/**
 * ServiceAccounts, in the forms that the meshes write them. An account need not stand in the workspace itself: then the
 * workloads that run under it say its name.
 */

interface Account {
  readonly namespace: string;
  readonly name: string;
  readonly detail: string;
}

const accountsOf = derive((world): readonly Account[] => {
  const known = new Map<string, Account>();
  const add = (namespace: string, name: string, detail: string) => {
    if (!known.has(`${namespace}/${name}`)) known.set(`${namespace}/${name}`, { namespace, name, detail });
  };
  for (const { namespace, name } of world.ofKind('/ServiceAccount'))
    add(namespace, name, `ServiceAccount ${namespace}/${name}`);
  for (const { namespace, serviceAccount, located } of world.workloads()) {
    add(namespace, serviceAccount, `used by ${located.resource.kind} ${namespace}/${located.name}`);
  }
  for (const { namespace, name } of world.ofKind('gateway.networking.k8s.io/Gateway')) {
    add(namespace, name, `made for Gateway ${namespace}/${name}`);
  }
  return [...known.values()];
});

export function accountDeclarations(use: Use, namespace: string, name: string): Declaration[] {
  const accounts = resourcesNamed(use.scope, '/ServiceAccount', namespace, name);
  if (accounts.length > 0) return accounts;
  const workloads = use.scope.world
    .workloads(namespace)
    .filter(({ serviceAccount }) => serviceAccount === name)
    .flatMap(({ located, spec }) => declared(located, at(spec, 'serviceAccountName'), 'resource'));
  return workloads.length > 0
    ? workloads
    : use.scope.world.findAll('gateway.networking.k8s.io/Gateway', namespace, name).flatMap(nameOf);
}

interface Written extends Pick<Account, 'namespace' | 'name'> {
  readonly part: { readonly start: number; readonly end: number };
}

function accountForm(
  noun: string,
  read: (written: string, own: string) => Written | undefined,
  write: (account: Account, own: string) => string | undefined,
): NameForm {
  return {
    noun,
    resolve: (written, use) => {
      const found = read(written, namespaceOf(use.located));
      return found ? accountDeclarations(use, found.namespace, found.name) : [];
    },
    candidates: (use) => {
      const own = namespaceOf(use.located);
      return accountsOf(use.scope.world).flatMap((account): Candidate[] => {
        const name = write(account, own);
        return name === undefined ? [] : [{ name, detail: account.detail, rank: account.namespace === own ? 0 : 1 }];
      });
    },
    part: (written) => read(written, '')?.part ?? { start: 0, end: written.length },
  };
}

/** `cluster.local/ns/shop/sa/cart`, as Istio's principals are written; `spiffe://` before it in subject names. */
function spiffeForm(noun: string, prefix: string): NameForm {
  return accountForm(
    noun,
    (written) => {
      const match = /^(?:spiffe:\/\/)?[^/]+\/ns\/([^/*]+)\/sa\/([^/*]+)$/.exec(written);
      if (match?.[1] === undefined || match[2] === undefined) return undefined;
      return { namespace: match[1], name: match[2], part: lastPart(written, match[2]) };
    },
    ({ namespace, name }) => `${prefix}cluster.local/ns/${namespace}/sa/${name}`,
  );
}

function lastPart(written: string, name: string): { start: number; end: number } {
  return { start: written.length - name.length, end: written.length };
}

export const principal = spiffeForm('principal', '');
export const subjectName = spiffeForm('identity', 'spiffe://');

/** `cart` or `shop/cart`: the short form of Istio's `serviceAccounts`. */
export const shortAccount = accountForm(
  'ServiceAccount',
  (written, own) => {
    const slash = written.indexOf('/');
    const name = written.slice(slash + 1);
    return { namespace: slash === -1 ? own : written.slice(0, slash), name, part: lastPart(written, name) };
  },
  ({ namespace, name }, own) => (namespace === own ? name : `${namespace}/${name}`),
);

const LINKERD_SUFFIX = 'serviceaccount.identity.linkerd.cluster.local';

/** `cart.shop.serviceaccount.identity.linkerd.cluster.local`, with the namespace and domain of the control plane. */
export const linkerdIdentity = accountForm(
  'identity',
  (written) => {
    const match = /^([a-z0-9-]+)\.([a-z0-9-]+)\.serviceaccount\.identity\./.exec(written);
    if (match?.[1] === undefined || match[2] === undefined) return undefined;
    return { namespace: match[2], name: match[1], part: { start: 0, end: match[1].length } };
  },
  ({ namespace, name }) => `${name}.${namespace}.${LINKERD_SUFFIX}`,
);

/** The account of a pod, or one named beside its namespace. */
export const accountName: NameForm = {
  noun: 'ServiceAccount',
  resolve: (written, use) => resourcesNamed(use.scope, '/ServiceAccount', givenNamespace(use), written),
  candidates: (use) =>
    accountsOf(use.scope.world)
      .filter(({ namespace }) => namespace === givenNamespace(use))
      .map(({ name, detail }) => ({ name, detail, rank: 0 })),
};

function givenNamespace(use: Use): string {
  return text(holder(use), 'namespace') ?? namespaceOf(use.located);
}

/** The values of a condition, where its key asks for a principal. */
export const conditionPrincipal: NameForm = {
  ...principal,
  resolve: (written, use) => (isPrincipal(use) ? principal.resolve(written, use) : []),
  candidates: (use) => (isPrincipal(use) ? principal.candidates(use) : []),
};

function isPrincipal(use: Use): boolean {
  return text(holder(use, 1), 'key') === 'source.principal';
}
