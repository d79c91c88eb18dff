import { text } from '../../yaml/access.ts';
import { changeTo } from '../fixes.ts';
import type { CheckFacts, Rule } from '../rule.ts';

/**
 * The identities that policies name. Istio writes them as `<trust domain>/ns/<namespace>/sa/<service account>`, which is
 * the SPIFFE id without its scheme, and lets `*` stand for the whole, the start or the end.
 */

const SCHEME = 'spiffe://';

const PRINCIPAL_SCHEME: CheckFacts = {
  code: 'principal-with-scheme',
  severity: 'error',
  what: 'A principal is written with the scheme `spiffe://`.',
  why: 'The proxies put the scheme in front themselves, so the value never matches: an ALLOW rule refuses the caller, a DENY rule lets it through.',
  todo: 'Write the identity without `spiffe://`: `cluster.local/ns/shop/sa/web`.',
  source: 'istio/istio pilot/pkg/security/authz/matcher/string.go',
};

export const principalScheme: Rule = {
  facts: PRINCIPAL_SCHEME,
  run(node, report) {
    const value = text(node);
    if (!value?.startsWith(SCHEME)) return;
    const bare = value.slice(SCHEME.length);
    report(node, `\`${value}\` never matches: principals are written without \`${SCHEME}\`.`, {
      fixes: [changeTo(node, bare)],
    });
  },
};

const MALFORMED_PRINCIPAL: CheckFacts = {
  code: 'malformed-principal',
  severity: 'warning',
  what: 'A principal that is not of the form `<trust domain>/ns/<namespace>/sa/<service account>`.',
  why: 'Certificates of the mesh carry identities of that form only, so the value never matches. ALLOW then refuses the caller, and DENY lets it through.',
  todo: 'Write the identity out, use `*` at its start or end, or use `serviceAccounts`, which needs no trust domain.',
  source: 'istio/istio pkg/spiffe/spiffe.go',
};

export const principalForm: Rule = {
  facts: MALFORMED_PRINCIPAL,
  run(node, report) {
    const value = text(node);
    if (!value || value.startsWith(SCHEME) || hasInnerWildcard(value) || fitsIdentity(value)) return;
    const meant = identityMeant(value);
    const fixes = meant ? [changeTo(node, meant)] : [];
    report(
      node,
      `\`${value}\` is not of the form \`<trust domain>/ns/<namespace>/sa/<service account>\`, so it matches no identity of the mesh${advice(value, meant)}.`,
      { fixes },
    );
  },
};

function advice(value: string, meant: string | undefined): string {
  if (meant !== undefined) return `; \`${meant}\` is probably meant`;
  const isAccount = /^[^/*]+(?:\/[^/*]+)?$/.test(value);
  return isAccount ? '; a ServiceAccount written as `name` or `namespace/name` belongs into `serviceAccounts`' : '';
}

const WILDCARD_INSIDE: CheckFacts = {
  code: 'wildcard-inside-value',
  severity: 'warning',
  what: 'A `*` in the middle of a value of an authorization rule.',
  why: 'A wildcard counts only as the whole value, at its start or at its end. Anywhere else it is an ordinary character, so the value never matches and a DENY rule with it lets requests through.',
  todo: 'Move the wildcard to one end, or list the values. In `paths`, `{*}` stands for one segment.',
  source: 'istio/istio pilot/pkg/security/authz/matcher/string.go',
};

/** For values that are compared as whole texts: exactly, by prefix, by suffix or not at all. */
export const noInnerWildcard: Rule = {
  facts: WILDCARD_INSIDE,
  run(node, report) {
    const value = text(node);
    if (value === undefined || !hasInnerWildcard(value)) return;
    report(
      node,
      `The \`*\` in \`${value}\` is read literally: a wildcard may only be the whole value, its first or its last character.`,
    );
  },
};

function hasInnerWildcard(value: string): boolean {
  if (/\{\*\*?\}/.test(value)) return false;
  // `*x*` is read as the suffix `x*`, so its last star is literal.
  const rest = value.startsWith('*') ? value.slice(1) : value.endsWith('*') ? value.slice(0, -1) : value;
  return rest.includes('*');
}

const IDENTITY_WORDS = ['', 'ns', '', 'sa', ''];

/** True when some identity of the mesh matches the value, which may be a prefix or a suffix. */
function fitsIdentity(value: string): boolean {
  if (value === '*') return true;
  if (value.startsWith('*')) return fitsTail(value.slice(1).split('/').reverse(), [...IDENTITY_WORDS].reverse(), 'end');
  if (value.endsWith('*')) return fitsTail(value.slice(0, -1).split('/'), IDENTITY_WORDS, 'start');
  const parts = value.split('/');
  return (
    parts.length === 5 &&
    parts.every((part, at) => (IDENTITY_WORDS[at] === '' ? part !== '' : part === IDENTITY_WORDS[at]))
  );
}

/** Compares the parts that are there; the last of them may be cut off by the wildcard. */
function fitsTail(parts: readonly string[], words: readonly string[], from: 'start' | 'end'): boolean {
  if (parts.length > words.length) return false;
  return parts.every((part, at) => {
    const word = words[at] ?? '';
    if (at === parts.length - 1) return word === '' || (from === 'start' ? word.startsWith(part) : word.endsWith(part));
    return word === '' ? part !== '' : part === word;
  });
}

/** The identity that a value of another system's form, or one without a trust domain, stands for. */
function identityMeant(value: string): string | undefined {
  const kubernetes = /^system:serviceaccount:([^:/*]+):([^:/*]+)$/.exec(value);
  if (kubernetes) return `*/ns/${kubernetes[1]}/sa/${kubernetes[2]}`;
  const linkerd = /^([^./*]+)\.([^./*]+)\.serviceaccount\.identity\./.exec(value);
  if (linkerd) return `*/ns/${linkerd[2]}/sa/${linkerd[1]}`;
  const bare = /^\/?(ns\/[^/*]+\/sa\/[^/*]+)$/.exec(value);
  return bare ? `*/${bare[1]}` : undefined;
}
