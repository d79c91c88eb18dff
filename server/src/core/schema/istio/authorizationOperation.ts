import { asMap, asSeq, at, has } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { field, fragment, list, object, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { isFilled } from './authorizationSource.ts';
import { HTTP_METHODS, httpMethod, notEmpty, pathCanMatch, pathTemplate, portNumber } from './authorizationValues.ts';
import { noInnerWildcard } from './principal.ts';

/** `to.operation`: what a request asks for. All fields that are set must match; within a field, one value is enough. */

const TCP_OPERATION_FIELDS = ['ports', 'notPorts'];
const OPERATION_FIELDS = [...TCP_OPERATION_FIELDS, 'hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'];

const EMPTY_OPERATION: CheckFacts = {
  code: 'empty-operation',
  severity: 'error',
  what: 'A `to` of an authorization rule that says nothing about the request.',
  why: 'The webhook of istiod refuses the policy, because an empty operation would match everything.',
  todo: 'Name ports, hosts, methods or paths. To match every request, leave `to` out.',
  source: 'istio/istio pkg/config/validation/validation.go, ValidateAuthorizationPolicy',
};

const operationNotEmpty: Rule = {
  facts: EMPTY_OPERATION,
  needsWhole: true,
  run(node, report) {
    if (OPERATION_FIELDS.some((name) => isFilled(node, name))) return;
    report(
      node,
      '`operation` must name at least one port, host, method or path; leave `to` out to match every request.',
    );
  },
};

const toNeedsOperation: Rule = {
  facts: EMPTY_OPERATION,
  needsWhole: true,
  run(node, report) {
    if (!has(node, 'operation')) report(node, 'An item of `to` needs an `operation`.');
  },
};

const toNotEmpty: Rule = {
  facts: EMPTY_OPERATION,
  needsWhole: true,
  run(node, report) {
    if (asSeq(node)?.items.length === 0)
      report(node, '`to` must not be an empty list; leave it out to match every request.');
  },
};

const host = fragment(() => list(string({ rules: [notEmpty, noInnerWildcard] })));
const port = fragment(() => list(string({ rules: [notEmpty, portNumber] })));
const method = fragment(() => list(string({ rules: [notEmpty, httpMethod], suggest: HTTP_METHODS })));
const path = fragment(() => list(string({ rules: [notEmpty, pathTemplate, noInnerWildcard, pathCanMatch] })));
const L7 = { l7: true, readBy: ['waypoint', 'sidecar', 'gateway'] } as const;

const operation = fragment(() =>
  object(
    {
      hosts: field(
        host(),
        'Values of the `Host` or `:authority` header, without regard to case; `*` may stand at one end. Clients often send the port too, so `example.com` and `example.com:*` are both needed.',
        L7,
      ),
      notHosts: field(
        host(),
        'Hosts that the request must **not** be for. A host in another spelling, such as with its port, slips through.',
        L7,
      ),
      ports: field(
        port(),
        'Destination ports as quoted numbers. At sidecars and ztunnel that is the port of the **workload**; at a waypoint it is the port of the Service.',
      ),
      notPorts: field(port(), 'Destination ports that the rule leaves out, as quoted numbers.'),
      methods: field(
        method(),
        'HTTP methods in upper case. gRPC calls are all `POST`. On plain TCP a method never matches.',
        L7,
      ),
      notMethods: field(method(), 'HTTP methods that the request must not have.', L7),
      paths: field(
        path(),
        'Request paths without the query, normalized as the mesh is configured: exact, with `*` at one end, or with the templates `{*}` (one segment) and `{**}` (any number of segments). gRPC: `/package.Service/Method`.',
        L7,
      ),
      notPaths: field(
        path(),
        'Paths that the request must not have. Mind other spellings of one path, which normalization may leave apart.',
        L7,
      ),
    },
    { rules: [operationNotEmpty] },
  ),
);

export const to = fragment(() =>
  list(
    object(
      { operation: field(operation(), 'Properties of the request; all that are set must match.') },
      { rules: [toNeedsOperation] },
    ),
    { rules: [toNotEmpty] },
  ),
);

export function operationsOf(rule: YamlNode): YamlNode[] {
  return (asSeq(at(rule, 'to'))?.items ?? []).flatMap((item) => {
    const node = at(item, 'operation');
    return node && asMap(node) ? [node] : [];
  });
}

/** True when the rule's operations name a port, which is all that a plain TCP connection has. */
export function hasTcpOperation(rule: YamlNode): boolean {
  return operationsOf(rule).some((node) => TCP_OPERATION_FIELDS.some((name) => has(node, name)));
}
