import type { CheckFacts } from './rule.ts';

/**
 * The structural checks: what any resource can get wrong against the definition of its kind. Rules of single kinds
 * declare their own facts beside themselves; `checks/catalog.ts` lists all of them.
 */
function facts<const F extends CheckFacts>(declared: F): F {
  return declared;
}

export const UNKNOWN_FIELD = facts({
  code: 'unknown-field',
  severity: 'error',
  what: 'A field that this kind does not have at this place.',
  why: 'The API server drops unknown fields without a word, so what the field was meant to do never happens; in a policy that can open a hole.',
  todo: 'Correct the name, move the field to where it belongs, or remove it.',
  peers: ['CRD-SCHEMA'],
});

export const WRONG_TYPE = facts({
  code: 'wrong-type',
  severity: 'error',
  what: 'A value of another type than the field takes.',
  why: 'The API server refuses the resource.',
  todo: 'Give a value of the right type; quote numbers and booleans where text is meant.',
  peers: ['CRD-SCHEMA'],
});

export const AMBIGUOUS_SCALAR = facts({
  code: 'ambiguous-scalar',
  severity: 'error',
  what: 'An unquoted word or number that Kubernetes reads as a boolean or an octal number, where text is meant.',
  why: 'Kubernetes reads YAML 1.1: `yes`, `no`, `on`, `off`, `y` and `n` are booleans, `0644` is 420.',
  todo: 'Put the value in quotes.',
});

export const INVALID_ENUM_VALUE = facts({
  code: 'invalid-enum-value',
  severity: 'error',
  what: 'A value that is not one of those the field takes.',
  why: 'The API server refuses the resource.',
  todo: 'Use one of the listed values; they are case-sensitive.',
  peers: ['CRD-SCHEMA'],
});

export const MISSING_REQUIRED = facts({
  code: 'missing-required',
  severity: 'error',
  what: 'A required field is absent or empty.',
  why: 'The API server refuses the resource.',
  todo: 'Add the field with a value.',
  peers: ['CRD-SCHEMA'],
});

export const EMPTY_VALUE = facts({
  code: 'empty-value',
  severity: 'warning',
  what: 'A key without a value.',
  why: 'YAML reads it as null, and the API server treats that as if the key were not there: a list of rules that was meant to be filled does nothing.',
  todo: 'Give a value, write `{}` or `[]` when an empty one is meant, or remove the key.',
});

export const OUT_OF_RANGE = facts({
  code: 'out-of-range',
  severity: 'error',
  what: 'A number, length or count outside the limits of the field.',
  why: 'The API server refuses the resource.',
  todo: 'Stay within the limits that the message names.',
  peers: ['CRD-SCHEMA'],
});

export const PATTERN_MISMATCH = facts({
  code: 'pattern-mismatch',
  severity: 'error',
  what: 'A text that does not have the form the field requires.',
  why: 'The API server refuses the resource.',
  todo: 'Write the value in the form that the message describes.',
  peers: ['CRD-SCHEMA'],
});

export const DUPLICATE_LIST_ITEM = facts({
  code: 'duplicate-list-item',
  severity: 'error',
  what: 'Two items of a list have the same identity.',
  why: 'The API server keys the list by these fields and refuses duplicates.',
  todo: 'Remove one of the items or change its key fields.',
  peers: ['CRD-LIST'],
});

export const DUPLICATE_KEY = facts({
  code: 'duplicate-key',
  severity: 'error',
  what: 'The same key twice in one map.',
  why: 'Readers keep one of the two values and drop the other; which one differs from tool to tool.',
  todo: 'Remove one of them, or merge their contents.',
  peers: ['Y-lint'],
});

export const NEWER_FIELD = facts({
  code: 'newer-than-target',
  severity: 'warning',
  what: 'A field or value that the targeted release does not have yet.',
  why: 'The control plane of that release drops or refuses it.',
  todo: 'Upgrade, remove it, or set `meshpath.targets` to the release that you run.',
  webhook: false,
});

export const EXPERIMENTAL_FIELD = facts({
  code: 'experimental-channel',
  severity: 'warning',
  what: 'A kind, field or value that only the experimental channel of the Gateway API has.',
  why: 'With the standard channel installed, the API server drops or refuses it.',
  todo: 'Install the experimental channel and set `meshpath.targets.gatewayApi.channel`, or do without.',
  webhook: false,
});

export const OTHER_VERSION_FIELD = facts({
  code: 'field-of-other-version',
  severity: 'error',
  what: 'A field that another API version of this kind has, but not the one in use.',
  why: 'The API server drops it without a word.',
  todo: 'Change the apiVersion to one that has the field.',
});

export const DEPRECATED_FIELD = facts({
  code: 'deprecated-field',
  severity: 'warning',
  what: 'A field or value that is deprecated.',
  why: 'It still works in this release but may stop working in a later one.',
  todo: 'Use what replaces it.',
  peers: ['IST0002'],
});

export const UNSERVED_VERSION = facts({
  code: 'unserved-version',
  severity: 'error',
  what: 'An apiVersion that no current release serves for this kind.',
  why: 'The API server does not know the resource; nothing is created.',
  todo: 'Use the version that the message names.',
  peers: ['CRD-VERSION'],
});

export const DEPRECATED_VERSION = facts({
  code: 'deprecated-version',
  severity: 'warning',
  what: 'An apiVersion that is still served but deprecated.',
  why: 'A later release stops serving it.',
  todo: 'Use the current version.',
  peers: ['CRD-VERSION'],
});

export const OLDER_VERSION = facts({
  code: 'older-version',
  severity: 'info',
  what: 'An alpha or beta apiVersion of a kind that has long been stable, with the same fields.',
  why: 'It still works. Examples in old articles have it; mixed versions hide from searches and reviews that it is one kind.',
  todo: 'Write the stable version; nothing else changes.',
  peers: ['CRD-VERSION'],
  webhook: false,
});

export const UNKNOWN_KIND = facts({
  code: 'unknown-kind',
  severity: 'error',
  what: 'A kind that its API group does not have.',
  why: 'The API server refuses the resource.',
  todo: 'Correct the kind or the group.',
  peers: ['CRD-VERSION'],
});

export const STRUCTURAL_CHECKS: readonly CheckFacts[] = [
  UNKNOWN_FIELD,
  WRONG_TYPE,
  AMBIGUOUS_SCALAR,
  INVALID_ENUM_VALUE,
  MISSING_REQUIRED,
  EMPTY_VALUE,
  OUT_OF_RANGE,
  PATTERN_MISMATCH,
  DUPLICATE_LIST_ITEM,
  DUPLICATE_KEY,
  NEWER_FIELD,
  EXPERIMENTAL_FIELD,
  OTHER_VERSION_FIELD,
  DEPRECATED_FIELD,
  UNSERVED_VERSION,
  DEPRECATED_VERSION,
  OLDER_VERSION,
  UNKNOWN_KIND,
];
