// Linkerd's kinds: one file per kind, and beside them the fragments and rules that several of them share.
import { text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { fragment, string } from '../define.ts';

/** How Linkerd's policies point at other resources: by group, kind and name, compared without regard to case. */

export const POLICY_GROUP = 'policy.linkerd.io';
export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

export const groupName = fragment(() =>
  string({
    max: 253,
    pattern: /^(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*)?$/,
    means: 'an API group in lower case, such as `policy.linkerd.io`, or empty for the core group',
  }),
);

export const kindName = fragment(() =>
  string({
    min: 1,
    max: 63,
    pattern: /^[a-zA-Z](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/,
    means: 'the name of a kind: letters, digits and dashes, beginning with a letter',
  }),
);

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
