import { bool, has, num } from '../../yaml/access.ts';
import { bool as boolean, field, fragment, int, list, object, string } from '../define.ts';
import { duration } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { wholePercent } from './percentage.ts';
import { uint32 } from './port.ts';

/** `outlierDetection`: endpoints that fail again and again are left out for a while. Each client proxy judges by itself. */

const SPLIT_ERRORS: CheckFacts = {
  code: 'local-failures-not-split',
  severity: 'error',
  what: '`consecutiveLocalOriginFailures` without `splitExternalLocalOriginErrors: true`.',
  why: 'Failures to connect are only counted apart when the split is on; the webhook of istiod refuses the resource.',
  todo: 'Add `splitExternalLocalOriginErrors: true`, or remove the count.',
  source: 'istio/istio pkg/config/validation/validation.go, validateOutlierDetection',
};

const splitForLocal: Rule = {
  facts: SPLIT_ERRORS,
  needsWhole: true,
  run(node, report) {
    if ((num(node, 'consecutiveLocalOriginFailures') ?? 0) <= 0) return;
    const split = bool(node, 'splitExternalLocalOriginErrors');
    if (split === true || (split === undefined && has(node, 'splitExternalLocalOriginErrors'))) return;
    report(
      fieldNode(node, 'consecutiveLocalOriginFailures'),
      '`consecutiveLocalOriginFailures` counts only with `splitExternalLocalOriginErrors: true`.',
    );
  },
};

const time = () => string({ rules: [duration({ minMs: 1, wholeMs: true })] });

export const outlierDetection = fragment(() =>
  object(
    {
      consecutive5xxErrors: field(
        uint32(),
        'Answers with 5xx in a row after which an endpoint is left out; timeouts and refused connections count too. `0` switches this count off.',
        { default: 5 },
      ),
      consecutiveGatewayErrors: field(
        uint32(),
        'The same for 502, 503 and 504 alone. Only of use when lower than `consecutive5xxErrors`, which counts these as well.',
        { default: 0 },
      ),
      consecutiveErrors: field(int(), 'Gateway errors in a row after which an endpoint is left out.', {
        deprecated: {
          note: 'Use `consecutiveGatewayErrors` or `consecutive5xxErrors`.',
          use: 'consecutiveGatewayErrors',
        },
      }),
      splitExternalLocalOriginErrors: field(
        boolean(),
        'Counts failures to connect apart from answers of the service.',
        { default: false },
      ),
      consecutiveLocalOriginFailures: field(
        uint32(),
        'Failures to connect in a row after which an endpoint is left out. Counted only with `splitExternalLocalOriginErrors`.',
        { default: 5 },
      ),
      outlierDetectionHttpErrorCodes: field(
        list(int({ min: 100, max: 599 })),
        'Statuses that count as failures, in place of 5xx.',
        { since: '1.31' },
      ),
      interval: field(time(), 'How often the counts are looked at and endpoints are let back in.', { default: '10s' }),
      baseEjectionTime: field(
        time(),
        'How long an endpoint is left out the first time; each further time adds as much.',
        { default: '30s' },
      ),
      maxEjectionPercent: field(
        int({ rules: [wholePercent] }),
        'How many of the endpoints may be left out at the same time, in percent. With ten endpoints, the default leaves out one.',
        { default: 10 },
      ),
      minHealthPercent: field(
        int({ rules: [wholePercent] }),
        'When fewer endpoints than this are healthy, the detection is switched off and traffic goes to all of them again.',
        { default: 0 },
      ),
    },
    { rules: [splitForLocal] },
  ),
);
