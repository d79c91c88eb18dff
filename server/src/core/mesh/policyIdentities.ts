import { at, items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { sourcesOf } from './principals.ts';

const FIELDS = ['principals', 'notPrincipals', 'namespaces', 'notNamespaces', 'serviceAccounts', 'notServiceAccounts'];
const KEYS = new Set(['source.principal', 'source.namespace', 'source.serviceAccount']);

/** Where an AuthorizationPolicy asks who the caller is, which only mTLS tells. */
export function identityUses(policy: YamlNode): { readonly node: YamlNode; readonly field: string }[] {
  const fields = sourcesOf(policy).flatMap((source) =>
    FIELDS.flatMap((field) => {
      const node = at(source, field);
      return node && items(node).length > 0 ? [{ node, field }] : [];
    }),
  );
  const conditions = items(policy, 'spec', 'rules').flatMap((rule) =>
    items(rule, 'when').flatMap((condition) => {
      const node = at(condition, 'key');
      const field = text(node);
      return node && field !== undefined && KEYS.has(field) ? [{ node, field }] : [];
    }),
  );
  return [...fields, ...conditions];
}
