import { has, text } from '../../yaml/access.ts';
import { field, fragment, object, required, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { INVALID_HOST, isDnsLabel, wildcardDomainProblem } from './hosts.ts';
import { portNumber } from './port.ts';

/** Where routes and mirrors send requests: a host of the registry, a subset of it, a port. */

const SOURCE = 'istio/istio pkg/config/validation/validation.go, validateDestination';

const destinationHost: Rule = {
  facts: INVALID_HOST,
  run(node, report) {
    const host = text(node);
    if (host === undefined) return;
    const problem = host === '*' ? 'a destination must be one host' : wildcardDomainProblem(host);
    if (problem) report(node, `\`${host}\` is not a valid destination host: ${problem}.`);
  },
};

const INVALID_SUBSET_NAME: CheckFacts = {
  code: 'invalid-subset-name',
  severity: 'error',
  what: 'The name of a subset is empty or not a DNS label.',
  why: 'Subset names become part of the names of Envoy clusters; the webhook of istiod refuses the resource.',
  todo: 'Use at most 63 letters, digits and hyphens, with a letter or digit at both ends, such as `v2` or `canary-eu`.',
  source: 'istio/istio pkg/config/validation/validation.go, validateSubsetName',
};

/** A subset's name. An empty reference counts as none, so only definitions must not be empty. */
export function subsetName(options: { emptyAllowed: boolean }): Rule {
  return {
    facts: INVALID_SUBSET_NAME,
    run(node, report) {
      const name = text(node);
      if (name === undefined || (name === '' && options.emptyAllowed)) return;
      if (name === '') report(node, 'A subset needs a name; it must not be empty.');
      else if (!isDnsLabel(name)) {
        report(node, `\`${name}\` cannot be the name of a subset: use at most 63 letters, digits and hyphens.`);
      }
    },
  };
}

const PORT_WITHOUT_NUMBER: CheckFacts = {
  code: 'port-without-number',
  severity: 'error',
  what: 'A `port` without `number`.',
  why: 'Ports of destinations are chosen by number alone, so an empty one chooses nothing; the webhook of istiod refuses the resource.',
  todo: 'Write `port: {number: 8080}` with the port of the Service, or remove `port`.',
  source: SOURCE,
};

const portHasNumber: Rule = {
  facts: PORT_WITHOUT_NUMBER,
  needsWhole: true,
  run(node, report) {
    if (!has(node, 'number')) report(node, '`port` needs `number`: the port of the Service, not of the container.');
  },
};

/** `port: {number: …}`, as destinations and port-level settings write it. */
export const portSelector = fragment(() =>
  object(
    {
      number: field(
        portNumber(),
        'The port of the **Service** (or of the ServiceEntry), a number. Names and target ports are not looked up.',
      ),
    },
    { rules: [portHasNumber] },
  ),
);

export const destination = fragment(() =>
  object({
    host: required(
      string({ rules: [destinationHost] }),
      'A Service of Kubernetes or a host of a ServiceEntry. A short name such as `reviews` is completed with the namespace **of this resource**, not of the client; full names such as `reviews.prod.svc.cluster.local` avoid surprises. An unknown host answers 503.',
    ),
    subset: field(
      string({ rules: [subsetName({ emptyAllowed: true })] }),
      'A subset that a DestinationRule for the host defines. A name that none defines answers 503. Waypoints honor subsets too.',
    ),
    port: field(
      portSelector(),
      'The port of the service. Needed when the service has several ports and the request did not come in on one of them, above all at gateways.',
    ),
  }),
);
