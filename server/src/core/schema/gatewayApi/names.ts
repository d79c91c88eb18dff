// The kinds of the Gateway API, and the parts that its kinds share: references, matches, filters, listeners. This file
// holds the scalar types that recur in all of them.
import { fragment, int, string } from '../define.ts';
import type { Rule } from '../rule.ts';

/** A peer's code for a rule of the Gateway API's CRDs: the words of its message, cut at sixty characters. */
export function crdRule(slug: string): string {
  return `GWAPI:${slug.slice(0, 60).replace(/-$/, '')}`;
}

/** The name of an API group, with those that make sense at the place. */
export function apiGroup(suggest?: Readonly<Record<string, string>>) {
  return string({
    max: 253,
    pattern: /^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    means: 'an API group without a version, such as `gateway.networking.k8s.io`, or `""` for the core group',
    suggest,
  });
}

/** The name of a kind, with those that make sense at the place. */
export function kindName(suggest?: Readonly<Record<string, string>>) {
  return string({
    min: 1,
    max: 63,
    pattern: /^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/,
    means: 'the name of a kind, such as `Service`',
    suggest,
  });
}

export function objectName(suggest?: Readonly<Record<string, string>>) {
  return string({ min: 1, max: 253, suggest });
}

export const namespaceName = fragment(() =>
  string({
    min: 1,
    max: 63,
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    means: 'the name of a namespace: lower-case letters, digits and dashes',
  }),
);

/** The name of a listener, a port or a route rule. */
export const sectionName = fragment(() =>
  string({
    min: 1,
    max: 253,
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    means: 'lower-case letters, digits, dashes and dots, beginning and ending with a letter or digit',
  }),
);

export const portNumber = fragment(() => int({ min: 1, max: 65535 }));

/** A host name that may begin with the label `*`. */
export function hostname(rules: readonly Rule[] = []) {
  return string({
    min: 1,
    max: 253,
    pattern: /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    means: 'a lower-case DNS name, optionally with `*.` in front, and without a port',
    rules,
  });
}

/** A host name without a wildcard. */
export function preciseHostname(rules: readonly Rule[] = []) {
  return string({
    min: 1,
    max: 253,
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    means: 'a lower-case DNS name without a wildcard and without a port',
    rules,
  });
}

/** The Gateway API's own form of durations: whole numbers only, at most four units, at most five digits each. */
export function gatewayDuration(rules: readonly Rule[] = []) {
  return string({
    pattern: /^([0-9]{1,5}(h|m|s|ms)){1,4}$/,
    means: 'a duration of whole numbers with units, such as `500ms`, `10s` or `1h30m` (no fractions)',
    rules,
  });
}

/** `domain/path`, as GatewayClass and XMesh name their controllers. */
export function controllerName(suggest?: Readonly<Record<string, string>>) {
  return string({
    min: 1,
    max: 253,
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/,
    means: 'a domain and a path, such as `istio.io/gateway-controller`',
    suggest,
  });
}
