import { at, items, text } from '../../yaml/access.ts';
import { field, fragment, list, object, required, string } from '../define.ts';
import { changeTo } from '../fixes.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { nearestName } from '../unknownField.ts';
import { isFilled } from './authorizationSource.ts';
import { ipBlock, notEmpty, portNumber, serviceAccount } from './authorizationValues.ts';
import { noInnerWildcard, principalForm, principalScheme } from './principal.ts';

/** `when`: further conditions on attributes of the connection and the request. */

const SOURCE = 'istio/istio pkg/config/security/security.go, ValidateAttribute';

/** The attributes that a condition can name, with what they hold. Those ending in `[]` take a name in the brackets. */
export const CONDITION_KEYS: ReadonlyMap<string, string> = new Map([
  [
    'request.headers[]',
    'A request header, such as `request.headers[x-team]`. Clients can set headers, unless a gateway removes them.',
  ],
  ['source.ip', 'Address of the direct peer, as in `ipBlocks`.'],
  ['remote.ip', 'Address of the original client, as in `remoteIpBlocks`.'],
  ['source.namespace', 'Namespace of the caller, from its certificate.'],
  ['source.serviceAccount', 'ServiceAccount of the caller, as `namespace/name`.'],
  ['source.principal', 'Identity of the caller, as in `principals`.'],
  ['request.auth.principal', 'Identity from the validated JWT, `<issuer>/<subject>`.'],
  ['request.auth.audiences', 'Audiences of the validated JWT.'],
  ['request.auth.presenter', 'The authorized presenter (`azp`) of the validated JWT.'],
  [
    'request.auth.claims[]',
    'A claim of the validated JWT, such as `request.auth.claims[groups]`; nested claims as `[a][b]`.',
  ],
  ['destination.ip', 'Address that the connection was made to.'],
  ['destination.port', 'Port that the connection was made to.'],
  ['connection.sni', 'Server name of the TLS connection.'],
  [
    'experimental.envoy.filters.[]',
    'Metadata of an Envoy filter, such as `experimental.envoy.filters.network.mysql_proxy[db.table]`.',
  ],
]);

const PREFIXES = [
  'request.headers',
  'request.experimental.inline.headers',
  'request.auth.claims',
  'experimental.envoy.filters.',
];
const EXAMPLES = '`source.ip`, `request.headers[x-team]` and `request.auth.claims[groups]`';
const PLAIN = [...CONDITION_KEYS.keys()].filter((key) => !key.endsWith('[]'));

const UNKNOWN_KEY: CheckFacts = {
  code: 'unknown-condition-key',
  severity: 'error',
  what: 'A condition on an attribute that Istio does not have, or that is written wrongly.',
  why: 'The webhook of istiod refuses the policy.',
  todo: 'Use one of the attributes, such as `source.ip`, `request.headers[x-team]` or `request.auth.claims[groups]`.',
  source: SOURCE,
};

const knownKey: Rule = {
  facts: UNKNOWN_KEY,
  run(node, report) {
    const key = text(node);
    if (key === undefined) return;
    const problem = keyProblem(key);
    if (problem) report(node, problem.message, { fixes: problem.meant ? [changeTo(node, problem.meant)] : [] });
  },
};

/** Attributes of the policies before v1beta1, and those that a policy says in another way. */
const NO_LONGER = new Map<string, string>([
  ['destination.namespace', 'is no condition: a policy is about its own namespace'],
  ['destination.labels', 'is no condition: say in `selector.matchLabels` which workloads the policy is about'],
  ['destination.name', 'was an attribute of the policies before AuthorizationPolicy; use a `selector`'],
  ['destination.user', 'was an attribute of the policies before AuthorizationPolicy; use a `selector`'],
]);

function keyProblem(key: string): { message: string; meant?: string } | undefined {
  if (key === '') return { message: 'A condition needs the name of an attribute in `key`.' };
  if (PLAIN.includes(key)) return undefined;
  const open = key.indexOf('[');
  const stem = open === -1 ? key : key.slice(0, open);
  const prefix = PREFIXES.find((candidate) => key.startsWith(candidate));
  if (prefix !== undefined) {
    if (key.endsWith(']') && open > 0 && open < key.length - 2) return undefined;
    return { message: `\`${key}\` needs a name in square brackets, such as \`${prefix}[name]\`.` };
  }
  const gone = NO_LONGER.get(stem);
  if (gone !== undefined) return { message: `\`${key}\` ${gone}.` };
  const near = nearestName(stem, open === -1 ? PLAIN : ['request.headers', 'request.auth.claims']);
  if (near === undefined) {
    return { message: `There is no attribute \`${key}\`. Attributes are, for example, ${EXAMPLES}.` };
  }
  const meant = near + key.slice(stem.length);
  return { message: `There is no attribute \`${key}\`; did you mean \`${meant}\`?`, meant };
}

const NO_VALUES: CheckFacts = {
  code: 'condition-without-values',
  severity: 'error',
  what: 'A condition names an attribute and no values.',
  why: 'The webhook of istiod refuses the policy.',
  todo: 'Add `values` or `notValues`. To ask only that the attribute is there, write `values: ["*"]`.',
  source: 'istio/istio pkg/config/validation/validation.go, ValidateAuthorizationPolicy',
};

const hasValues: Rule = {
  facts: NO_VALUES,
  needsWhole: true,
  run(node, report) {
    if (isFilled(node, 'values') || isFilled(node, 'notValues')) return;
    report(
      at(node, 'key') ?? node,
      'The condition needs `values` or `notValues`; `values: ["*"]` asks that the attribute is there at all.',
    );
  },
};

/** Applies a rule about one value to the values of conditions on the given attributes. */
function valuesOf(keys: readonly string[], rule: Rule): Rule {
  return {
    facts: rule.facts,
    run(node, report, context) {
      const key = text(node, 'key');
      if (key === undefined || !keys.includes(key)) return;
      for (const value of [...items(node, 'values'), ...items(node, 'notValues')]) rule.run(value, report, context);
    },
  };
}

const conditionValues = fragment(() => list(string({ rules: [notEmpty] })));

/** Names for the brackets of the attributes that need one, so that what is offered is valid as it stands. */
const EXAMPLE_NAMES: Readonly<Record<string, string>> = {
  'request.headers[]': 'request.headers[x-team]',
  'request.auth.claims[]': 'request.auth.claims[groups]',
  'experimental.envoy.filters.[]': 'experimental.envoy.filters.network.mysql_proxy[db.table]',
};
const KEY_EXAMPLES = Object.fromEntries([...CONDITION_KEYS].map(([key, doc]) => [EXAMPLE_NAMES[key] ?? key, doc]));

export const when = fragment(() =>
  list(
    object(
      {
        key: required(
          string({ rules: [knownKey], suggest: KEY_EXAMPLES }),
          `The attribute to look at. One of ${[...CONDITION_KEYS.keys()].map((key) => `\`${key.replace('[]', '[…]')}\``).join(', ')}. Only \`source.ip\`, \`source.namespace\`, \`source.principal\`, \`destination.ip\` and \`destination.port\` work at L4.`,
        ),
        values: field(
          conditionValues(),
          'One of these must be the value of the attribute. A `*` may stand at one end; alone it means that the attribute is there.',
        ),
        notValues: field(
          conditionValues(),
          'None of these may be the value of the attribute. A request without the attribute matches.',
        ),
      },
      {
        rules: [
          hasValues,
          valuesOf(['source.ip', 'remote.ip', 'destination.ip'], ipBlock),
          valuesOf(['destination.port'], portNumber),
          valuesOf(['source.serviceAccount'], serviceAccount),
          valuesOf(['source.principal'], principalScheme),
          valuesOf(['source.principal'], principalForm),
          valuesOf(['source.principal', 'source.namespace', 'request.auth.principal'], noInnerWildcard),
        ],
      },
    ),
  ),
);
