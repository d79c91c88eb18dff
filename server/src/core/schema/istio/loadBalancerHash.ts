import { bool, has, items, num, text } from '../../yaml/access.ts';
import { bool as boolean, field, fragment, int, list, object, required, string } from '../define.ts';
import { duration } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atMostOneOf, fieldNode, isFilled, listOf } from '../rules.ts';

/** `consistentHash`: the same key goes to the same endpoint, as long as the endpoints stay the same. */

const SOURCE = 'istio/istio pkg/config/validation/validation.go, validateLoadBalancer';

const RING_SIZE_CONFLICT: CheckFacts = {
  code: 'ring-size-twice',
  severity: 'error',
  what: 'The deprecated `minimumRingSize` together with `ringHash` or `maglev`.',
  why: 'The webhook of istiod refuses the resource, because both say how the hash is built.',
  todo: 'Write the size as `ringHash.minimumRingSize` and remove the old field.',
  source: SOURCE,
};

const oneRingSize: Rule = {
  facts: RING_SIZE_CONFLICT,
  run(node, report) {
    if ((num(node, 'minimumRingSize') ?? 0) === 0 || !(has(node, 'ringHash') || has(node, 'maglev'))) return;
    report(
      fieldNode(node, 'minimumRingSize'),
      '`minimumRingSize` is set beside `ringHash` or `maglev`; use `ringHash.minimumRingSize`.',
    );
  },
};

const MAGLEV_TABLE: CheckFacts = {
  code: 'invalid-maglev-table',
  severity: 'error',
  what: 'The size of a Maglev table is absent, no prime number, or too large.',
  why: 'The algorithm only works with primes below 5000011; the webhook of istiod refuses the resource.',
  todo: 'Use a prime that is at least a hundred times the number of endpoints, such as 65537.',
  source: SOURCE,
};

const MAX_TABLE = 5_000_011;

function isPrime(value: number): boolean {
  if (value < 4) return value > 1;
  if (value % 2 === 0) return false;
  for (let factor = 3; factor * factor <= value; factor += 2) {
    if (value % factor === 0) return false;
  }
  return true;
}

const primeTable: Rule = {
  facts: MAGLEV_TABLE,
  run(node, report) {
    const size = num(node);
    if (size === undefined || size < 0) return;
    if (size >= MAX_TABLE) report(node, `${size} is too large for a Maglev table: it must be below ${MAX_TABLE}.`);
    else if (!isPrime(size)) {
      report(node, `${size} is not a prime number, which the size of a Maglev table must be; 65537 is one.`);
    }
  },
};

const tableNeeded: Rule = {
  facts: MAGLEV_TABLE,
  needsWhole: true,
  run(node, report) {
    if (!has(node, 'tableSize')) report(node, '`maglev` needs `tableSize`, a prime number such as 65537.');
  },
};

const COOKIE: CheckFacts = {
  code: 'invalid-hash-cookie',
  severity: 'error',
  what: 'A cookie to hash by has no name, or an attribute that is nameless or listed twice.',
  why: 'The webhook of istiod refuses the resource.',
  todo: 'Name the cookie, and write each attribute once.',
  source: SOURCE,
};

const cookieNamed: Rule = {
  facts: COOKIE,
  run(node, report) {
    if (text(node, 'name') === '') report(fieldNode(node, 'name'), 'The cookie needs a name.');
  },
};

const attributesOnce: Rule = {
  facts: COOKIE,
  run(node, report) {
    const seen = new Set<string>();
    for (const item of items(node)) {
      const name = text(item, 'name');
      if (name === undefined) continue;
      if (name === '') report(fieldNode(item, 'name'), 'An attribute of a cookie needs a name.');
      else if (seen.has(name)) report(fieldNode(item, 'name'), `The attribute \`${name}\` is listed twice.`);
      seen.add(name);
    }
  },
};

const HASH_WITHOUT_KEY: CheckFacts = {
  code: 'hash-without-key',
  severity: 'warning',
  what: '`consistentHash` without saying what is hashed.',
  why: 'Without a key every request goes to an endpoint at random, so nothing sticks.',
  todo: 'Set `httpHeaderName`, `httpCookie`, `useSourceIp: true` or `httpQueryParameterName`.',
  source: 'istio/istio pilot/pkg/networking/core, hash policies of routes',
};

const HASH_KEYS = ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'];

const someKey: Rule = {
  facts: HASH_WITHOUT_KEY,
  needsWhole: true,
  run(node, report) {
    const present = HASH_KEYS.filter((name) => isFilled(node, name));
    if (present.length > 0 && !(present.length === 1 && bool(node, 'useSourceIp') === false)) return;
    report(fieldNode(node, 'useSourceIp'), `Nothing says what is hashed; set one of ${listOf(HASH_KEYS, 'or')}.`);
  },
};

const cookieAttribute = fragment(() =>
  object({
    name: required(string(), 'An attribute such as `SameSite`, `Secure` or `HttpOnly`.', { since: '1.28' }),
    value: field(string(), 'What the attribute is set to, such as `Strict`; empty for attributes that stand alone.', {
      since: '1.28',
    }),
  }),
);

const httpCookie = fragment(() =>
  object(
    {
      name: required(
        string(),
        'The cookie whose value is the key. When a request lacks it and `ttl` is set, the proxy makes one.',
      ),
      path: field(string(), 'The path for which a cookie made by the proxy is valid.'),
      ttl: field(
        string({ rules: [duration()] }),
        'How long a cookie made by the proxy lives; `0s` makes it end with the browser session. Without `ttl` no cookie is made, and requests without one go anywhere.',
      ),
      attributes: field(
        list(cookieAttribute(), { rules: [attributesOnce] }),
        'Further attributes for a cookie made by the proxy.',
        { since: '1.28' },
      ),
    },
    { rules: [cookieNamed] },
  ),
);

const ringHash = fragment(() =>
  object({
    minimumRingSize: field(
      int({ min: 0 }),
      'The least number of places on the ring. More places spread the load more evenly and cost memory.',
      { default: 1024 },
    ),
  }),
);

const maglev = fragment(() =>
  object(
    {
      tableSize: field(
        int({ min: 0, rules: [primeTable] }),
        'The size of the table, a prime number well above the number of endpoints.',
        { default: 65537 },
      ),
    },
    { rules: [tableNeeded] },
  ),
);

export const consistentHash = fragment(() =>
  object(
    {
      httpHeaderName: field(
        string(),
        'Requests with the same value of this header, such as a user id, go to the same endpoint; without the header they go anywhere.',
        { l7: true },
      ),
      httpCookie: field(
        httpCookie(),
        'A cookie whose value is the key; the proxy can make one, which gives sessions that stick.',
        { l7: true },
      ),
      useSourceIp: field(
        boolean(),
        'The address of the client is the key. Behind a gateway or load balancer that is one address for many clients.',
      ),
      httpQueryParameterName: field(
        string(),
        'Requests whose URL has the same value of this parameter go to the same endpoint.',
        { l7: true },
      ),
      ringHash: field(ringHash(), 'Hashes onto a ring: few keys move when endpoints come and go.'),
      maglev: field(
        maglev(),
        'Hashes into a table: faster and more even than a ring, but more keys move when endpoints come and go.',
      ),
      minimumRingSize: field(int({ min: 0 }), 'The least number of places on the ring.', {
        deprecated: { note: 'Use `ringHash.minimumRingSize`.', use: 'ringHash.minimumRingSize' },
      }),
    },
    {
      rules: [atMostOneOf(HASH_KEYS), atMostOneOf(['ringHash', 'maglev']), oneRingSize, someKey],
    },
  ),
);
