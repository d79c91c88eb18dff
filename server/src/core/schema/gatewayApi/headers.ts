import { text } from '../../yaml/access.ts';
import { field, fragment, list, object, required, string } from '../define.ts';
import { INVALID_REGEX, regexProblem } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { textOr } from './defaults.ts';

/** Names and values of HTTP headers, and the filters that change them. */

export const headerName = fragment(() =>
  string({
    min: 1,
    max: 256,
    pattern: /^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$/,
    means: 'the name of an HTTP header: letters, digits and dashes, no colon and no blank',
  }),
);

const HEADER_VALUE: CheckFacts = {
  code: 'header-value-invalid',
  severity: 'error',
  what: 'A header value with characters outside printable ASCII, or with blanks at its ends or in a row.',
  why: 'The experimental channel of the Gateway API refuses the route.',
  todo: 'Write visible ASCII characters with single blanks between them.',
  peers: ['CRD-SCHEMA'],
  source: 'Gateway API experimental CRDs, pattern of header values',
};

// The pattern of the CRD, `^[!-~]+([\t ]?[!-~]+)*$`, takes exponential time to refuse a text in a backtracking engine.
// These two say the same in linear time.
const VISIBLE = /^[\t -~]+$/;
const STRAY_BLANK = /^[\t ]|[\t ]$|[\t ]{2}/;

const plainHeaderValue: Rule = {
  facts: HEADER_VALUE,
  run(node, report, context) {
    const value = text(node);
    if (context.targets.gatewayApi.channel !== 'experimental' || value === undefined || value === '') return;
    if (!VISIBLE.test(value)) report(node, 'A header value may hold only printable ASCII characters.');
    else if (STRAY_BLANK.test(value)) {
      report(node, 'A header value must not begin or end with a blank, nor have several in a row.');
    }
  },
};

/** A header value that is written or compared; only the experimental channel looks at its characters. */
export const headerValue = fragment(() => string({ min: 1, max: 4096, rules: [plainHeaderValue] }));

/** For objects with `type` and `value`: a value of type `RegularExpression` must compile. */
export const regexByType: Rule = {
  facts: INVALID_REGEX,
  run(node, report) {
    if (textOr(node, 'type', '') !== 'RegularExpression') return;
    const value = text(node, 'value');
    const reason = value === undefined ? undefined : regexProblem(value);
    if (reason !== undefined) {
      report(
        fieldNode(node, 'value'),
        `RE2, the engine of Envoy and Linkerd, refuses this regular expression: ${reason}.`,
      );
    }
  },
};

const header = fragment(() =>
  object({
    name: required(headerName(), 'Which header to change, in any case.'),
    value: required(headerValue(), 'Literal text; there are no variables or placeholders.'),
  }),
);

export function headerModifier(message: 'request' | 'response') {
  const towards = message === 'request' ? 'before it goes to the backend' : 'before it goes back to the caller';
  return object({
    set: field(
      list(header(), { max: 16, mapKeys: ['name'] }),
      `Overwrites headers of the ${message} ${towards}, whatever their value was; absent ones are created.`,
    ),
    add: field(
      list(header(), { max: 16, mapKeys: ['name'] }),
      `Appends to headers of the ${message} ${towards}. A header that is there already keeps its value and gets this one as well.`,
    ),
    remove: field(
      list(string(), { max: 16, unique: true }),
      `Deletes headers from the ${message} ${towards}. Names are compared without regard to case.`,
    ),
  });
}

export const requestHeaderModifier = fragment(() => headerModifier('request'));
export const responseHeaderModifier = fragment(() => headerModifier('response'));
