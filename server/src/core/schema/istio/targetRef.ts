import { has, text } from '../../yaml/access.ts';
import { field, fragment, list, object, required, string } from '../define.ts';
import { changeTo } from '../fixes.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atMostOneOf, fieldNode } from '../rules.ts';

/** How Istio's policies attach to Gateway API objects, waypoints above all, instead of selecting pods by labels. */

const GROUPS_BY_KIND = new Map<string, readonly string[]>([
  ['Service', ['', 'core']],
  ['ServiceEntry', ['networking.istio.io']],
  ['Gateway', ['gateway.networking.k8s.io']],
  ['GatewayClass', ['gateway.networking.k8s.io']],
]);

const TARGET_KIND: CheckFacts = {
  code: 'target-ref-kind',
  severity: 'error',
  what: 'A `targetRef` to a group and kind that policies cannot attach to.',
  why: 'The webhook of istiod refuses the resource. Without the webhook the policy attaches to nothing and is enforced nowhere.',
  todo: 'Refer to a Service (group `""`), a ServiceEntry (`networking.istio.io`), or a Gateway or GatewayClass (`gateway.networking.k8s.io`).',
  source: 'istio/istio pkg/config/validation/validation.go, allowed policy targets',
};

const targetKind: Rule = {
  facts: TARGET_KIND,
  run(node, report) {
    const kind = text(node, 'kind');
    if (kind === undefined || kind === '') return;
    const groups = GROUPS_BY_KIND.get(kind);
    if (!groups) {
      report(
        fieldNode(node, 'kind'),
        `A policy cannot attach to a \`${kind}\`; it takes a Service, ServiceEntry, Gateway or GatewayClass.`,
      );
      return;
    }
    const group = has(node, 'group') ? text(node, 'group') : '';
    if (group === undefined || groups.includes(group)) return;
    const wanted = groups[0] ?? '';
    if (group === '') {
      report(
        fieldNode(node, 'kind'),
        `A \`${kind}\` needs \`group: ${wanted}\`; without a group, \`${kind}\` is looked up among the core Kubernetes kinds, which do not have it.`,
      );
      return;
    }
    const where = fieldNode(node, 'group');
    const rightGroup = wanted === '' ? '`""` (the core group)' : `\`${wanted}\``;
    const fix = changeTo(where, wanted, `Change the group to ${wanted === '' ? '""' : wanted}`);
    report(where, `A \`${kind}\` is of the group ${rightGroup}, not \`${group}\`.`, { fixes: [fix] });
  },
};

const TARGET_NAMESPACE: CheckFacts = {
  code: 'target-ref-namespace',
  severity: 'error',
  what: 'A `targetRef` with a namespace.',
  why: 'Policies attach to objects of their own namespace only; the API server refuses any other.',
  todo: 'Remove `namespace`, and create the policy in the namespace of its target.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRDs, CEL rule on .spec.targetRefs[].namespace',
};

const ownNamespaceOnly: Rule = {
  facts: TARGET_NAMESPACE,
  run(node, report, context) {
    const namespace = text(node);
    if (namespace === undefined || namespace === '') return;
    const advice =
      namespace === context.namespace
        ? 'it is that of the policy anyway, so leave it out'
        : `create the policy in \`${namespace}\` instead`;
    report(node, `A target is always of the policy's own namespace, and \`namespace\` must not be set; ${advice}.`);
  },
};

const GROUP = /^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const KIND = /^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;

const TARGET_GROUPS = {
  'gateway.networking.k8s.io': 'The group of Gateway (a waypoint is one, too) and GatewayClass.',
  '': 'The core group, which has Service.',
  'networking.istio.io': 'The group of ServiceEntry.',
};

const TARGET_KINDS = {
  Gateway: 'Everything that passes this gateway or waypoint. Needs `group: gateway.networking.k8s.io`.',
  Service: 'Requests addressed to this Service, enforced at its waypoint. Needs no group.',
  ServiceEntry: 'Requests addressed to its hosts, enforced at its waypoint. Needs `group: networking.istio.io`.',
  GatewayClass: 'All waypoints of the class; only from the root namespace. Needs `group: gateway.networking.k8s.io`.',
};

export const targetRef = fragment(() =>
  object(
    {
      group: field(
        string({
          max: 253,
          pattern: GROUP,
          means: 'an API group such as `gateway.networking.k8s.io`, or empty for the core group',
          suggest: TARGET_GROUPS,
        }),
        'API group of the target, without a version: `gateway.networking.k8s.io` for a Gateway or GatewayClass, `networking.istio.io` for a ServiceEntry, empty for a Service.',
        { default: '""' },
      ),
      kind: required(
        string({
          min: 1,
          max: 63,
          pattern: KIND,
          means: 'the name of a kind, such as `Service`',
          suggest: TARGET_KINDS,
        }),
        'What is targeted: `Service` or `ServiceEntry` (requests **addressed to it**, enforced at its waypoint), `Gateway` (everything that passes it) or `GatewayClass` (all waypoints; root namespace only).',
      ),
      name: required(
        string({ min: 1, max: 253 }),
        'Which object of that kind. It must exist in the namespace of the policy; a policy whose targets are all missing, or not bound to a waypoint, is enforced nowhere.',
      ),
      namespace: field(
        string({ rules: [ownNamespaceOnly] }),
        'Must stay empty: a policy can only reach objects of its own namespace.',
      ),
    },
    { rules: [targetKind] },
  ),
);

export const targetRefs = fragment(() => list(targetRef(), { max: 16 }));

const SELECTOR_AND_TARGETS: CheckFacts = {
  code: 'selector-with-target-refs',
  severity: 'error',
  what: 'A resource says in two ways what it is about: by a selector and by `targetRefs`.',
  why: 'Labels select pods, `targetRefs` attach to a waypoint or gateway; the API server refuses both together.',
  todo: 'Keep `targetRefs` for what a waypoint or Gateway API gateway enforces, or the selector for sidecars and ztunnel. Use two resources when both are needed.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRDs, CEL rule on .spec',
};

/** The rule of every `spec` that can be targeted: the named ways exclude each other. */
export function oneWayOfTargeting(names: readonly string[] = ['selector', 'targetRef', 'targetRefs']): Rule {
  return atMostOneOf(names, { facts: SELECTOR_AND_TARGETS });
}

/** `targetRefs` and its singular forerunner, for the kinds that have both; the same words fit all of them. */
export function targetFields() {
  return {
    targetRef: field(targetRef(), 'One object to attach to: the form that came before `targetRefs`, still read.', {
      deprecated: { note: 'The list `targetRefs` took its place.' },
      readBy: ['waypoint', 'gateway'],
    }),
    targetRefs: targetRefsField(),
  };
}

export function targetRefsField() {
  return field(
    targetRefs(),
    'The Services, ServiceEntries, Gateways or GatewayClasses to attach to, all in this namespace. This is how a **waypoint** or a Gateway API gateway takes the resource; sidecars and ztunnel ignore resources that use it.',
    { since: '1.22', readBy: ['waypoint', 'gateway'] },
  );
}
