import { asMap, asSeq, at, entriesOf, has } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { field, fragment, list, object, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode, presentOf } from '../rules.ts';
import { ipBlock, notEmpty, serviceAccount } from './authorizationValues.ts';
import { noInnerWildcard, principalForm, principalScheme } from './principal.ts';

/** `from.source`: who a request comes from. All fields that are set must match; within a field, one value is enough. */

const PEER_FIELDS = [
  'principals',
  'notPrincipals',
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'ipBlocks',
  'notIpBlocks',
  'trustDomains',
  'notTrustDomains',
];
/** What makes a DENY rule say something about plain TCP too: facts of the connection. */
export const TCP_SOURCE_FIELDS = [...PEER_FIELDS, 'remoteIpBlocks', 'notRemoteIpBlocks'];
export const SOURCE_FIELDS = [...TCP_SOURCE_FIELDS, 'requestPrincipals', 'notRequestPrincipals'];

/** True when a list field is there with at least one item, or with contents that a template fills in. */
export function isFilled(node: YamlNode, name: string): boolean {
  const value = at(node, name);
  const list = asSeq(value);
  return list ? list.items.length > 0 : value !== undefined;
}

const SERVICE_ACCOUNTS_ALONE: CheckFacts = {
  code: 'service-accounts-with-principals',
  severity: 'error',
  what: 'A source names `serviceAccounts` together with `principals` or `namespaces`.',
  why: 'A service account already says namespace and identity; the API server refuses the combination.',
  todo: 'Keep one of them, or use two `from` items when either may match.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRD AuthorizationPolicy, CEL rule on .spec.rules[].from[].source',
};

const serviceAccountsAlone: Rule = {
  facts: SERVICE_ACCOUNTS_ALONE,
  run(node, report) {
    const [account] = presentOf(node, ['serviceAccounts', 'notServiceAccounts']);
    if (account === undefined) return;
    for (const name of presentOf(node, ['principals', 'notPrincipals', 'namespaces', 'notNamespaces'])) {
      report(
        fieldNode(node, name),
        `\`${name}\` cannot stand beside \`${account}\`, which already says namespace and identity; use a second \`from\` item.`,
      );
    }
  },
};

const EMPTY_SOURCE: CheckFacts = {
  code: 'empty-source',
  severity: 'error',
  what: 'A `from` of an authorization rule that says nothing about the source.',
  why: 'The webhook of istiod refuses the policy, because an empty source would match everybody.',
  todo: 'Name who may call, for example in `principals` or `namespaces`. To match every source, leave `from` out.',
  source: 'istio/istio pkg/config/validation/validation.go, ValidateAuthorizationPolicy',
};

const sourceNotEmpty: Rule = {
  facts: EMPTY_SOURCE,
  needsWhole: true,
  run(node, report) {
    // Fields that do not exist are told apart from an empty source, which they would leave behind.
    if (entriesOf(node).some((entry) => !SOURCE_FIELDS.includes(entry.key.text))) return;
    if (SOURCE_FIELDS.some((name) => isFilled(node, name))) return;
    report(
      node,
      '`source` must name at least one value, in `principals`, `namespaces` or another of its fields; leave `from` out to match every source.',
    );
  },
};

const fromNeedsSource: Rule = {
  facts: EMPTY_SOURCE,
  needsWhole: true,
  run(node, report) {
    if (!has(node, 'source')) report(node, 'An item of `from` needs a `source`.');
  },
};

const fromNotEmpty: Rule = {
  facts: EMPTY_SOURCE,
  needsWhole: true,
  run(node, report) {
    if (asSeq(node)?.items.length === 0)
      report(node, '`from` must not be an empty list; leave it out to match every source.');
  },
};

const INVENTED_FIELD: CheckFacts = {
  code: 'invented-source-field',
  severity: 'error',
  what: 'A source of an AuthorizationPolicy is described by labels or another thing that proxies cannot know.',
  why: 'There is no such field. The API server drops it without a word, and what is left of the source may match everybody or nobody.',
  todo: 'Name the identity of the workloads: their ServiceAccount in `serviceAccounts` or `principals`, or their `namespaces`.',
  source: 'istio/api AuthorizationPolicy Source',
};

const INVENTED = new Map<string, string>([
  ['matchLabels', 'labels'],
  ['labels', 'labels'],
  ['selector', 'labels'],
  ['podSelector', 'labels'],
  ['labelSelector', 'labels'],
  ['workloadSelector', 'labels'],
  ['sourceLabels', 'labels'],
  ['app', 'labels'],
  ['workload', 'the name of a workload'],
  ['workloads', 'the name of a workload'],
  ['service', 'the name of a Service'],
  ['services', 'the name of a Service'],
  ['host', 'a host name'],
  ['hosts', 'a host name'],
  ['namespaceSelector', 'labels of a namespace'],
]);

const inventedFields: Rule = {
  facts: INVENTED_FIELD,
  run(node, report) {
    for (const { key } of entriesOf(node)) {
      const what = INVENTED.get(key.text);
      if (what === undefined) continue;
      const instead =
        key.text === 'namespaceSelector'
          ? 'list the names in `namespaces`'
          : 'name the ServiceAccount of the callers in `serviceAccounts` or `principals`, or their `namespaces`';
      report(
        key,
        `A source cannot be described by ${what}: \`${key.text}\` does not exist here, because the proxy knows only the caller's identity and address. Instead, ${instead}.`,
      );
    }
  },
};

const identity = fragment(() => list(string({ rules: [notEmpty, noInnerWildcard, principalScheme, principalForm] })));
const address = fragment(() => list(string({ rules: [notEmpty, ipBlock] })));
const pattern = fragment(() => list(string({ rules: [notEmpty, noInnerWildcard] })));
const account = fragment(() => list(string({ max: 320, rules: [notEmpty, serviceAccount] }), { max: 16 }));
const L7 = { l7: true, readBy: ['waypoint', 'sidecar', 'gateway'] } as const;

const source = fragment(() =>
  object(
    {
      principals: field(
        identity(),
        'Identities of the calling workloads, from their certificates: `cluster.local/ns/shop/sa/web`, without `spiffe://`. A `*` may stand at one end; `*` alone means any caller with a mesh identity. Plain-text callers never match.',
      ),
      notPrincipals: field(
        identity(),
        "Identities that must **not** be the caller's. Callers without any identity match too, since they have none of these.",
      ),
      requestPrincipals: field(
        pattern(),
        'Identities from a validated JWT, as `<issuer>/<subject>`; `*` means any valid token. Needs a RequestAuthentication, which validates the token.',
        L7,
      ),
      notRequestPrincipals: field(
        pattern(),
        "Token identities that must not be the request's. With `*` it means requests **without** a valid token, the usual way to demand one in a DENY policy.",
        L7,
      ),
      namespaces: field(
        pattern(),
        'Namespaces of the calling workloads, taken from their certificates. Callers without mutual TLS never match.',
      ),
      notNamespaces: field(
        pattern(),
        "Namespaces that must not be the caller's. Callers without mutual TLS match too.",
      ),
      serviceAccounts: field(
        account(),
        'ServiceAccounts of the callers as `name` (same namespace as the policy) or `namespace/name`, in any trust domain. Simpler than `principals`, and exact.',
        { since: '1.25' },
      ),
      notServiceAccounts: field(
        account(),
        "ServiceAccounts that must not be the caller's, as `name` or `namespace/name`. Callers without mutual TLS match too.",
        { since: '1.25' },
      ),
      ipBlocks: field(
        address(),
        'Addresses or networks of the **direct peer** on the wire. Behind a load balancer, gateway or waypoint that is the proxy before, not the client.',
      ),
      notIpBlocks: field(address(), 'Addresses or networks that the direct peer must not have.'),
      remoteIpBlocks: field(
        address(),
        'Addresses or networks of the original client, from `X-Forwarded-For` or the PROXY protocol. Only as trustworthy as `gatewayTopology.numTrustedProxies` is right.',
        L7,
      ),
      notRemoteIpBlocks: field(address(), 'Addresses or networks that the original client must not have.', L7),
      trustDomains: field(
        pattern(),
        'Trust domains of the callers, such as `cluster.local`. ztunnel does not evaluate the field: there an ALLOW rule becomes broader.',
        { since: '1.30', readBy: ['waypoint', 'sidecar', 'gateway'] },
      ),
      notTrustDomains: field(pattern(), 'Trust domains that the caller must not be from. Not evaluated by ztunnel.', {
        since: '1.30',
        readBy: ['waypoint', 'sidecar', 'gateway'],
      }),
    },
    { rules: [serviceAccountsAlone, inventedFields, sourceNotEmpty] },
  ),
);

export const from = fragment(() =>
  list(
    object(
      { source: field(source(), 'Properties of the caller; all that are set must match.') },
      { rules: [fromNeedsSource] },
    ),
    { max: 512, rules: [fromNotEmpty] },
  ),
);

/** True when the rule's sources say anything that also holds for plain TCP connections. */
export function hasTcpSource(rule: YamlNode): boolean {
  return sourcesOf(rule).some((node) => TCP_SOURCE_FIELDS.some((name) => has(node, name)));
}

export function sourcesOf(rule: YamlNode): YamlNode[] {
  return (asSeq(at(rule, 'from'))?.items ?? []).flatMap((item) => {
    const node = at(item, 'source');
    return node && asMap(node) ? [node] : [];
  });
}
