import { at, items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { field, fragment, int, list, object, required } from '../define.ts';
import { kind } from '../kind.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import {
  CORE,
  canonicalKind,
  groupFixes,
  groupName,
  kindName,
  namespaceName,
  POLICY,
  POLICY_GROUP,
  pointsAt,
  resourceName,
  SERVICE_ACCOUNT_KIND,
} from './references.ts';

const SOURCE = 'linkerd/linkerd2@edge-26.8.3:policy-controller/runtime/src/admission.rs';

const TARGET_KIND: CheckFacts = {
  code: 'rate-limit-target-kind',
  severity: 'error',
  what: 'A rate limit on something other than a Server.',
  why: 'The Linkerd policy controller refuses the resource.',
  todo: 'Point at a Server, with `group: policy.linkerd.io`.',
  peers: ['LKD:ratelimit-target-kind'],
  source: SOURCE,
};

const targetsServer: Rule = {
  facts: TARGET_KIND,
  run(node, report, context) {
    if (pointsAt(node, [{ group: POLICY_GROUP, kind: 'Server' }]) !== false) return;
    const isServer = text(node, 'kind') === 'Server';
    report(
      at(node, 'kind') ?? node,
      `\`${canonicalKind(node)}\` cannot be rate-limited: only a Server with \`group: ${POLICY_GROUP}\` can.`,
      {
        fixes: isServer ? groupFixes(context.text, node, POLICY_GROUP) : [],
      },
    );
  },
};

const CLIENT_KIND: CheckFacts = {
  code: 'rate-limit-client-kind',
  severity: 'error',
  what: 'An override for a client that is no ServiceAccount.',
  why: 'The Linkerd policy controller refuses the resource.',
  todo: 'Refer to a ServiceAccount; leave `group` out.',
  peers: ['LKD:ratelimit-client-kind'],
  source: SOURCE,
};

const clientIsServiceAccount: Rule = {
  facts: CLIENT_KIND,
  run(node, report) {
    if (pointsAt(node, [{ group: '', kind: 'ServiceAccount' }]) !== false) return;
    report(
      at(node, 'kind') ?? node,
      `\`${canonicalKind(node)}\` cannot be a client here: clients are ServiceAccounts of the core group.`,
    );
  },
};

const RATE: CheckFacts = {
  code: 'rate-limit-value',
  severity: 'error',
  what: 'A rate of zero, or a rate of one client above the total.',
  why: 'The Linkerd policy controller refuses it: zero would shut the port, and a share above the total can never be reached.',
  todo: 'Give at least 1 request per second, and no more than `total`.',
  peers: ['LKD:ratelimit-zero', 'LKD:ratelimit-above-total'],
  source: SOURCE,
};

const rateAboveZero: Rule = {
  facts: RATE,
  run(node, report) {
    const rate = num(node);
    if (rate !== undefined && rate < 1)
      report(node, 'A limit must be at least 1 request per second; to refuse clients, use a policy.');
  },
};

const ratesWithinTotal: Rule = {
  facts: RATE,
  run(node, report) {
    const total = num(node, 'total', 'requestsPerSecond');
    if (total === undefined) return;
    const shares: (YamlNode | undefined)[] = [at(node, 'identity'), ...items(node, 'overrides')];
    for (const share of shares) {
      const rate = num(share, 'requestsPerSecond');
      const where = at(share, 'requestsPerSecond');
      if (where && rate !== undefined && rate > total)
        report(
          where,
          `${rate} requests per second of one client are more than the ${total} of all clients together (\`total\`).`,
        );
    }
  },
};

const rate = fragment(() => int({ rules: [rateAboveZero] }));

const limit = fragment(() =>
  object({
    requestsPerSecond: required(rate(), 'Requests per second that pass; what goes beyond is answered with 429.'),
  }),
);

export const httpLocalRateLimitPolicy = kind({
  project: 'linkerd',
  group: 'policy.linkerd.io',
  kind: 'HTTPLocalRateLimitPolicy',
  plural: 'httplocalratelimitpolicies',
  shortNames: [],
  scope: 'Namespaced',
  doc: 'Limits the requests per second to a Server; more are answered with 429. The count is kept by **each pod for itself**, so three replicas let three times as much through. A Server has at most one such policy. A Server that is created for the limit alone refuses all clients until a policy allows them.',
  reference: 'https://linkerd.io/2/reference/rate-limiting/',
  readBy: ['linkerd-proxy'],
  since: '2.17',
  versions: { v1alpha1: { served: true, storage: true, since: '2.17' } },
  specRequired: true,
  spec: () =>
    object(
      {
        targetRef: required(
          object(
            {
              group: field(
                groupName(POLICY),
                'The API group of the target, which for a Server is `policy.linkerd.io`.',
                {
                  default: 'core',
                },
              ),
              kind: required(
                kindName({ Server: 'One port of some pods.' }),
                'The kind of the target: `Server` is the only one that can be limited.',
              ),
              name: required(resourceName(), 'The name of the Server, in the same namespace.'),
            },
            { rules: [targetsServer] },
          ),
          'The Server whose requests are limited. It must speak HTTP.',
          { l7: true },
        ),
        total: field(limit(), 'The limit for all clients of a pod together.', { default: 'no limit' }),
        identity: field(limit(), 'The limit for each client identity. All clients without an identity share one.', {
          default: 'no limit',
        }),
        overrides: field(
          list(
            object({
              requestsPerSecond: required(
                rate(),
                'Requests per second that these clients may send, each of them, in place of `identity`.',
              ),
              clientRefs: required(
                list(
                  object(
                    {
                      group: field(
                        groupName(CORE),
                        'The API group of the reference. ServiceAccounts are in the core group, so leave it out.',
                        { default: 'core' },
                      ),
                      kind: required(kindName(SERVICE_ACCOUNT_KIND), 'The kind of client, always `ServiceAccount`.'),
                      namespace: field(namespaceName(), 'The namespace that the client runs in.', {
                        default: 'the namespace of the policy',
                      }),
                      name: required(resourceName(), 'The name of the ServiceAccount that the client runs as.'),
                    },
                    { rules: [clientIsServiceAccount] },
                  ),
                ),
                'The ServiceAccounts of the callers to which the other limit applies.',
              ),
            }),
          ),
          'Other limits for single clients.',
        ),
      },
      { rules: [ratesWithinTotal] },
    ),
});
