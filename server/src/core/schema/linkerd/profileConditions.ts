import { asMap, asSeq, at, entriesOf, has, items, num, text } from '../../yaml/access.ts';
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
  what: 'A condition of a ServiceProfile that is empty, has a field that conditions do not have, or a list in `not`.',
  why: 'Linkerd refuses the profile or ignores the whole of it, so that all its routes are lost.',
  todo: 'Request conditions take `method`, `pathRegex`, `all`, `any` and `not`; response conditions `status`, `all`, `any` and `not`. At least one must be set, and `not` takes one condition.',
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

/** Checks a condition and those inside of it. The schema knows the first level and the type of what is in it. */
function checkCondition(condition: YamlNode, sort: Sort, depth: number, report: Report): void {
  if (depth > MAX_DEPTH) return;
  const fields = FIELDS[sort].map((name) => `\`${name}\``).join(', ');
  if (!asMap(condition)) {
    const told = depth <= 1 || (condition.kind === 'scalar' && condition.templated);
    if (!told) report(condition, `A ${sort} condition is a map with ${fields}.`);
    return;
  }
  const unknown = entriesOf(condition).filter(({ key }) => !FIELDS[sort].includes(key.text) && !key.templated);
  for (const { key } of depth > 0 ? unknown : []) {
    report(key, `A ${sort} condition has no field \`${key.text}\`; it takes ${fields}.`);
  }
  if (unknown.length === 0 && !FIELDS[sort].some((name) => isSet(condition, name))) {
    report(condition, `A ${sort} condition must say something: set one of ${fields}.`);
  }
  checkNot(condition, sort, depth, report);
  for (const child of childrenOf(condition)) checkCondition(child, sort, depth + 1, report);
}

/** An empty text counts as absent, and an empty list does not. */
function isSet(condition: YamlNode, name: string): boolean {
  return has(condition, name) && text(condition, name) !== '';
}

/** The schema lets the list through where the CRD asks for it, or does not look. */
function checkNot(condition: YamlNode, sort: Sort, depth: number, report: Report): void {
  const not = at(condition, 'not');
  if (!not || !asSeq(not) || (depth === 0 && sort === 'response')) return;
  const instead =
    depth === 0 ? 'put it inside of `all`, as the CRD takes only a list here' : 'write it without the list';
  report(not, `Linkerd reads one condition in \`not\` and refuses a list: ${instead}.`);
}

function conditionRule(sort: Sort): Rule {
  return { facts: CONDITION, needsWhole: true, run: (node, report) => checkCondition(node, sort, 0, report) };
}

/** Every `status` of a response condition, with the depth at which it stands. */
function statusesOf(condition: YamlNode, depth = 0): { status: YamlNode; depth: number }[] {
  if (depth > MAX_DEPTH) return [];
  const status = at(condition, 'status');
  const inner = childrenOf(condition).flatMap((child) => statusesOf(child, depth + 1));
  return status && asMap(status) ? [{ status, depth }, ...inner] : inner;
}

function checkRange(status: YamlNode, depth: number, report: Report): void {
  for (const name of ['min', 'max']) {
    const node = at(status, name);
    if (!node || (node.kind === 'scalar' && node.templated)) continue;
    const code = num(node);
    if (code === undefined || !Number.isInteger(code)) {
      // Wrong types of the first level are told by the schema.
      if (depth > 0) report(node, `\`${name}\` is a response code, a whole number from 100 to 599.`);
    } else if (code !== 0 && (code < 100 || code > 599)) {
      report(node, `\`${name}\` must be from 100 to 599, and ${code} is not.`);
    }
  }
  const [min, max] = [num(status, 'min'), num(status, 'max')];
  if (min !== undefined && max !== undefined && max !== 0 && max < min) {
    report(at(status, 'max') ?? status, `The range ends at ${max}, before it starts at ${min}.`);
  }
}

const statusRanges: Rule = {
  facts: STATUS_RANGE,
  run(node, report) {
    for (const { status, depth } of statusesOf(node)) checkRange(status, depth, report);
  },
};

const method = fragment(() =>
  string({
    suggest: {
      GET: 'Requests that read.',
      HEAD: 'Requests that read the headers of the answer alone.',
      POST: 'Requests that hand something in; every gRPC call is one.',
      PUT: 'Requests that replace what is at the path.',
      PATCH: 'Requests that change a part of what is at the path.',
      DELETE: 'Requests that remove what is at the path.',
    },
  }),
);

const PATH = 'A regular expression that matches the **whole** path of the request, without the query.';
const METHOD = 'The HTTP method of the request, in upper case.';
const NESTED_NOT = 'A condition that must not hold.';

const nestedRequest = fragment(() =>
  openObject({
    pathRegex: field(string({ rules: [re2()] }), PATH),
    method: field(method(), METHOD),
    all: field(list(anything()), 'Conditions that must all hold.'),
    any: field(list(anything()), 'Conditions of which one must hold.'),
    not: field(anything(), NESTED_NOT),
  }),
);

export const requestCondition = fragment(() =>
  object(
    {
      pathRegex: field(string({ rules: [re2()] }), PATH),
      method: field(method(), METHOD),
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
