import { at, entriesOf, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { field, fragment, list, map, object, string } from '../define.ts';
import { changeTo } from '../fixes.ts';
import type { CheckFacts, Fix, Rule } from '../rule.ts';
import { keysOf } from '../rules.ts';
import { headerValueProblem } from './headersValue.ts';

/** Headers that a route adds, sets or removes, and the rules for names of headers wherever routes have them. */

const SOURCE = 'istio/istio pkg/config/validation/validation.go, validation of HTTP header operations';

export const INVALID_HEADER_NAME: CheckFacts = {
  code: 'invalid-header-name',
  severity: 'error',
  what: 'A header that is nameless, has characters that no header has, or must not be changed at this place.',
  why: 'The webhook of istiod refuses the resource. `Host` and names with a colon belong to the request line; only requests can set the authority.',
  todo: 'Use letters, digits, `-` and `_`. To change the host, use `rewrite.authority`.',
  source: SOURCE,
};

const INVALID_HEADER_VALUE: CheckFacts = {
  code: 'invalid-header-value',
  severity: 'error',
  what: 'The value of a header has control characters or a `%` that begins no command such as `%REQ(x-id)%`.',
  why: 'Envoy reads `%…%` as a command and refuses the configuration when it is not closed; the webhook of istiod refuses the resource.',
  todo: 'Write a literal percent sign as `%%`.',
  source: 'istio/istio pkg/config/validation/header_value_validator.go',
};

const HEADER_NAME = /^[-_A-Za-z0-9]+$/;

/** Why a text cannot be the name of a header that is compared or listed. */
export function headerNameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty';
  return HEADER_NAME.test(name) ? undefined : 'a header name has only letters, digits, `-` and `_`';
}

export function isAuthority(name: string): boolean {
  return /^(?::authority|host)$/i.test(name);
}

/** Why a header must not be changed: `request` may set the authority, all else may not. */
function operationProblem(name: string, authorityAllowed: boolean): string | undefined {
  if (name === '') return 'A header needs a name; this one is empty.';
  if (authorityAllowed && isAuthority(name)) return undefined;
  if (/^host$/i.test(name)) {
    return `\`${name}\` cannot be changed here; to change the host of a request, use \`rewrite.authority\`.`;
  }
  return name.startsWith(':')
    ? `\`${name}\` cannot be changed here: names with a colon belong to HTTP itself.`
    : undefined;
}

function keysMayChange(authorityAllowed: boolean): Rule {
  return {
    facts: INVALID_HEADER_NAME,
    run(node, report) {
      for (const { key, node: where } of keysOf(node)) {
        const problem = operationProblem(key, authorityAllowed);
        if (problem) report(where, problem);
      }
    },
  };
}

const mayRemove: Rule = {
  facts: INVALID_HEADER_NAME,
  run(node, report) {
    const name = text(node);
    const problem = name === undefined ? undefined : operationProblem(name, false);
    if (problem) report(node, problem);
  },
};

const readableValue: Rule = {
  facts: INVALID_HEADER_VALUE,
  run(node, report) {
    const value = text(node);
    const problem = value === undefined ? undefined : headerValueProblem(value);
    if (problem && value !== undefined) {
      report(node, `This is no value for a header: ${problem}.`, { fixes: percentFix(node, value) });
    }
  },
};

/** A lone percent sign, as in `100%`, is doubled. Anything with more of them may be meant as a command. */
function percentFix(node: YamlNode, value: string): Fix[] {
  if (node.kind !== 'scalar' || node.style === 'literal' || node.style === 'folded') return [];
  return value.split('%').length === 2 ? [changeTo(node, value.replace('%', '%%'))] : [];
}

/** What can be done to the headers of one direction; `whose` says of what, as in "the request". */
function operations(authorityAllowed: boolean, whose: string) {
  const keys = keysMayChange(authorityAllowed);
  const values = () => map(string({ rules: [readableValue] }), { rules: [keys] });
  return object({
    set: field(values(), `Headers that ${whose} gets with exactly this value; a value that it came with is replaced.`),
    add: field(
      values(),
      `Values that are added to ${whose}; where it has the header already, it then has both values.`,
    ),
    remove: field(list(string({ rules: [mayRemove] })), `Headers that are taken away from ${whose}.`),
  });
}

export const headers = fragment(() =>
  object({
    request: field(
      operations(true, 'the request'),
      'What is changed in the headers of requests before they are sent on. Values may hold commands of Envoy such as `%DOWNSTREAM_REMOTE_ADDRESS%`.',
    ),
    response: field(
      operations(false, 'the response'),
      'What is changed in the headers of answers on their way back to the client.',
    ),
  }),
);

/** The entries of `headers.request` that set the authority, in the order in which istiod looks at them. */
export function authorityOperations(headersNode: YamlNode | undefined): YamlNode[] {
  return ['set', 'add'].flatMap((operation) =>
    entriesOf(at(headersNode, 'request', operation))
      .filter((entry) => isAuthority(entry.key.text))
      .map((entry) => entry.key),
  );
}
