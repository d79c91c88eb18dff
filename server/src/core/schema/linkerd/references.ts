// Linkerd's kinds: one file per kind, and beside them the fragments and rules that several of them share.
import { asMap, asScalar, at, text } from '../../yaml/access.ts';
import { addEntry, replaceScalar } from '../../yaml/edits.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { fragment, string } from '../define.ts';
import type { Fix } from '../rule.ts';

/** How Linkerd's policies point at other resources: by group, kind and name, compared without regard to case. */

export const POLICY_GROUP = 'policy.linkerd.io';
export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

/** The name of an API group, with those that make sense at the place. */
export function groupName(suggest: Readonly<Record<string, string>>) {
  return string({
    max: 253,
    pattern: /^(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*)?$/,
    means: 'an API group in lower case, such as `policy.linkerd.io`, or empty for the core group',
    suggest,
  });
}

export const POLICY = {
  [POLICY_GROUP]: 'The group of Server, EgressNetwork, the authentications and the older HTTPRoute.',
};
export const CORE = { core: 'The group of Service, ServiceAccount and Namespace; an empty text means the same.' };
export const GATEWAY_API = { [GATEWAY_GROUP]: 'The group of the routes of the Gateway API.' };
export const SERVICE_ACCOUNT_KIND = { ServiceAccount: 'The account that pods of the client run as.' };

/** The name of a kind; others than the suggested ones are possible, and told by rules. */
export function kindName(suggest: Readonly<Record<string, string>>) {
  return string({
    min: 1,
    max: 63,
    pattern: /^[a-zA-Z](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/,
    means: 'the name of a kind: letters, digits and dashes, beginning with a letter',
    suggest,
  });
}

export const resourceName = fragment(() => string({ min: 1, max: 253 }));

export const dnsLabel = fragment(() =>
  string({ pattern: /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/, means: 'a DNS label: lower-case letters, digits and dashes' }),
);

export const namespaceName = fragment(() =>
  string({
    min: 1,
    max: 63,
    pattern: /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/,
    means: 'a DNS label: lower-case letters, digits and dashes',
  }),
);

export interface ReferenceTarget {
  readonly group: string;
  readonly kind: string;
}

/**
 * Whether a reference with `group` and `kind` points at one of the targets, or undefined when that cannot be known.
 * An absent or empty group and the word `core` all mean the core group.
 */
export function pointsAt(reference: YamlNode, targets: readonly ReferenceTarget[]): boolean | undefined {
  const kind = text(reference, 'kind');
  if (kind === undefined) return undefined;
  const group = coreAsEmpty(text(reference, 'group') ?? '');
  return targets.some(
    (target) => target.kind.toLowerCase() === kind.toLowerCase() && coreAsEmpty(target.group) === group,
  );
}

/** Gives a reference the group that its kind needs. */
export function groupFixes(documentText: string, reference: YamlNode, group: string): Fix[] {
  const map = asMap(reference);
  const written = asScalar(at(reference, 'group'));
  if (!map) return [];
  const edit = written ? replaceScalar(written, group) : addEntry(documentText, map, 'group', group);
  return [{ title: `Use \`group: ${group}\``, safe: false, edits: [edit] }];
}

/** `kind` with its group, as people write it: `HTTPRoute.policy.linkerd.io`. */
export function canonicalKind(reference: YamlNode): string {
  const kind = text(reference, 'kind') ?? '';
  const group = text(reference, 'group') ?? '';
  return group === '' ? kind : `${kind}.${group}`;
}

function coreAsEmpty(group: string): string {
  const lower = group.toLowerCase();
  return lower === 'core' ? '' : lower;
}
