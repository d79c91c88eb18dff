import { field, fragment, list, object, string } from '../define.ts';
import { duration } from '../formats.ts';
import { corsPolicy } from './cors.ts';
import { destination } from './destination.ts';
import { httpDestinations } from './destinationWeights.ts';
import { fault } from './fault.ts';
import { headers } from './headers.ts';
import { delegate, directResponse, mirrors } from './httpRouteActions.ts';
import { httpMatch } from './httpRouteMatch.ts';
import { slashesAgree } from './httpRoutePitfalls.ts';
import { redirect } from './httpRouteRedirect.ts';
import { rewrite } from './httpRouteRewrite.ts';
import {
  authorityOnce,
  mirrorForPercentage,
  mirrorPercentRange,
  noDelegateChain,
  oneAction,
  prefixForRewrite,
  someAction,
} from './httpRouteRules.ts';
import { percentage } from './percentage.ts';
import { uint32 } from './port.ts';
import { attemptOutlivesRequest, retries } from './retry.ts';

/** One rule of `http`: what it matches, what is done with the request, and how. */

const MIRROR_PERCENT = {
  deprecated: {
    note: 'Use `mirrorPercentage.value`, or `mirrors`, whose items have a percentage each.',
    use: 'mirrorPercentage.value',
  },
} as const;

export const httpRoute = fragment(() =>
  object(
    {
      name: field(string(), 'A name for the rule; it appears in access logs and in the names of Envoy routes.'),
      match: field(
        list(httpMatch()),
        'Which requests the rule is about: those for which at least one item holds. Without `match` it takes every request, and no later rule is ever reached.',
      ),
      route: field(httpDestinations(), 'Where requests are sent, divided by weight.'),
      redirect: field(redirect(), 'Answers with a redirect instead of sending the request on.'),
      directResponse: field(
        directResponse(),
        'Answers with a fixed status and body instead of sending the request on.',
      ),
      delegate: field(
        delegate(),
        'Leaves the rules to another VirtualService, whose matches are joined with those of this rule. One level deep only: the other resource has no `hosts` and cannot delegate on.',
      ),
      rewrite: field(
        rewrite(),
        'Changes path or host of requests before they are sent on. Matching has happened by then.',
      ),
      timeout: field(
        string({ rules: [duration({ minMs: 1, wholeMs: true })] }),
        'How long a request may take until the response is complete, retries included; then the client gets 504.',
        { default: 'no timeout' },
      ),
      retries: field(retries(), 'When requests are sent again.', {
        default: '2 retries, when the connection failed or the service refused',
      }),
      fault: field(
        fault(),
        'Delays and errors made up by the proxy of the client, for tests. With a fault, `timeout` and `retries` of the rule are not used.',
      ),
      mirror: field(
        destination(),
        'Where copies of requests are sent; their answers are thrown away. The host of a copy gets `-shadow` appended.',
      ),
      mirrorPercentage: field(percentage(), 'How many requests `mirror` copies.', { default: '100' }),
      mirrorPercent: field(
        uint32([mirrorPercentRange]),
        'How many requests `mirror` copies, in whole percent.',
        MIRROR_PERCENT,
      ),
      mirror_percent: field(
        uint32([mirrorPercentRange]),
        'The same as `mirrorPercent`, spelled as in the first releases of Istio.',
        MIRROR_PERCENT,
      ),
      mirrors: field(mirrors(), 'Several destinations for copies of requests, each with its own percentage.'),
      corsPolicy: field(corsPolicy(), 'Lets pages of other origins call the route from browsers.'),
      headers: field(headers(), 'Changes of headers for all requests of the rule and their responses.'),
    },
    {
      rules: [
        oneAction,
        noDelegateChain,
        someAction,
        authorityOnce,
        prefixForRewrite,
        mirrorForPercentage,
        attemptOutlivesRequest,
        slashesAgree,
      ],
    },
  ),
);
