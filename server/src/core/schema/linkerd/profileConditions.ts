import { asMap, at, entriesOf, has, items, num } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { anything, field, fragment, int, list, object, openObject, string } from '../define.ts';
import { re2 } from '../formats.ts';
import type { CheckFacts, Report, Rule } from '../rule.ts';

/**
 * Conditions of a ServiceProfile on requests and responses. They nest without end; the CRD describes the first level
 * only, and the validator of Linkerd the rest.
 */
const SOURCE = 'linkerd/linkerd2@edge-26.8.3:pkg/profiles/profiles.go';
const MAX_DEPTH = 32;

const CONDITION: CheckFacts = {
  code: 'profile-condition',
  severity: 'error',
  what: 'A condition of a ServiceProfile that is empty or has a field that conditions do not have.',
  why: 'Linkerd refuses the profile or ignores the whole of it, so that all its routes are lost.',
  todo: 'Request conditions take `method`, `pathRegex`, `all`, `any` and `not`; response conditions `status`, `all`, `any` and `not`. At least one must be set.',
  peers: [
    'LKD:serviceprofile-a-route-with-an-invalid-condition',
    'LKD:serviceprofile-a-response-class-with-an-invalid-condition',
  ],
  source: SOURCE,
};

const STATUS_RANGE: CheckFacts = {
  code: 'profile-status-range',
  severity: 'error',
  what: 'A range of response codes outside of 100 to 599, or one whose end is before its start.',
  why: 'Linkerd refuses the profile.',
  todo: 'Give `min` and `max` between 100 and 599, `min` not above `max`.',
  peers: ['LKD:serviceprofile-a-response-class-with-an-invalid-condition'],
  source: SOURCE,
};

type Sort = 'request' | 'response';

const FIELDS: Readonly<Record<Sort, readonly string[]>> = {
  request: ['method', 'pathRegex', 'all', 'any', 'not'],
  response: ['status', 'all', 'any', 'not'],
};

/** The conditions directly below one, as a list each. `not` holds one condition; the CRD wants a list at the first level. */
function childrenOf(condition: YamlNode): YamlNode[] {
  const not = at(condition, 'not');
  return [
    ...items(condition, 'all'),
    ...items(condition, 'any'),
    ...(not && asMap(not) ? [not] : items(condition, 'not')),
  ];
}

function checkCondition(condition: YamlNode, sort: Sort, depth: number, report: Report): void {
  if (depth > MAX_DEPTH) return;
  if (!asMap(condition)) {
    if (condition.kind === 'scalar' && condition.templated) return;
    report(condition, `A ${sort} condition is a map with ${FIELDS[sort].map((name) => `\`${name}\``).join(', ')}.`);
    return;
  }
  const names = entriesOf(condition).map((entry) => entry.key);
  // The schema reports unknown fields of the first level.
  for (const key of depth > 0 ? names : []) {
    if (!FIELDS[sort].includes(key.text) && !key.templated)
      report(
        key,
        `A ${sort} condition has no field \`${key.text}\`; it takes ${FIELDS[sort].map((name) => `\`${name}\``).join(', ')}.`,
      );
  }
  if (!FIELDS[sort].some((name) => has(condition, name)))
    report(
      condition,
      `A ${sort} condition must say something: set one of ${FIELDS[sort].map((name) => `\`${name}\``).join(', ')}.`,
    );
  for (const child of childrenOf(condition)) checkCondition(child, sort, depth + 1, report);
}

function conditionRule(sort: Sort): Rule {
  return { facts: CONDITION, needsWhole: true, run: (node, report) => checkCondition(node, sort, 0, report) };
}

/** Every `status` of a response condition, whatever its depth. */
function statusesOf(condition: YamlNode, depth = 0): YamlNode[] {
  if (depth > MAX_DEPTH) return [];
  const status = at(condition, 'status');
  return [...(status ? [status] : []), ...childrenOf(condition).flatMap((child) => statusesOf(child, depth + 1))];
}

function checkRange(status: YamlNode, report: Report): void {
  for (const name of ['min', 'max']) {
    const node = at(status, name);
    if (!node || (node.kind === 'scalar' && node.templated)) continue;
    const code = num(node);
    // The schema reports wrong types of the first level; below it, only we look.
    if (code === undefined || !Number.isInteger(code))
      report(node, `\`${name}\` is a response code, a whole number from 100 to 599.`);
    else if (code !== 0 && (code < 100 || code > 599))
      report(node, `\`${name}\` must be from 100 to 599, and ${code} is not.`);
  }
  const [min, max] = [num(status, 'min'), num(status, 'max')];
  if (min !== undefined && max !== undefined && max !== 0 && max < min)
    report(at(status, 'max') ?? status, `The range ends at ${max}, before it starts at ${min}.`);
}

const statusRanges: Rule = {
  facts: STATUS_RANGE,
  run(node, report) {
    for (const status of statusesOf(node)) if (asMap(status)) checkRange(status, report);
  },
};

const PATH = 'A regular expression that matches the **whole** path of the request, without the query.';
const METHOD = 'The HTTP method of the request, in upper case.';
const NESTED_NOT = 'A condition that must not hold.';

const nestedRequest = fragment(() =>
  openObject({
    pathRegex: field(string({ rules: [re2()] }), PATH),
    method: field(string(), METHOD),
    all: field(list(anything()), 'Conditions that must all hold.'),
    any: field(list(anything()), 'Conditions of which one must hold.'),
    not: field(anything(), NESTED_NOT),
  }),
);

export const requestCondition = fragment(() =>
  object(
    {
      pathRegex: field(string({ rules: [re2()] }), PATH),
      method: field(string(), METHOD),
      all: field(list(nestedRequest()), 'Conditions that must all hold, beside `method` and `pathRegex`.'),
      any: field(list(nestedRequest()), 'Conditions of which one must hold, beside `method` and `pathRegex`.'),
      not: field(
        list(nestedRequest()),
        'Conditions that must not hold. The CRD takes only a list here and the controller only a single condition, so the field cannot be used at this level: put it inside of `all`.',
      ),
    },
    { rules: [conditionRule('request')] },
  ),
);

const status = fragment(() =>
  object({
    min: field(int(), 'The first response code of the range, from 100.', { default: 100 }),
    max: field(int(), 'The last response code of the range, up to 599.', { default: 599 }),
  }),
);

const nestedResponse = fragment(() =>
  openObject({
    status: field(anything(), 'The range of response codes, as `min` and `max`.'),
    all: field(list(anything()), 'Conditions that must all hold.'),
    any: field(list(anything()), 'Conditions of which one must hold.'),
    not: field(anything(), NESTED_NOT),
  }),
);

export const responseCondition = fragment(() =>
  object(
    {
      status: field(status(), 'The range of response codes, both ends included.'),
      all: field(list(nestedResponse()), 'Conditions on the response that must all hold.'),
      any: field(list(nestedResponse()), 'Conditions on the response of which one must hold.'),
      not: field(nestedResponse(), 'A condition on the response that must not hold.'),
    },
    { rules: [conditionRule('response'), statusRanges] },
  ),
);
