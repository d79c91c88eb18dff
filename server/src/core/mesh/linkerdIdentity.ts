import { referenceOf } from '../model/routes.ts';
import type { LinkerdValues } from '../settings.ts';
import { items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { some, type Truth, truthOf } from './truth.ts';

/** Identities in Linkerd: DNS names of ServiceAccounts, and the lists of them in authentications. */

export interface Account {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** `web.shop.serviceaccount.identity.linkerd.cluster.local` */
export function linkerdIdentity({ namespace, serviceAccount }: Account, values: LinkerdValues): string {
  return `${serviceAccount}.${namespace}${suffixOf(values)}`;
}

function suffixOf({ controlPlaneNamespace, trustDomain }: LinkerdValues): string {
  return `.serviceaccount.identity.${controlPlaneNamespace}.${trustDomain}`;
}

/** Whether an entry of `identities` is an identity: exactly, `*` for any, `*.suffix` for what ends so. */
export function identityFits(entry: YamlNode, identity: string): Truth {
  const written = text(entry);
  if (written === undefined) return 'unknown';
  if (written === '*') return 'yes';
  return truthOf(written.startsWith('*.') ? identity.endsWith(written.slice(1)) : written === identity);
}

/** Whether a reference to a ServiceAccount, or to a Namespace for all of its accounts, is an identity. */
export function accountFits(reference: YamlNode, namespace: string, identity: string, values: LinkerdValues): Truth {
  const [named] = referenceOf(reference, { group: '', kind: 'ServiceAccount', namespace });
  if (!named) return 'unknown';
  if (named.kind.toLowerCase() === 'namespace') return truthOf(identity.endsWith(`.${named.name}${suffixOf(values)}`));
  return truthOf(identity === linkerdIdentity({ namespace: named.namespace, serviceAccount: named.name }, values));
}

/** Whether the lists of an authentication, of which any may fit, hold an identity. */
export function isListed(
  holder: YamlNode | undefined,
  fields: { readonly names: string; readonly accounts: string },
  namespace: string,
  identity: string,
  values: LinkerdValues,
): Truth {
  const byName = some(items(holder, fields.names), (entry) => identityFits(entry, identity));
  if (byName === 'yes') return 'yes';
  const byAccount = some(items(holder, fields.accounts), (entry) => accountFits(entry, namespace, identity, values));
  return byAccount === 'no' ? byName : byAccount;
}
