import { text } from '../../yaml/access.ts';
import type { CheckFacts, Rule } from '../rule.ts';

/** Identities of clients as Linkerd compares them: DNS names, or SPIFFE ids for workloads outside of the cluster. */

const INVALID_IDENTITY: CheckFacts = {
  code: 'invalid-mesh-identity',
  severity: 'error',
  what: 'An identity that is neither a DNS name nor a SPIFFE id.',
  why: 'The Linkerd policy controller refuses it; no client certificate could carry it.',
  todo: 'Write `<account>.<namespace>.serviceaccount.identity.linkerd.<trust domain>`, `*` or `*.<suffix>`, or `spiffe://<trust domain>/<path>`. For pods, `identityRefs` is simpler.',
  peers: ['LKD:identity-invalid'],
  source: 'linkerd/linkerd2@edge-26.8.3:policy-controller/runtime/src/validation.rs',
};

const DNS_NAME = /^(?:\*|[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const SPIFFE = 'spiffe://';

export const meshIdentity: Rule = {
  facts: INVALID_IDENTITY,
  run(node, report) {
    const value = text(node);
    if (value === undefined) return;
    const problem = value.startsWith(SPIFFE) ? spiffeProblem(value.slice(SPIFFE.length)) : dnsProblem(value);
    if (problem !== undefined) report(node, `\`${value}\` is not an identity: ${problem}`);
  },
};

function dnsProblem(value: string): string | undefined {
  if (DNS_NAME.test(value)) return undefined;
  if (value.includes('*')) return 'a wildcard can only be the whole name or its first part, as in `*.example.com`.';
  return 'it must be a DNS name in lower case or begin with `spiffe://`.';
}

/** What is wrong with the part of a SPIFFE id after the scheme. */
function spiffeProblem(rest: string): string | undefined {
  const slash = rest.indexOf('/');
  const trustDomain = slash === -1 ? rest : rest.slice(0, slash);
  if (trustDomain === '') return 'the trust domain is missing.';
  if (!/^[a-z0-9._-]+$/.test(trustDomain))
    return 'a trust domain has only lower-case letters, digits, dots, dashes and underscores.';
  if (slash === -1) return undefined;
  const segments = rest.slice(slash + 1).split('/');
  if (segments.at(-1) === '') return 'the path must not end in a slash.';
  for (const segment of segments) {
    if (segment === '') return 'the path has an empty segment.';
    if (segment === '.' || segment === '..') return 'the path must not have dot segments.';
    if (!/^[a-zA-Z0-9._-]+$/.test(segment)) return 'a path has only letters, digits, dots, dashes and underscores.';
  }
  return undefined;
}
