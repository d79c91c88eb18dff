import { text } from '../../yaml/access.ts';
import { isIpAddress } from '../addresses.ts';
import type { CheckFacts, Rule } from '../rule.ts';

/** Names of hosts as Istio reads them: which forms a name may have, and when two names mean the same hosts. */

export const INVALID_HOST: CheckFacts = {
  code: 'invalid-host',
  severity: 'error',
  what: 'A host name in a form that Istio does not take.',
  why: 'The webhook of istiod refuses the resource. Without the webhook no request ever carries such a name.',
  todo: 'Write a DNS name such as `reviews.prod.svc.cluster.local`; where a wildcard is allowed, only at the front: `*` or `*.example.com`.',
  source: 'istio/istio pkg/config/validation/agent/validation.go, domain names',
};

const MAX_NAME = 255;
const MAX_LABEL = 63;
const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(?:\*|(?:\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;

/** One part of a DNS name, such as the name of a namespace. Upper case is allowed, as in istiod. */
export function isDnsLabel(label: string): boolean {
  return label.length <= MAX_LABEL && LABEL.test(label);
}

/** Why a name is not a domain name, or undefined when it is one. Short names such as `reviews` are domain names. */
export function domainProblem(name: string): string | undefined {
  return lengthProblem(name) ?? labelsProblem(name);
}

/** The same for names that may have a wildcard in their first label: `*`, `*.example.com`, `*-canary.example.com`. */
export function wildcardDomainProblem(name: string): string | undefined {
  const tooLong = lengthProblem(name);
  if (tooLong) return tooLong;
  const dot = name.indexOf('.');
  const first = dot === -1 ? name : name.slice(0, dot);
  if (!isWildcardLabel(first)) {
    return first.includes('*') ? 'a wildcard must be the first character' : invalidLabel(first);
  }
  return dot === -1 ? undefined : labelsProblem(name.slice(dot + 1));
}

function isWildcardLabel(label: string): boolean {
  return label.length <= MAX_LABEL && WILDCARD_LABEL.test(label);
}

function lengthProblem(name: string): string | undefined {
  if (name === '') return 'it is empty';
  return name.length > MAX_NAME ? `it is longer than ${MAX_NAME} characters` : undefined;
}

function labelsProblem(name: string): string | undefined {
  const labels = name.split('.');
  // A closing dot marks the name as absolute.
  if (labels.length > 1 && labels.at(-1) === '') labels.pop();
  else if (/^[-+]?\d+$/.test(labels.at(-1) ?? '')) return 'its last part must not be a number';
  const wrong = labels.find((label) => !isDnsLabel(label));
  if (wrong === undefined) return undefined;
  return wrong.includes('*') ? 'a wildcard is only allowed at the front' : invalidLabel(wrong);
}

function invalidLabel(label: string): string {
  if (label === '') return 'it has an empty part between dots';
  if (label.length > MAX_LABEL) return `\`${label}\` is longer than ${MAX_LABEL} characters`;
  return `\`${label}\` is not a DNS label (letters, digits and hyphens, no hyphen at either end)`;
}

/** A domain name without wildcard. */
export function domainName(): Rule {
  return hostRule(domainProblem);
}

/** A domain name, possibly with a wildcard in front. */
export function wildcardDomain(): Rule {
  return hostRule(wildcardDomainProblem);
}

/** A domain name, possibly with a wildcard in front, or an IP address. */
export function wildcardDomainOrAddress(): Rule {
  return hostRule((name) => (isIpAddress(name) ? undefined : wildcardDomainProblem(name)));
}

function hostRule(problemOf: (name: string) => string | undefined): Rule {
  return {
    facts: INVALID_HOST,
    run(node, report) {
      const name = text(node);
      const problem = name === undefined ? undefined : problemOf(name);
      if (problem) report(node, `\`${name}\` is not a valid host: ${problem}.`);
    },
  };
}

export function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/** True when some name is meant by both; `*.example.com` and `*.com` overlap. Names are compared as written, as istiod does. */
export function hostsOverlap(a: string, b: string): boolean {
  if (isWildcard(a) && isWildcard(b)) return a.slice(1).endsWith(b.slice(1)) || b.slice(1).endsWith(a.slice(1));
  if (isWildcard(a)) return b.endsWith(a.slice(1));
  if (isWildcard(b)) return a.endsWith(b.slice(1));
  return a === b;
}

/** True when every name that `inner` means is meant by `outer` too. */
export function hostWithin(inner: string, outer: string): boolean {
  if (!isWildcard(outer)) return inner === outer;
  if (isWildcard(inner) && inner.length < outer.length) return false;
  return (isWildcard(inner) ? inner.slice(1) : inner).endsWith(outer.slice(1));
}
