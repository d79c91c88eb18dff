import { at, has, isTemplated, items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { field, fragment, int, list, object, required } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { destination } from './destination.ts';
import { headers } from './headers.ts';

/** The destinations of one route and how traffic is divided among them. Weights are proportions; they need not sum to 100. */

const SOURCE = 'istio/istio pkg/config/validation/validation.go, validateRouteDestinations';

const INVALID_WEIGHTS: CheckFacts = {
  code: 'invalid-weights',
  severity: 'error',
  what: 'A negative weight, or several destinations whose weights are all zero or absent.',
  why: 'Nobody could say where a request goes; the webhook of istiod refuses the resource.',
  todo: 'Give each destination a weight, such as 90 and 10. A single destination needs none.',
  source: SOURCE,
};

/** The weights as istiod reads them: absent is 0. Undefined when one of them comes from a template. */
function weightsOf(node: YamlNode): number[] | undefined {
  const weights: number[] = [];
  for (const item of items(node)) {
    if (isTemplated(item) || isTemplated(at(item, 'weight'))) return undefined;
    weights.push(num(item, 'weight') ?? 0);
  }
  return weights;
}

const notNegative: Rule = {
  facts: INVALID_WEIGHTS,
  run(node, report) {
    const weight = num(node);
    if (weight !== undefined && weight < 0) report(node, `A weight must not be negative, and this is ${weight}.`);
  },
};

const someWeight: Rule = {
  facts: INVALID_WEIGHTS,
  needsWhole: true,
  run(node, report) {
    const weights = weightsOf(node);
    if (!weights || weights.length < 2 || weights.some((weight) => weight !== 0)) return;
    report(
      node,
      `These ${weights.length} destinations have no weight; say how traffic is divided, for example \`weight: 50\` each.`,
    );
  },
};

const UNUSUAL_WEIGHTS: CheckFacts = {
  code: 'unusual-weights',
  severity: 'info',
  what: 'Weights that are probably a slip: they nearly sum to 100, or one of several destinations has none.',
  why: 'Weights are proportions: 90 and 5 divide as 94.7 % and 5.3 %, and a destination without weight gets no traffic at all.',
  todo: 'Correct the weights so that they sum to 100, and write `weight: 0` where no traffic is meant.',
};

const NEAR_HUNDRED = 20;

const usualWeights: Rule = {
  facts: UNUSUAL_WEIGHTS,
  needsWhole: true,
  run(node, report) {
    const weights = weightsOf(node);
    const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? 0;
    if (!weights || weights.length < 2 || total <= 0) return;
    const forgotten = items(node).find((item) => !has(item, 'weight'));
    if (forgotten) {
      report(
        at(forgotten, 'destination') ?? forgotten,
        'This destination has no weight while others have, so it gets no traffic.',
      );
    } else if (total !== 100 && Math.abs(total - 100) <= NEAR_HUNDRED) {
      report(
        node,
        `The weights sum to ${total}, not 100; traffic is divided in proportion, so check that this is meant.`,
      );
    }
  },
};

const NEEDLESS_WEIGHT: CheckFacts = {
  code: 'needless-weight',
  severity: 'hint',
  what: 'A weight on the only destination of a route.',
  why: 'All traffic goes there whatever the number; `weight: 10` does not mean ten percent.',
  todo: 'Remove the weight, or add the other destination.',
  peers: ['KIA1104'],
};

const neededWeight: Rule = {
  facts: NEEDLESS_WEIGHT,
  // The other destinations of a patch stand in its base, those of a template may be written by a loop.
  needsWhole: true,
  run(node, report) {
    const [only, ...others] = items(node);
    const weight = num(only, 'weight');
    if (!only || others.length > 0 || weight === undefined || weight === 0) return;
    report(fieldNode(only, 'weight'), 'The only destination gets all traffic, whatever its weight.', {
      tag: 'unnecessary',
    });
  },
};

const REPEATED_DESTINATION: CheckFacts = {
  code: 'repeated-destination',
  severity: 'warning',
  what: 'The same host, subset and port twice among the destinations of one route.',
  why: 'The weights add up; most often one of the entries was meant for another subset, which then gets nothing.',
  todo: 'Correct the subset, or merge the entries.',
  peers: ['KIA1105'],
};

const distinctDestinations: Rule = {
  facts: REPEATED_DESTINATION,
  run(node, report, { namespace }) {
    const all = items(node);
    if (all.length < 2) return;
    const seen = new Set<string>();
    for (const item of all) {
      const host = text(item, 'destination', 'host');
      const subset = at(item, 'destination', 'subset');
      const port = at(item, 'destination', 'port', 'number');
      if (host === undefined || isTemplated(subset) || isTemplated(port)) continue;
      const key = JSON.stringify([sameService(host, namespace ?? ''), text(subset) ?? '', num(port) ?? 0]);
      if (seen.has(key)) {
        report(
          fieldNode(fieldNode(item, 'destination'), 'host'),
          `\`${host}\` with this subset and port is already a destination of the same route.`,
        );
      }
      seen.add(key);
    }
  },
};

/** One name for the short and the full name of a Service. */
function sameService(host: string, namespace: string): string {
  const short = host.toLowerCase().replace(/\.svc(?:\.cluster\.local)?$/, '');
  return short.includes('.') ? short : `${short}.${namespace}`;
}

const DESTINATION_RULES = [someWeight, usualWeights, neededWeight, distinctDestinations];
const WEIGHT_DOC =
  'The share of the traffic, in proportion to the sum of the weights of the route; 0 means none. With a single destination it says nothing.';

export const httpDestinations = fragment(() =>
  list(
    object({
      destination: required(destination(), 'The service, subset and port that get this share of the requests.'),
      weight: field(int({ rules: [notNegative] }), WEIGHT_DOC, { default: 0 }),
      headers: field(
        headers(),
        'Changes of headers for requests to this destination and their responses, after those of the route.',
      ),
    }),
    { rules: DESTINATION_RULES },
  ),
);

export const connectionDestinations = fragment(() =>
  list(
    object({
      destination: required(destination(), 'The service, subset and port that get this share of the connections.'),
      weight: field(int({ rules: [notNegative] }), WEIGHT_DOC, { default: 0 }),
    }),
    { rules: DESTINATION_RULES },
  ),
);
