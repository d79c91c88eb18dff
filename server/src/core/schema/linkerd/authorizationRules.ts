import { at, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Report, Rule, RuleContext } from '../rule.ts';
import {
  canonicalKind,
  GATEWAY_GROUP,
  groupFixes,
  POLICY_GROUP,
  pointsAt,
  type ReferenceTarget,
} from './references.ts';

/** What the policy controller refuses in an AuthorizationPolicy. */

const SOURCE = 'linkerd/linkerd2@edge-26.8.3:policy-controller/runtime/src/admission.rs';

const TARGETS: readonly ReferenceTarget[] = [
  { group: POLICY_GROUP, kind: 'Server' },
  { group: POLICY_GROUP, kind: 'HTTPRoute' },
  { group: GATEWAY_GROUP, kind: 'HTTPRoute' },
  { group: GATEWAY_GROUP, kind: 'GRPCRoute' },
  { group: '', kind: 'Namespace' },
];
const NAMESPACE: ReferenceTarget = { group: '', kind: 'Namespace' };
const MESH_TLS: ReferenceTarget = { group: POLICY_GROUP, kind: 'MeshTLSAuthentication' };
const NETWORK: ReferenceTarget = { group: POLICY_GROUP, kind: 'NetworkAuthentication' };
const SERVICE_ACCOUNT: ReferenceTarget = { group: '', kind: 'ServiceAccount' };

const TARGET_KIND: CheckFacts = {
  code: 'authorization-target-kind',
  severity: 'error',
  what: 'An AuthorizationPolicy points at a kind that cannot be authorized.',
  why: 'The Linkerd policy controller refuses the resource.',
  todo: 'Point at a Server, a Namespace (core group), an HTTPRoute or a GRPCRoute, with the right group.',
  peers: ['LKD:authz-target-kind'],
  source: SOURCE,
};

/** The groups in which a target of the referenced kind is: what the user most likely forgot or mixed up. */
function groupsFor(reference: YamlNode, targets: readonly ReferenceTarget[]): string[] {
  const kind = text(reference, 'kind')?.toLowerCase();
  return targets
    .filter((target) => target.kind.toLowerCase() === kind)
    .map(({ group }) => (group === '' ? 'core' : group));
}

/** Reports a reference whose kind fits with its group as the fault, and others with their kind. */
function reportKind(
  reference: YamlNode,
  targets: readonly ReferenceTarget[],
  texts: { start: string; kinds: string },
  report: Report,
  context: RuleContext,
): void {
  const groups = groupsFor(reference, targets);
  const kind = at(reference, 'kind') ?? reference;
  if (groups.length === 0) {
    report(kind, `${texts.start}: ${texts.kinds}`);
    return;
  }
  const hint = groups.map((group) => `\`group: ${group}\``).join(' or ');
  report(at(reference, 'group') ?? kind, `${texts.start}: this kind needs ${hint}.`, {
    fixes: groups.flatMap((group) => groupFixes(context.text, reference, group)),
  });
}

export const targetKind: Rule = {
  facts: TARGET_KIND,
  run(node, report, context) {
    if (pointsAt(node, TARGETS) !== false) return;
    const start = `An AuthorizationPolicy cannot target \`${canonicalKind(node)}\``;
    reportKind(
      node,
      TARGETS,
      { start, kinds: 'it takes a Server, Namespace, HTTPRoute or GRPCRoute.' },
      report,
      context,
    );
  },
};

const OTHER_NAMESPACE: CheckFacts = {
  code: 'authorization-other-namespace',
  severity: 'error',
  what: 'An AuthorizationPolicy targets a Namespace other than its own.',
  why: 'The Linkerd policy controller refuses it: policies hold for their own namespace only.',
  todo: 'Name the namespace of the policy, or create the policy in the other namespace.',
  peers: ['LKD:authz-targets-other-namespace'],
  source: SOURCE,
};

export const ownNamespace: Rule = {
  facts: OTHER_NAMESPACE,
  run(node, report, context) {
    const name = text(node, 'name');
    if (
      name === undefined ||
      context.namespace === undefined ||
      pointsAt(node, [NAMESPACE]) !== true ||
      name === context.namespace
    )
      return;
    report(
      at(node, 'name') ?? node,
      `The policy is in namespace \`${context.namespace}\` and cannot target namespace \`${name}\`.`,
    );
  },
};

const AUTHENTICATION_KIND: CheckFacts = {
  code: 'authentication-kind',
  severity: 'error',
  what: 'An AuthorizationPolicy requires something that is no authentication.',
  why: 'The Linkerd policy controller refuses the resource.',
  todo: 'Refer to a MeshTLSAuthentication or NetworkAuthentication (`group: policy.linkerd.io`) or to a ServiceAccount (core group).',
  peers: ['LKD:authz-ref-kind'],
  source: SOURCE,
};

const AUTHENTICATIONS = [MESH_TLS, NETWORK, SERVICE_ACCOUNT];

export const authenticationKind: Rule = {
  facts: AUTHENTICATION_KIND,
  run(node, report, context) {
    if (pointsAt(node, AUTHENTICATIONS) !== false) return;
    const start = `\`${canonicalKind(node)}\` cannot authenticate clients`;
    reportKind(
      node,
      AUTHENTICATIONS,
      { start, kinds: 'take a MeshTLSAuthentication, NetworkAuthentication or ServiceAccount.' },
      report,
      context,
    );
  },
};

const SEVERAL_AUTHENTICATIONS: CheckFacts = {
  code: 'several-authentications',
  severity: 'error',
  what: 'An AuthorizationPolicy requires two authentications of the same sort.',
  why: 'All required authentications must hold at once; the Linkerd policy controller takes at most one for the identity and one for the network, and refuses more.',
  todo: 'Join the alternatives in one MeshTLSAuthentication or NetworkAuthentication, or write several policies.',
  peers: ['LKD:authz-single-meshtls', 'LKD:authz-single-sa', 'LKD:authz-single-network'],
  source: SOURCE,
};

export const singleAuthentications: Rule = {
  facts: SEVERAL_AUTHENTICATIONS,
  run(node, report) {
    const references = items(node);
    const identities = references.filter((item) => pointsAt(item, [MESH_TLS, SERVICE_ACCOUNT]) === true);
    for (const extra of identities.slice(1)) {
      report(
        at(extra, 'kind') ?? extra,
        'Only one MeshTLSAuthentication or ServiceAccount can be required: a client has one identity. Join them in one MeshTLSAuthentication, where any of them will do.',
      );
    }
    const networks = references.filter((item) => pointsAt(item, [NETWORK]) === true);
    for (const extra of networks.slice(1)) {
      report(
        at(extra, 'kind') ?? extra,
        'Only one NetworkAuthentication can be required. List the networks in one of them, where any will do.',
      );
    }
  },
};
