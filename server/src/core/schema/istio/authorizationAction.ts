import { at, has, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { hasTcpOperation, operationsOf } from './authorizationOperation.ts';
import { hasTcpSource, isFilled, sourcesOf } from './authorizationSource.ts';

/** Rules about the action of an AuthorizationPolicy and what it goes with. */

const WEBHOOK = 'istio/istio pkg/config/validation/validation.go, ValidateAuthorizationPolicy';

const ACTION_WITHOUT_RULES: CheckFacts = {
  code: 'action-without-rules',
  severity: 'error',
  what: 'A DENY or CUSTOM policy without rules.',
  why: 'No rule means that nothing matches, so the policy would never act. The webhook of istiod refuses it.',
  todo: 'Add rules. To act on every request, write one empty rule: `rules: [{}]`.',
  source: WEBHOOK,
};

export const actionNeedsRules: Rule = {
  facts: ACTION_WITHOUT_RULES,
  needsWhole: true,
  run(node, report) {
    const action = text(node, 'action');
    if ((action !== 'DENY' && action !== 'CUSTOM') || isFilled(node, 'rules')) return;
    report(
      fieldNode(node, has(node, 'rules') ? 'rules' : 'action'),
      `A ${action} policy without rules never acts. Write \`rules: [{}]\` to ${action === 'DENY' ? 'deny' : 'check'} every request.`,
    );
  },
};

const CUSTOM_PROVIDER: CheckFacts = {
  code: 'custom-needs-provider',
  severity: 'error',
  what: 'The action CUSTOM and `provider` do not go together as they must.',
  why: 'CUSTOM asks an external authorizer, which `provider` names; other actions ask nobody. The webhook of istiod refuses the policy.',
  todo: 'Give `provider.name`, one of `meshConfig.extensionProviders`, with CUSTOM, and only then.',
  source: WEBHOOK,
};

export const customNeedsProvider: Rule = {
  facts: CUSTOM_PROVIDER,
  needsWhole: true,
  run(node, report) {
    const action = text(node, 'action') ?? (has(node, 'action') ? undefined : 'ALLOW');
    if (action === 'CUSTOM' && !at(node, 'provider')) {
      report(
        fieldNode(node, 'action'),
        'CUSTOM needs `provider.name`: which external authorizer to ask, one of `meshConfig.extensionProviders`.',
      );
    } else if (
      action === 'CUSTOM' &&
      (!has(fieldNode(node, 'provider'), 'name') || text(node, 'provider', 'name') === '')
    ) {
      report(
        fieldNode(node, 'provider'),
        '`provider` needs `name`: which external authorizer to ask, one of `meshConfig.extensionProviders`.',
      );
    } else if (action !== undefined && action !== 'CUSTOM' && has(node, 'provider')) {
      report(
        fieldNode(node, 'provider'),
        `\`provider\` is only for the action CUSTOM; ${action} decides by the rules alone.`,
      );
    }
  },
};

const CUSTOM_MATCH: CheckFacts = {
  code: 'custom-unsupported-match',
  severity: 'error',
  what: 'A CUSTOM policy matches by the identity of the caller or by token claims.',
  why: 'Istio does not support identities and tokens in CUSTOM policies, and the webhook of istiod refuses them.',
  todo: 'Match by paths, hosts, methods, ports or addresses, and leave identities to the authorizer or to an ALLOW or DENY policy beside this one.',
  source: WEBHOOK,
};

const IDENTITY_FIELDS = [
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'principals',
  'notPrincipals',
  'requestPrincipals',
  'notRequestPrincipals',
];
const IDENTITY_KEYS = ['source.namespace', 'source.serviceAccount', 'source.principal'];

export const customMatches: Rule = {
  facts: CUSTOM_MATCH,
  run(node, report) {
    if (text(node, 'action') !== 'CUSTOM') return;
    for (const rule of items(node, 'rules')) {
      for (const source of sourcesOf(rule)) {
        for (const name of IDENTITY_FIELDS) {
          if (isFilled(source, name))
            report(
              fieldNode(source, name),
              `\`${name}\` is not supported with the action CUSTOM; match by paths, hosts, methods, ports or addresses, and leave identities to the authorizer.`,
            );
        }
      }
      for (const condition of items(rule, 'when')) {
        const key = text(condition, 'key') ?? '';
        if (IDENTITY_KEYS.includes(key) || key.startsWith('request.auth.')) {
          report(
            fieldNode(condition, 'key'),
            `\`${key}\` is not supported with the action CUSTOM; leave identities and tokens to the authorizer.`,
          );
        }
      }
    }
  },
};

/** Whether a rule of a DENY says nothing that a plain TCP connection has, so that it holds for all of them. */
export function deniesTcp(rule: YamlNode): boolean {
  const from = sourcesOf(rule).length > 0;
  const to = operationsOf(rule).length > 0;
  return to ? !hasTcpOperation(rule) : from && !hasTcpSource(rule);
}
