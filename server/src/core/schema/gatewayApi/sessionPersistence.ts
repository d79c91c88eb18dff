import { at, has, text } from '../../yaml/access.ts';
import { choice, field, fragment, object, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { onlyWhen } from '../rules.ts';
import { crdRule, gatewayDuration } from './names.ts';

/** Sending the later requests of a client to the backend pod that got the first one. */

const COOKIE_CONFIG: CheckFacts = {
  code: 'cookie-config-without-cookie',
  severity: 'error',
  what: '`cookieConfig` in a session that is not kept with a cookie.',
  why: 'The API server refuses the resource.',
  todo: 'Remove `cookieConfig`, or set `type: Cookie`.',
  peers: ['CRD-CEL', crdRule('cookieconfig-can-only-be-set-with-type-cookie')],
  source: 'Gateway API experimental CRDs, CEL rule on sessionPersistence',
};

const PERMANENT_COOKIE: CheckFacts = {
  code: 'permanent-cookie-needs-timeout',
  severity: 'error',
  what: 'A permanent session cookie without `absoluteTimeout`.',
  why: 'A cookie that outlives the browser session needs a date on which it ends; the API server refuses the resource.',
  todo: 'Add `absoluteTimeout`, or use `lifetimeType: Session`.',
  peers: ['CRD-CEL', crdRule('absolutetimeout-must-be-specified-when-cookie-lifetimetype-is-permanent')],
  source: 'Gateway API experimental CRDs, CEL rule on sessionPersistence',
};

const permanentNeedsTimeout: Rule = {
  facts: PERMANENT_COOKIE,
  needsWhole: true,
  run(node, report) {
    const lifetime = at(node, 'cookieConfig', 'lifetimeType');
    if (!lifetime || text(lifetime) !== 'Permanent' || has(node, 'absoluteTimeout')) return;
    report(lifetime, 'A permanent cookie needs `absoluteTimeout`, after which the session ends.');
  },
};

export const sessionPersistence = fragment(() =>
  object(
    {
      type: field(
        choice({
          Cookie: 'The proxy sets a cookie in the first response, and clients that keep cookies bring it back.',
          Header: 'The proxy sets a response header, and the client must send it back by itself.',
        }),
        'What carries the session from one request to the next.',
        { default: 'Cookie' },
      ),
      sessionName: field(
        string({ max: 128 }),
        'Name of the cookie or header. The implementation chooses one when absent.',
      ),
      absoluteTimeout: field(
        gatewayDuration(),
        'How long a session lasts at most, however busy it is. Afterwards the client may reach another pod.',
      ),
      cookieConfig: field(
        object({
          lifetimeType: field(
            choice({
              Permanent:
                'The cookie survives a restart of the browser, until `absoluteTimeout`, which must then be set.',
              Session: 'The browser drops the cookie when it closes.',
            }),
            "How long browsers keep the session's cookie.",
            { default: 'Session' },
          ),
        }),
        'How long browsers keep the cookie, where the session is kept with one.',
      ),
    },
    { rules: [onlyWhen('cookieConfig', 'type', 'Cookie', { facts: COOKIE_CONFIG }), permanentNeedsTimeout] },
  ),
);

export function sessionPersistenceField() {
  return field(
    sessionPersistence(),
    'Keeps a client at the pod that answered it first. Check that your implementation has it: one that does not ignores the field, and clients are spread as before.',
    { channel: 'experimental', since: '1.1', l7: true },
  );
}
