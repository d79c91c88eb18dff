import { at, has, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Report, Rule } from '../rule.ts';
import { BACKEND_PORT } from './policyRoute.ts';
import { GATEWAY_GROUP, POLICY_GROUP } from './references.ts';
import { parentKind, parentsOf } from './routeParents.ts';

/**
 * What Linkerd's policy controller refuses in routes, beyond what the CRDs say. It looks at every route of the cluster,
 * whoever it is meant for; we complain only about those that name one of Linkerd's parents. The annotations of routes
 * are checked with all other mesh metadata.
 */
const SOURCE = 'linkerd/linkerd2@edge-26.8.3:policy-controller/runtime/src/admission.rs';

function isLinkerds(root: YamlNode, group: string): boolean {
  return parentsOf(root).some((parent) => {
    const kind = parentKind(parent, group);
    return kind === 'server' || kind === 'egress-network';
  });
}

const EGRESS_PORT: CheckFacts = {
  code: 'egress-parent-needs-port',
  severity: 'error',
  what: 'A route has an EgressNetwork as its parent and does not say the port.',
  why: 'The Linkerd policy controller refuses the route.',
  todo: 'Add `port` to the parent, such as 443.',
  peers: ['LKD:egress-parent-needs-port'],
  source: SOURCE,
};

function egressParentPort(group: string): Rule {
  return {
    facts: EGRESS_PORT,
    needsWhole: true,
    run(root, report) {
      for (const parent of parentsOf(root)) {
        if (parentKind(parent, group) !== 'egress-network' || has(parent, 'port')) continue;
        report(
          at(parent, 'kind') ?? parent,
          'An EgressNetwork as parent needs `port`, the port that the traffic leaves on.',
        );
      }
    },
  };
}

const SINGLE_RULE: CheckFacts = {
  code: 'single-rule-route',
  severity: 'error',
  what: 'A TLSRoute or TCPRoute for Linkerd with no rule or more than one.',
  why: 'Such a rule has no conditions, so that only one can apply; the Linkerd policy controller refuses others.',
  todo: 'Keep one rule; for TLS, write a route for each set of host names.',
  peers: ['LKD:single-rule'],
  source: SOURCE,
};

/** Only `v1alpha2` of these kinds, which is the version that Linkerd reads, takes several rules at all. */
const singleRule: Rule = {
  facts: SINGLE_RULE,
  needsWhole: true,
  run(root, report, context) {
    const rules = at(root, 'spec', 'rules');
    const count = items(root, 'spec', 'rules').length;
    if (!rules || count === 1 || context.version !== 'v1alpha2' || !isLinkerds(root, GATEWAY_GROUP)) return;
    report(rules, `Linkerd takes exactly one rule in this kind of route, and here are ${count}.`);
  },
};

const RELATIVE_PATH: CheckFacts = {
  code: 'relative-route-path',
  severity: 'error',
  what: 'A route for Linkerd matches or redirects to a path that does not begin with a slash.',
  why: 'No request has such a path; the Linkerd policy controller refuses the route.',
  todo: 'Begin the path with `/`.',
  peers: ['LKD:relative-path', 'LKD:relative-redirect-path'],
  source: 'linkerd/linkerd2@edge-26.8.3:policy-controller/k8s/index/src/routes/http.rs',
};

function absolute(node: YamlNode | undefined, report: Report): void {
  const path = text(node);
  if (!node || path === undefined || path.startsWith('/')) return;
  report(node, `\`${path}\` is not an absolute path; begin it with \`/\`.`, {
    fixes: [{ title: 'Put a slash in front', safe: false, edits: [slashBefore(node)] }],
  });
}

function slashBefore(node: YamlNode) {
  const quoted = node.kind === 'scalar' && (node.style === 'single' || node.style === 'double') ? 1 : 0;
  return { span: { start: node.start + quoted, end: node.start + quoted }, text: '/' };
}

function absoluteRedirects(group: string): Rule {
  return {
    facts: RELATIVE_PATH,
    run(root, report) {
      if (group === GATEWAY_GROUP && !isLinkerds(root, group)) return;
      for (const filter of items(root, 'spec', 'rules').flatMap((rule) => items(rule, 'filters'))) {
        absolute(at(filter, 'requestRedirect', 'path', 'replaceFullPath'), report);
        absolute(at(filter, 'requestRedirect', 'path', 'replacePrefixMatch'), report);
      }
    },
  };
}

/** For the routes of the Gateway API, the API server checks this itself. */
const absoluteMatches: Rule = {
  facts: RELATIVE_PATH,
  run(root, report) {
    for (const match of items(root, 'spec', 'rules').flatMap((rule) => items(rule, 'matches'))) {
      if (text(match, 'path', 'type') !== 'RegularExpression') absolute(at(match, 'path', 'value'), report);
    }
  },
};

/** The API server checks this for the empty group; Linkerd writes the same group as `core`. */
const coreBackendPort: Rule = {
  facts: BACKEND_PORT,
  needsWhole: true,
  run(root, report) {
    for (const rule of items(root, 'spec', 'rules')) {
      for (const backend of items(rule, 'backendRefs')) {
        if (
          text(backend, 'group') !== 'core' ||
          (text(backend, 'kind') ?? 'Service') !== 'Service' ||
          has(backend, 'port')
        )
          continue;
        report(
          at(backend, 'name') ?? backend,
          'A backend Service needs `port`; Linkerd refuses the route without it.',
          { severity: 'error' },
        );
      }
    }
  },
};

const MIXED_PARENTS: CheckFacts = {
  code: 'route-on-server-and-service',
  severity: 'warning',
  what: 'One route is attached to a Server and to a Service.',
  why: 'Under a Server it is about policy for inbound requests, under a Service about where clients send theirs. Its filters, backends and matches then serve two ends, and a change for one breaks the other.',
  todo: 'Write one route for the Server and one for the Service.',
  source: 'linkerd/linkerd2@edge-26.8.3:policy-controller/k8s/index, inbound and outbound',
};

function unmixedParents(group: string): Rule {
  return {
    facts: MIXED_PARENTS,
    run(root, report) {
      const kinds = new Set(parentsOf(root).map((parent) => parentKind(parent, group)));
      if (!kinds.has('server') || !(kinds.has('service') || kinds.has('egress-network'))) return;
      const server = parentsOf(root).find((parent) => parentKind(parent, group) === 'server');
      if (server)
        report(
          at(server, 'kind') ?? server,
          'The route is attached to this Server and to a Service or EgressNetwork as well, which mixes inbound policy with outbound routing; write two routes.',
        );
    },
  };
}

/** For policy.linkerd.io HTTPRoute. */
export const policyRouteAdmission: readonly Rule[] = [
  egressParentPort(POLICY_GROUP),
  unmixedParents(POLICY_GROUP),
  absoluteMatches,
  absoluteRedirects(POLICY_GROUP),
];

/** For the routes of gateway.networking.k8s.io; each takes the root of the resource. */
export const httpRouteAdmission: readonly Rule[] = [
  egressParentPort(GATEWAY_GROUP),
  unmixedParents(GATEWAY_GROUP),
  absoluteRedirects(GATEWAY_GROUP),
  coreBackendPort,
];
export const grpcRouteAdmission: readonly Rule[] = [
  egressParentPort(GATEWAY_GROUP),
  unmixedParents(GATEWAY_GROUP),
  coreBackendPort,
];
export const tlsRouteAdmission: readonly Rule[] = [egressParentPort(GATEWAY_GROUP), singleRule];
export const tcpRouteAdmission: readonly Rule[] = [egressParentPort(GATEWAY_GROUP), singleRule];
