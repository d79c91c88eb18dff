import { at, num, text } from '../../yaml/access.ts';
import { OUT_OF_RANGE } from '../checks.ts';
import { bool, field, fragment, int, intOrString, list, number, object, required, string } from '../define.ts';
import { duration } from '../formats.ts';
import { kind } from '../kind.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { requestCondition, responseCondition } from './profileConditions.ts';

const SOURCE = 'linkerd/linkerd2@edge-26.8.3:pkg/profiles/profiles.go';

const PROFILE_NAME: CheckFacts = {
  code: 'profile-name',
  severity: 'error',
  what: 'The name of a ServiceProfile is not the full DNS name of a service.',
  why: 'Proxies look profiles up by the full name of the service that is called; under any other name it is never found.',
  todo: 'Name it `<service>.<namespace>.svc.<cluster domain>`, such as `web.shop.svc.cluster.local`.',
  peers: ['LKD:serviceprofile-invalid-name'],
  source: SOURCE,
};

const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

const profileName: Rule = {
  facts: PROFILE_NAME,
  needsWhole: true,
  run(root, report) {
    const node = at(root, 'metadata', 'name');
    const name = text(node);
    if (!node || name === undefined) return;
    if (!SUBDOMAIN.test(name) || name.length > 253)
      report(
        node,
        `\`${name}\` is not a DNS name; a ServiceProfile is called like its service, such as \`web.shop.svc.cluster.local\`.`,
      );
    else if (!name.includes('.'))
      report(
        node,
        `No proxy looks up a ServiceProfile called \`${name}\`: it must be the full name of the service, such as \`${name}.${text(root, 'metadata', 'namespace') ?? 'default'}.svc.cluster.local\`.`,
        { severity: 'warning' },
      );
  },
};

const notNegative: Rule = {
  facts: OUT_OF_RANGE,
  run(node, report) {
    const value = num(node);
    if (value !== undefined && value < 0) report(node, `${value} is below zero, and this must not be.`);
  },
};

const retryBudget = fragment(() =>
  object({
    retryRatio: required(
      number({ rules: [notNegative] }),
      'How many retries there may be for each request, as a part of one: `0.2` adds at most a fifth to the load.',
    ),
    minRetriesPerSecond: required(
      int({ rules: [notNegative] }),
      'Retries per second that are always allowed, so that services with few requests can retry at all.',
    ),
    ttl: required(string({ rules: [duration()] }), 'How long a request counts for the ratio.'),
  }),
);

const responseClass = fragment(() =>
  object({
    condition: required(
      responseCondition(),
      'The responses that the class is about. The first class that fits decides.',
    ),
    isFailure: field(bool(), 'Counts these responses as failures, in metrics and for retries.', { default: false }),
  }),
);

const route = fragment(() =>
  object({
    name: required(string({ min: 1 }), 'The name of the route in metrics (`rt_route`).'),
    condition: required(
      requestCondition(),
      'The requests that the route is about. The first route that fits is taken.',
    ),
    isRetryable: field(bool(), 'Repeats failed requests, within `retryBudget`. Bodies above 64 KiB are not repeated.', {
      default: false,
    }),
    timeout: field(
      string({ rules: [duration({ orEmpty: true })] }),
      'How long a request may take, its retries included; then it fails with 504.',
      { default: '10s' },
    ),
    responseClasses: field(list(responseClass()), 'Which responses are failures.', {
      default: 'every 5xx is a failure',
    }),
  }),
);

const override = fragment(() =>
  object({
    authority: field(
      string(),
      'The full name and port of the service that gets the share, such as `web-v2.shop.svc.cluster.local:80`.',
    ),
    weight: field(
      intOrString({
        pattern: /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?(?:\d+(?:\.\d*)?|\.\d+))?$/,
        means: 'a Kubernetes quantity, such as `1` or `500m`',
      }),
      'The share of the requests, relative to the other weights.',
    ),
  }),
);

function profileSpec(version: string) {
  const routes = list(route());
  const ROUTES =
    'Requests told apart, in order. As soon as there is one, HTTPRoutes and GRPCRoutes of the service and the retry and timeout annotations on it are not read any more.';
  return object({
    routes: version === 'v1alpha1' ? required(routes, ROUTES) : field(routes, ROUTES),
    retryBudget: field(
      retryBudget(),
      'How much load retries may add, for the whole service. The default is a ratio of 0.2, 10 retries per second and 10 seconds.',
    ),
    dstOverrides: field(
      list(override()),
      'Divides the requests among services by weight. Takes HTTPRoutes of the service out of effect.',
    ),
    opaquePorts: field(
      list(string()),
      'Ports of the service, or ranges such as `8000-8010`, that are passed on as plain TCP.',
    ),
  });
}

export const serviceProfile = kind({
  project: 'linkerd',
  group: 'linkerd.io',
  kind: 'ServiceProfile',
  plural: 'serviceprofiles',
  shortNames: ['sp'],
  scope: 'Namespaced',
  doc: 'Routes of a service with their own metrics, timeouts and retries. Its **name** is the full DNS name of the service. In the namespace of a client it holds for the clients there, else for all. HTTPRoute and GRPCRoute have taken its place, and are **shadowed** by it as long as it exists.',
  reference: 'https://linkerd.io/2/reference/service-profiles/',
  readBy: ['linkerd-proxy'],
  versions: { v1alpha2: { served: true, storage: true }, v1alpha1: { served: true } },
  spec: profileSpec,
  rules: [profileName],
});
