import { text } from '../../yaml/access.ts';
import { choice, field, fragment, list, object, required, string } from '../define.ts';
import { INVALID_REGEX, regexProblem } from '../formats.ts';
import { kind } from '../kind.ts';
import { grpcRouteAdmission } from '../linkerd/routeAdmission.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atLeastOneOf, fieldNode } from '../rules.ts';
import { filteredBackend } from './backendRef.ts';
import { textOr } from './defaults.ts';
import { filterFieldRules, notRepeated } from './filterRules.ts';
import { headerName, regexByType, requestHeaderModifier, responseHeaderModifier } from './headers.ts';
import { extensionRef, requestMirror } from './httpFilter.ts';
import { crdRule, hostname, sectionName } from './names.ts';
import { defaultGatewaysField, parentRefs } from './parentRef.ts';
import { distinctRuleNames, matchLimit } from './routeRules.ts';
import { sessionPersistenceField } from './sessionPersistence.ts';
import { someWeight } from './weights.ts';

const METHOD_NAME: CheckFacts = {
  code: 'grpc-method-invalid',
  severity: 'error',
  what: 'A gRPC service or method with characters that such names cannot have.',
  why: 'It could never match; the API server refuses the route.',
  todo: 'Write the service as in the `.proto` file, with its package (`shop.v1.Cart`), and the method as its bare name.',
  peers: [
    'CRD-CEL',
    crdRule('method-must-only-contain-valid-characters'),
    crdRule('service-must-only-contain-valid-characters'),
  ],
  source: 'Gateway API CRDs, CEL rules on .spec.rules[].matches[].method',
};

const SERVICE = /^\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$/i;
const METHOD = /^[A-Za-z_][A-Za-z_0-9]*$/;

const exactNames: Rule = {
  facts: METHOD_NAME,
  run(node, report) {
    if (textOr(node, 'type', 'Exact') !== 'Exact') return;
    const service = text(node, 'service');
    const method = text(node, 'method');
    if (service !== undefined && !SERVICE.test(service)) {
      report(
        fieldNode(node, 'service'),
        `\`${service}\` is not the name of a gRPC service, such as \`shop.v1.Cart\`: letters, digits, underscores and dots, without slashes.`,
      );
    }
    if (method !== undefined && !METHOD.test(method)) {
      report(
        fieldNode(node, 'method'),
        `\`${method}\` is not the name of a gRPC method, such as \`AddItem\`: letters, digits and underscores, without a slash.`,
      );
    }
  },
};

const METHOD_EMPTY: CheckFacts = {
  code: 'grpc-method-empty',
  severity: 'error',
  what: 'A gRPC method match with neither `service` nor `method`.',
  why: 'The API server refuses the route.',
  todo: 'Name the service, the method or both; to match every call, leave the match out.',
  peers: ['CRD-CEL', crdRule('one-or-both-of-service-or-method-must-be-specified')],
  source: 'Gateway API CRDs, CEL rule on .spec.rules[].matches[].method',
};

const namesCompile: Rule = {
  facts: INVALID_REGEX,
  run(node, report) {
    if (text(node, 'type') !== 'RegularExpression') return;
    for (const name of ['service', 'method']) {
      const value = text(node, name);
      const reason = value === undefined ? undefined : regexProblem(value);
      if (reason !== undefined)
        report(
          fieldNode(node, name),
          `RE2, the engine of Envoy and Linkerd, refuses this regular expression: ${reason}.`,
        );
    }
  },
};

const grpcMatch = fragment(() => {
  const type = choice({
    Exact: 'The whole text is equal, in the same case.',
    RegularExpression: 'The whole text matches the RE2 expression. Support is up to the implementation.',
  });
  return object({
    method: field(
      object(
        {
          type: field(type, 'How `service` and `method` are compared with the call.', { default: 'Exact' }),
          service: field(
            string({ max: 1024 }),
            'Service with its package, as in the `.proto` file: `shop.v1.Cart`. Any when absent.',
          ),
          method: field(
            string({ max: 1024 }),
            'Bare name of the call, as in the `.proto` file: `AddItem`. Any when absent.',
          ),
        },
        { rules: [exactNames, atLeastOneOf(['service', 'method'], { facts: METHOD_EMPTY }), namesCompile] },
      ),
      'Condition on what is called; every service and method when absent.',
    ),
    headers: field(
      list(
        object(
          {
            type: field(type, 'How `value` is compared with the metadata.', { default: 'Exact' }),
            name: required(headerName(), 'Which metadata key to look at, in any case.'),
            value: required(
              string({ min: 1, max: 4096 }),
              'Text or expression that the metadata must have. A call without the key does not match.',
            ),
          },
          { rules: [regexByType] },
        ),
        { max: 16, mapKeys: ['name'] },
      ),
      'Conditions on gRPC metadata, which travels as headers; all of them must hold.',
    ),
  });
});

const FIELD_OF_TYPE = {
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestHeaderModifier: 'requestHeaderModifier',
  RequestMirror: 'requestMirror',
  ExtensionRef: 'extensionRef',
} as const;

const grpcFilters = fragment(() =>
  list(
    object(
      {
        type: required(
          choice({
            ResponseHeaderModifier: 'Changes metadata of the response before the caller gets it.',
            RequestHeaderModifier: 'Changes metadata of the call before the backend gets it.',
            RequestMirror:
              'Sends a copy of calls to another backend. Istio does; Linkerd refuses the whole route because of it.',
            ExtensionRef: 'A filter that only one implementation knows. Istio and Linkerd have none.',
          }),
          'What the filter does; the settings stand in the field of that name.',
        ),
        requestHeaderModifier: field(
          requestHeaderModifier(),
          'Settings of a `RequestHeaderModifier`: metadata to set, add or remove on the way to the backend.',
        ),
        responseHeaderModifier: field(
          responseHeaderModifier(),
          'Settings of a `ResponseHeaderModifier`: metadata to set, add or remove on the way back.',
        ),
        requestMirror: field(
          requestMirror(),
          'Settings of a `RequestMirror`: who gets copies, and of how many calls. May stand several times in a list.',
          { readBy: ['waypoint', 'sidecar', 'gateway'] },
        ),
        extensionRef: field(
          extensionRef(),
          "Settings of an `ExtensionRef`: a resource of the implementation, in the route's namespace.",
        ),
      },
      { rules: filterFieldRules(FIELD_OF_TYPE) },
    ),
    { max: 16, rules: [notRepeated(['RequestHeaderModifier', 'ResponseHeaderModifier'])] },
  ),
);

const grpcRule = fragment(() =>
  object({
    name: field(sectionName(), 'Tells this rule from others of the route, for policies and status.', { since: '1.4' }),
    matches: field(
      list(grpcMatch(), { max: 64 }),
      'Which calls the rule is about: any one entry suffices, and within an entry everything must hold. Of several rules that match, the one with the longer service and method wins, not the first. Without it the rule matches every call.',
    ),
    filters: field(
      grpcFilters(),
      'Changes to calls and responses, for all backends of the rule. Their order does not matter.',
    ),
    backendRefs: field(
      list(filteredBackend(grpcFilters()), { max: 16, rules: [someWeight] }),
      'Where matching calls go, by weight. Without it they fail with status `UNAVAILABLE` — except in Linkerd under a Service parent, where they go on to that Service.',
    ),
    sessionPersistence: sessionPersistenceField(),
  }),
);

export const grpcRoute = kind({
  project: 'gateway-api',
  group: 'gateway.networking.k8s.io',
  kind: 'GRPCRoute',
  plural: 'grpcroutes',
  shortNames: [],
  scope: 'Namespaced',
  doc: "Routes gRPC calls by service, method and metadata. With a **Gateway** as parent it lets calls in from outside; with a **Service** as parent it changes calls inside the mesh, at the waypoint, the client's sidecar or Linkerd's proxy. Do not mix it with HTTPRoutes on one port of a Service: Linkerd then follows the GRPCRoute alone, elsewhere it is undefined.",
  reference: 'https://gateway-api.sigs.k8s.io/reference/spec/#grpcroute',
  readBy: ['waypoint', 'sidecar', 'gateway', 'linkerd-proxy'],
  versions: { v1: { served: true, storage: true, since: '1.1' }, v1alpha2: { served: false } },
  specRequired: true,
  rules: grpcRouteAdmission,
  spec: () =>
    object({
      parentRefs: field(
        parentRefs(),
        'What the route attaches to: Gateways or ListenerSets for traffic from outside, Services for traffic in the mesh. Without any it does nothing.',
      ),
      hostnames: field(
        list(hostname(), { max: 16 }),
        'Hosts that the route is about, compared with the `:authority` of calls without its port; all that the listener takes when absent. Istio ignores them when the parent is a Service; Linkerd compares them there too.',
        { readBy: ['gateway', 'linkerd-proxy'] },
      ),
      rules: field(
        list(grpcRule(), { max: 16, rules: [matchLimit(0), distinctRuleNames] }),
        'What happens to which calls.',
        { l7: true },
      ),
      useDefaultGateways: defaultGatewaysField(),
    }),
});
