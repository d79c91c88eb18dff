import { asScalar, at, has, items, text } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import type { CheckFacts, Fix, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { crdRule } from './names.ts';

/** Filters are told apart by `type`, and each type is configured in a field of its own. */
export type FilterFields = Readonly<Record<string, string>>;

/** All filters of an HTTPRoute; GRPCRoutes have some of them. */
export const HTTP_FILTER_FIELDS = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  CORS: 'cors',
  ExternalAuth: 'externalAuth',
  ExtensionRef: 'extensionRef',
} as const;

const pairs = Object.entries(HTTP_FILTER_FIELDS).map(
  ([type, name]) => [type.toLowerCase(), name.toLowerCase()] as const,
);

const NEEDS_FIELD: CheckFacts = {
  code: 'filter-needs-settings',
  severity: 'error',
  what: 'A filter whose `type` has no settings beside it.',
  why: 'The API server refuses the route.',
  todo: 'Add the field that belongs to the type, such as `requestRedirect` for `RequestRedirect`.',
  peers: [
    'CRD-CEL',
    ...pairs.map(([type, name]) => crdRule(`filter-${name}-must-be-specified-for-${type}-filter-type`)),
  ],
  source: 'Gateway API CRDs, CEL rules on .spec.rules[].filters[]',
};

const OTHER_TYPE: CheckFacts = {
  code: 'filter-type-mismatch',
  severity: 'error',
  what: 'A filter has settings that belong to another `type` than its own.',
  why: 'The API server refuses the route. One filter does one thing.',
  todo: 'Correct `type`, or move the settings to a filter of their own.',
  peers: [
    'CRD-CEL',
    ...pairs.map(([type, name]) => crdRule(`filter-${name}-must-be-nil-if-the-filter-type-is-not-${type}`)),
  ],
  source: 'Gateway API CRDs, CEL rules on .spec.rules[].filters[]',
};

function settingsOf(fields: FilterFields, type: string): string | undefined {
  return Object.hasOwn(fields, type) ? fields[type] : undefined;
}

/** Each type has its settings, for the object that is one filter. */
function needsSettings(fields: FilterFields): Rule {
  return {
    facts: NEEDS_FIELD,
    needsWhole: true,
    run(node, report) {
      const type = text(node, 'type');
      const name = type === undefined ? undefined : settingsOf(fields, type);
      if (name === undefined || has(node, name)) return;
      report(fieldNode(node, 'type'), `A filter of type \`${type}\` needs \`${name}\`, where it says what to do.`);
    },
  };
}

function noOtherSettings(fields: FilterFields): Rule {
  return {
    facts: OTHER_TYPE,
    run(node, report) {
      const type = text(node, 'type');
      if (type === undefined || settingsOf(fields, type) === undefined) return;
      const present = Object.entries(fields).filter(([, name]) => has(node, name));
      for (const [owner, name] of present) {
        if (owner === type) continue;
        const scalar = asScalar(at(node, 'type'));
        const fixes: Fix[] =
          scalar && present.length === 1
            ? [{ title: `Change \`type\` to \`${owner}\``, safe: false, edits: [replaceScalar(scalar, owner)] }]
            : [];
        report(
          fieldNode(node, name),
          `\`${name}\` belongs to filters of type \`${owner}\`, and this one is a \`${type}\`.`,
          { fixes },
        );
      }
    },
  };
}

export function filterFieldRules(fields: FilterFields): Rule[] {
  return [needsSettings(fields), noOtherSettings(fields)];
}

const REPEATED: CheckFacts = {
  code: 'filter-repeated',
  severity: 'error',
  what: 'A filter type that may stand only once in a list of filters stands there several times.',
  why: 'The order of filters is not defined, so two of the same type could not be told apart; the API server refuses the route.',
  todo: 'Merge them into one filter.',
  peers: ['CRD-CEL', ...pairs.map(([type]) => crdRule(`${type}-filter-cannot-be-repeated`))],
  source: 'Gateway API CRDs, CEL rules on .spec.rules[].filters',
};

/** The named types stand at most once, for the list of filters. */
export function notRepeated(types: readonly string[]): Rule {
  return {
    facts: REPEATED,
    run(node, report) {
      const seen = new Set<string>();
      for (const filter of items(node)) {
        const type = text(filter, 'type');
        if (type === undefined || !types.includes(type)) continue;
        if (seen.has(type))
          report(
            fieldNode(filter, 'type'),
            `There is already a filter of type \`${type}\` in this list; merge the two.`,
          );
        seen.add(type);
      }
    },
  };
}

const REDIRECT_AND_REWRITE: CheckFacts = {
  code: 'redirect-with-rewrite',
  severity: 'error',
  what: 'A redirect and a rewrite among the filters of one rule or backend.',
  why: 'A redirected request never reaches a backend, so there is nothing to rewrite; the API server refuses the route.',
  todo: 'Keep one of the two. A redirect can change host and path by itself.',
  peers: ['CRD-CEL', crdRule('may-specify-either-httproutefilterrequestredirect-or-httproutefilterrequestrewrite')],
  source: 'Gateway API CRDs, CEL rules on .spec.rules[].filters',
};

/** Not both a redirect and a rewrite, for the list of filters. */
export const redirectOrRewrite: Rule = {
  facts: REDIRECT_AND_REWRITE,
  run(node, report) {
    const types = items(node).map((filter) => text(filter, 'type'));
    const rewrite = types.indexOf('URLRewrite');
    if (rewrite === -1 || !types.includes('RequestRedirect')) return;
    const filter = items(node)[rewrite];
    if (filter)
      report(
        fieldNode(filter, 'type'),
        'A `URLRewrite` cannot stand beside a `RequestRedirect`: a redirected request is answered at once.',
      );
  },
};
