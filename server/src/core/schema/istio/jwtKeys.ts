import { text } from '../../yaml/access.ts';
import type { CheckFacts, Rule } from '../rule.ts';

/** Key sets written into a RequestAuthentication: JSON Web Keys, one or a set of them. */

const INVALID_JWKS: CheckFacts = {
  code: 'invalid-jwks',
  severity: 'error',
  what: 'An inline `jwks` that is not a JSON Web Key Set.',
  why: 'The webhook of istiod refuses the resource. Without the webhook no token can be validated, and every request with a token is refused.',
  todo: 'Paste the JSON of the key set, with all parts of every key, or give `jwksUri` instead.',
  source: 'istio/istio pkg/config/validation/validation.go, validateJwtRule; RFC 7517',
};

const PRIVATE_KEY: CheckFacts = {
  code: 'jwks-private-key',
  severity: 'warning',
  what: 'An inline `jwks` holds a private or secret key.',
  why: 'Only public keys are needed to validate tokens. Whoever can read this resource can now issue tokens.',
  todo: 'Replace the key pair at the issuer, and keep only the public parts here.',
  source: 'istio/istio pkg/config/validation/validation.go, validateJwtRule; RFC 7518 section 6',
};

type JsonObject = Readonly<Record<string, unknown>>;

/** The members that a key of each type must have. */
const REQUIRED_MEMBERS = new Map<string, readonly string[]>([
  ['RSA', ['n', 'e']],
  ['EC', ['crv', 'x', 'y']],
  ['OKP', ['crv', 'x']],
  ['oct', ['k']],
]);

export const jwksIsKeySet: Rule = {
  facts: INVALID_JWKS,
  run(node, report) {
    const value = text(node);
    if (!value) return;
    const read = readKeys(value);
    const problem = typeof read === 'string' ? read : read.map(keyProblem).find((found) => found !== undefined);
    if (problem) report(node, `This is not a JSON Web Key Set: ${problem}.`);
  },
};

export const jwksIsPublic: Rule = {
  facts: PRIVATE_KEY,
  run(node, report) {
    const value = text(node);
    const read = value ? readKeys(value) : '';
    if (typeof read === 'string') return;
    for (const [at, key] of read.entries()) {
      const what = key.kty === 'oct' ? 'a secret (`kty: oct`)' : 'd' in key ? 'a private key (member `d`)' : undefined;
      if (what)
        report(
          node,
          `Key ${at + 1} of the set contains ${what}. Only public keys are needed here; replace this key pair, since it can be read by everyone who can read the resource.`,
        );
    }
  },
};

/** The keys of a set, or of a single key; or why there are none. */
function readKeys(value: string): JsonObject[] | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return 'it is not JSON';
  }
  if (!isObject(parsed)) return 'it is not a JSON object';
  if (!('keys' in parsed)) return 'kty' in parsed ? [parsed] : 'it has no `keys`';
  const { keys } = parsed;
  if (!Array.isArray(keys)) return '`keys` is not a list';
  return keys.every(isObject) ? keys : 'an item of `keys` is not an object';
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keyProblem(key: JsonObject, at: number): string | undefined {
  const members = typeof key.kty === 'string' ? REQUIRED_MEMBERS.get(key.kty) : undefined;
  if (!members) return `key ${at + 1} has no \`kty\` that is known (${[...REQUIRED_MEMBERS.keys()].join(', ')})`;
  const missing = members.find((member) => typeof key[member] !== 'string' || key[member] === '');
  return missing === undefined
    ? undefined
    : `key ${at + 1} has no \`${missing}\`, which a key of the type ${key.kty} needs`;
}
