import { asScalar, at, text } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import { choice, field, fragment, object, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { textOr } from './defaults.ts';
import { regexByType } from './headers.ts';
import { crdRule } from './names.ts';

/** The path of a request as an HTTPRoute compares it. */

const RELATIVE: CheckFacts = {
  code: 'path-not-absolute',
  severity: 'error',
  what: 'A path to compare that does not begin with `/`.',
  why: 'Request paths always begin with `/`, so it could never match; the API server refuses the route.',
  todo: 'Put a `/` in front.',
  peers: [
    'CRD-CEL',
    crdRule('value-must-be-an-absolute-path-and-start-with-when-type-one-of-exact-pathprefix'),
    'LKD:relative-path',
  ],
  source: 'Gateway API CRDs, CEL rule on .spec.rules[].matches[].path',
};

const BAD_PATH: CheckFacts = {
  code: 'path-match-invalid',
  severity: 'error',
  what: 'A path to compare that no normalized request can have.',
  why: 'Proxies resolve `//`, `/./` and `/../` before they compare, and fragments and encoded slashes are not part of a path, so it could never match; the API server refuses the route.',
  todo: 'Write the path as the backend sees it, with special characters percent-encoded. For patterns use `type: RegularExpression`.',
  peers: [
    'CRD-CEL',
    crdRule('must-not-contain-when-type-one-of-exact-pathprefix'),
    crdRule('must-not-contain-dot-segment-when-type-one-of-exact-pathprefix'),
    crdRule('must-not-end-with-slash-dot-when-type-one-of-exact-pathprefix'),
    crdRule('must-only-contain-valid-characters'),
  ],
  source: 'Gateway API CRDs, CEL rules on .spec.rules[].matches[].path',
};

const FORBIDDEN = ['//', '/./', '/../', '%2f', '%2F', '#'];
const FORBIDDEN_ENDS = ['/..', '/.'];
const PATH_CHARACTERS = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/;

/** The path when it is compared literally; undefined when it is absent, templated or a regular expression. */
function literalPath(node: Parameters<Rule['run']>[0]): string | undefined {
  const type = textOr(node, 'type', 'PathPrefix');
  return type === 'PathPrefix' || type === 'Exact' ? text(node, 'value') : undefined;
}

export const absolutePath: Rule = {
  facts: RELATIVE,
  run(node, report) {
    const path = literalPath(node);
    const scalar = asScalar(at(node, 'value'));
    if (path === undefined || !scalar || path.startsWith('/')) return;
    report(scalar, `\`${path}\` must begin with \`/\`: the paths of requests always do.`, {
      fixes: [{ title: `Change to \`/${path}\``, safe: false, edits: [replaceScalar(scalar, `/${path}`)] }],
    });
  },
};

export const normalPath: Rule = {
  facts: BAD_PATH,
  run(node, report) {
    const path = literalPath(node);
    const value = at(node, 'value');
    if (path === undefined || !value) return;
    const inside = FORBIDDEN.find((part) => path.includes(part));
    const end = FORBIDDEN_ENDS.find((part) => path.endsWith(part));
    if (inside !== undefined) report(value, `A path must not contain \`${inside}\`: a normalized request never does.`);
    else if (end !== undefined) report(value, `A path must not end with \`${end}\`: a normalized request never does.`);
    else if (!PATH_CHARACTERS.test(path)) {
      report(
        value,
        "A path may hold letters, digits and `-/._~!$&'()*+,;=:@`; encode anything else as `%` and two hexadecimal digits.",
      );
    }
  },
};

export const pathMatch = fragment(() =>
  object(
    {
      type: field(
        choice({
          Exact: 'The whole path is equal, in the same case and without the query.',
          PathPrefix:
            'The path begins with these segments: `/shop` matches `/shop` and `/shop/cart`, but not `/shopping`.',
          RegularExpression:
            'The whole path matches the RE2 expression, not only a part of it. Support is up to the implementation; Istio and Linkerd have it.',
        }),
        'How `value` is compared with the path.',
        { default: 'PathPrefix' },
      ),
      value: field(
        string({ max: 1024 }),
        'Path to compare with: absolute and percent-encoded, or an expression for type `RegularExpression`.',
        {
          default: '/',
        },
      ),
    },
    { rules: [absolutePath, normalPath, regexByType] },
  ),
);
