import { at, num } from '../../yaml/access.ts';
import { choice, field, fragment, number, object, required, string } from '../define.ts';
import { duration } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atMostOneOf, fieldNode } from '../rules.ts';
import { consistentHash } from './loadBalancerHash.ts';
import { localityLbSetting, zoneAwareLbSetting } from './loadBalancerLocality.ts';

/** `loadBalancer`: which endpoint of a host gets the next request. */

const SOURCE = 'istio/istio pkg/config/validation/validation.go, validateLoadBalancer';

const LOW_AGGRESSION: CheckFacts = {
  code: 'warmup-aggression-too-low',
  severity: 'error',
  what: '`warmup.aggression` below 1.',
  why: 'Below 1 the load would grow ever more slowly and never arrive; the webhook of istiod refuses the resource.',
  todo: 'Use 1 for a steady ramp, more for a steeper start.',
  source: SOURCE,
};

const steepEnough: Rule = {
  facts: LOW_AGGRESSION,
  run(node, report) {
    const value = num(node);
    if (value !== undefined && value >= 0 && value < 1) {
      report(node, `${value} is too low: \`aggression\` is 1 (a steady ramp) or more.`);
    }
  },
};

const TWO_LOCALITY_SETTINGS: CheckFacts = {
  code: 'locality-and-zone-aware',
  severity: 'error',
  what: '`localityLbSetting` together with `zoneAwareLbSetting`.',
  why: 'Both decide how near endpoints are preferred; the resource is refused.',
  todo: 'Keep one of them.',
  source: 'istio/istio pkg/config/validation, load balancer settings of 1.31',
};

const WARMUP_TWICE: CheckFacts = {
  code: 'warmup-twice',
  severity: 'warning',
  what: '`warmup` together with its predecessor `warmupDurationSecs`.',
  why: 'Only `warmup` is read.',
  todo: 'Remove `warmupDurationSecs`.',
};

const warmupOnce: Rule = {
  facts: WARMUP_TWICE,
  run(node, report) {
    if (at(node, 'warmup') && at(node, 'warmupDurationSecs')) {
      report(fieldNode(node, 'warmupDurationSecs'), '`warmupDurationSecs` is not read beside `warmup`.', {
        tag: 'unnecessary',
      });
    }
  },
};

const time = () => string({ rules: [duration({ minMs: 1, wholeMs: true })] });

const warmup = fragment(() =>
  object({
    duration: required(time(), 'How long after it appears a new endpoint gets less than its share.', { since: '1.24' }),
    minimumPercent: field(number({ min: 0, max: 100 }), 'The share in percent with which a new endpoint begins.', {
      default: 10,
      since: '1.24',
    }),
    aggression: field(
      number({ min: 0, rules: [steepEnough] }),
      'How the share grows: with `1` steadily, with more fast at first.',
      { default: 1, since: '1.24' },
    ),
  }),
);

const simple = fragment(() =>
  choice({
    UNSPECIFIED: 'Istio chooses, at present `LEAST_REQUEST`.',
    LEAST_REQUEST:
      'Of two endpoints taken at random, the one with fewer requests in flight. A good choice nearly always.',
    ROUND_ROBIN: 'One after the other. Slow endpoints pile up requests, so `LEAST_REQUEST` is safer.',
    RANDOM: 'Any healthy endpoint. Better than `ROUND_ROBIN` where no health is checked.',
    PASSTHROUGH:
      'Whatever address the client asked for, without any balancing. Only for special cases: most policies then have no effect.',
    LEAST_CONN: { doc: 'The old name of `LEAST_REQUEST`.', deprecated: 'Use `LEAST_REQUEST`, which does the same.' },
  }),
);

export const loadBalancer = fragment(() =>
  object(
    {
      simple: field(simple(), 'An algorithm without settings. A ztunnel never reads it; it balances by connection.', {
        default: 'LEAST_REQUEST',
      }),
      consistentHash: field(
        consistentHash(),
        'Sends the same key to the same endpoint: a session that sticks, not a guarantee. Each client proxy hashes by itself, with the same result.',
      ),
      localityLbSetting: field(localityLbSetting(), 'Prefers near endpoints, in place of the setting of the mesh.'),
      zoneAwareLbSetting: field(
        zoneAwareLbSetting(),
        'Prefers endpoints of the own zone as far as their share allows.',
        { since: '1.31' },
      ),
      warmup: field(
        warmup(),
        'Lets new endpoints begin slowly. Works with `ROUND_ROBIN` and `LEAST_REQUEST`, and not when all endpoints are new.',
        { since: '1.24' },
      ),
      warmupDurationSecs: field(time(), 'How long new endpoints get less than their share.', {
        deprecated: { note: 'Use `warmup.duration`.', use: 'warmup.duration', since: '1.24' },
      }),
    },
    {
      rules: [
        atMostOneOf(['simple', 'consistentHash']),
        atMostOneOf(['localityLbSetting', 'zoneAwareLbSetting'], { facts: TWO_LOCALITY_SETTINGS }),
        warmupOnce,
      ],
    },
  ),
);
