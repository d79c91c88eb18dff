import { at, has, text } from '../../yaml/access.ts';
import { goDurationMs } from '../formats.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { groupFixes, POLICY_GROUP } from './references.ts';
import { parentKind } from './routeParents.ts';

/** Rules on parts of the policy.linkerd.io HTTPRoute alone. */

const UNKNOWN_PARENT: CheckFacts = {
  code: 'linkerd-route-parent',
  severity: 'warning',
  what: 'A policy.linkerd.io HTTPRoute names a parent that Linkerd does not route for.',
  why: 'The route is accepted and then never used. A common cause: without `group`, a Service is looked for in the group policy.linkerd.io, and without `kind` the parent is a Gateway.',
  todo: 'Use a Server or EgressNetwork (`group: policy.linkerd.io`) or a Service (`group: core`).',
  source: 'linkerd/linkerd2@edge-26.8.3: CRD HTTPRoute of policy.linkerd.io, defaults of .spec.parentRefs',
};

export const knownParent: Rule = {
  facts: UNKNOWN_PARENT,
  needsWhole: true,
  run(node, report, context) {
    if (['group', 'kind'].some((name) => has(node, name) && text(node, name) === undefined)) return;
    if (parentKind(node, POLICY_GROUP) !== undefined) return;
    const kind = text(node, 'kind');
    const where = at(node, 'kind') ?? at(node, 'name') ?? node;
    if (kind === undefined) {
      report(
        where,
        'Without `kind` the parent is a Gateway, for which Linkerd does not route; write `kind: Service`, `Server` or `EgressNetwork`.',
      );
    } else if (kind === 'Service') {
      const why = has(node, 'group')
        ? 'Services are in no other group.'
        : 'without it the group is policy.linkerd.io, which has no Services.';
      report(where, `A Service parent needs \`group: core\`; ${why}`, {
        fixes: groupFixes(context.text, node, 'core'),
      });
    } else if (kind === 'Server' || kind === 'EgressNetwork') {
      report(at(node, 'group') ?? where, `A ${kind} is in the group \`${POLICY_GROUP}\`.`, {
        fixes: groupFixes(context.text, node, POLICY_GROUP),
      });
    } else {
      report(where, `Linkerd does not route for a \`${kind}\`; parents are Server, Service and EgressNetwork.`);
    }
  },
};

export const BACKEND_PORT: CheckFacts = {
  code: 'linkerd-backend-port',
  severity: 'warning',
  what: 'A backend Service of a route for Linkerd has no port.',
  why: 'In a policy.linkerd.io HTTPRoute, requests that would go to it are answered with 500; in the routes of the Gateway API, the route is refused.',
  todo: 'Add the port of the Service.',
  peers: ['LKD:backend-service-needs-port'],
  source: 'linkerd/linkerd2@edge-26.8.3:policy-controller/k8s/index/src/outbound/index/http.rs',
};

export const portOfBackend: Rule = {
  facts: BACKEND_PORT,
  needsWhole: true,
  run(node, report) {
    if (has(node, 'port') || (has(node, 'kind') && text(node, 'kind') !== 'Service')) return;
    if (has(node, 'group') && !['', 'core'].includes(text(node, 'group') ?? '?')) return;
    report(at(node, 'name') ?? node, 'A backend Service needs `port`; without it, its requests are answered with 500.');
  },
};

const TIMEOUT_ORDER: CheckFacts = {
  code: 'backend-timeout-above-request',
  severity: 'error',
  what: 'The time for one try is longer than the time for the whole request.',
  why: 'The Linkerd policy controller refuses the route.',
  todo: 'Make `backendRequest` at most as long as `request`.',
  peers: ['LKD:timeouts'],
  source: 'linkerd/linkerd2@edge-26.8.3:policy-controller/runtime/src/admission.rs',
};

export const timeoutsInOrder: Rule = {
  facts: TIMEOUT_ORDER,
  run(node, report) {
    const [request, backend] = [text(node, 'request'), text(node, 'backendRequest')];
    if (request === undefined || backend === undefined) return;
    const [requestMs, backendMs] = [goDurationMs(request), goDurationMs(backend)];
    if (requestMs === undefined || backendMs === undefined || requestMs < 0 || backendMs < 0 || backendMs <= requestMs)
      return;
    report(
      at(node, 'backendRequest') ?? node,
      `\`backendRequest\` (${backend}) must not be longer than \`request\` (${request}), which includes it.`,
    );
  },
};
