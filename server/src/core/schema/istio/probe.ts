import { asScalar, at, has, items, text } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import { field, fragment, int, list, object, required, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode, listOf, presentOf } from '../rules.ts';
import { portNumber } from './port.ts';

/** The readiness probe that the agent on a virtual machine runs, after the model of Kubernetes. */

const METHODS = ['httpGet', 'tcpSocket', 'exec', 'grpc'];

const PROBE_METHOD: CheckFacts = {
  code: 'probe-method',
  severity: 'error',
  what: 'A readiness probe with no method, several, or one that the webhook does not know.',
  why: 'The agent runs exactly one check; the API server or the webhook of istiod refuses the resource otherwise.',
  todo: 'Keep one of `httpGet`, `tcpSocket` and `exec`.',
  peers: ['CRD-SCHEMA'],
  source:
    'istio/istio pkg/config/validation/validation.go, validateReadinessProbe; istio/api CRD WorkloadGroup, oneOf on .spec.probe',
};

const oneMethod: Rule = {
  facts: PROBE_METHOD,
  needsWhole: true,
  run(node, report) {
    const [first, ...others] = presentOf(node, METHODS);
    if (first === undefined) report(node, `The probe needs a method: one of ${listOf(METHODS.slice(0, 3), 'or')}.`);
    for (const name of others)
      report(fieldNode(node, name), `The probe has \`${first}\` already; a probe runs one method.`);
    if (first === 'grpc') {
      const message =
        '`grpc` is in the CRD, but the webhook of istiod (as of 1.30) does not know the method and refuses the resource; use `httpGet` or `tcpSocket`.';
      report(fieldNode(node, 'grpc'), message);
    }
  },
};

const PROBE_SCHEME: CheckFacts = {
  code: 'probe-scheme',
  severity: 'error',
  what: 'A probe over another scheme than HTTP or HTTPS.',
  why: 'The API server refuses the resource.',
  todo: 'Write `HTTP` or `HTTPS`, in capitals.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRD WorkloadGroup, CEL rule on .spec.probe.httpGet.scheme',
};

const httpScheme: Rule = {
  facts: PROBE_SCHEME,
  run(node, report) {
    const scheme = text(node);
    if (scheme === undefined || ['', 'HTTP', 'HTTPS'].includes(scheme)) return;
    const upper = scheme.toUpperCase();
    const scalar = asScalar(node);
    const fixes =
      scalar && (upper === 'HTTP' || upper === 'HTTPS')
        ? [{ title: `Write ${upper}`, safe: false, edits: [replaceScalar(scalar, upper)] }]
        : [];
    report(node, `\`${scheme}\` is not a scheme that a probe can use; it is \`HTTP\` or \`HTTPS\`, in capitals.`, {
      fixes,
    });
  },
};

const PROBE_COMMAND: CheckFacts = {
  code: 'probe-without-command',
  severity: 'error',
  what: 'A probe by command without a command.',
  why: 'There is nothing to run; the webhook of istiod refuses the resource.',
  todo: 'List the program and its arguments in `command`.',
  source: 'istio/istio pkg/config/validation/validation.go, validateReadinessProbe',
};

const someCommand: Rule = {
  facts: PROBE_COMMAND,
  needsWhole: true,
  run(node, report) {
    if (items(node).length === 0) report(node, '`command` is empty; list the program and its arguments.');
  },
};

const PROBE_HEADER: CheckFacts = {
  code: 'probe-header-without-name',
  severity: 'error',
  what: 'A header of a probe without a name.',
  why: 'Nothing could be sent; the webhook of istiod refuses the resource.',
  todo: 'Set `name` to the name of the header.',
  source: 'istio/istio pkg/config/validation/validation.go, ValidateHTTPHeaderName',
};

const headerNamed: Rule = {
  facts: PROBE_HEADER,
  needsWhole: true,
  run(node, report) {
    if (!has(node, 'name')) report(at(node, 'value') ?? node, 'The header needs a `name`.');
  },
};

const header = fragment(() =>
  object(
    {
      name: field(
        string({ pattern: /^[-_A-Za-z0-9]+$/, means: 'a header name of letters, digits, `-` and `_`' }),
        'Which header to send. Setting `Host` changes the host of the request.',
      ),
      value: field(string(), 'What the header says; sent as it is written.'),
    },
    { rules: [headerNamed] },
  ),
);

const httpGet = fragment(() =>
  object({
    path: field(string(), 'The path to request. Answers from 200 to 399 count as ready.', { default: '/' }),
    port: required(
      portNumber(),
      'The port on the machine where the application answers. Named ports are not looked up.',
    ),
    host: field(string(), 'Another host or address to ask than the machine itself.', {
      default: 'the address of the machine',
    }),
    scheme: field(
      string({ rules: [httpScheme] }),
      'Whether to ask over `HTTP` or `HTTPS`; certificates are not verified.',
      {
        default: 'HTTP',
      },
    ),
    httpHeaders: field(list(header()), 'Headers to add to the request, for instance to pass an authentication layer.'),
  }),
);

const tcpSocket = fragment(() =>
  object({
    host: field(string(), 'Another host or address to connect to than the machine itself.', {
      default: 'the address of the machine',
    }),
    port: required(portNumber(), 'The port to connect to. A completed connection counts as ready; nothing is sent.'),
  }),
);

const exec = fragment(() =>
  object({
    command: required(
      list(string({ min: 1 }), { rules: [someCommand] }),
      'The program and its arguments, run on the machine without a shell. Exit status 0 counts as ready.',
    ),
  }),
);

const grpc = fragment(() =>
  object({
    port: field(portNumber(), 'The port of the gRPC server that implements the standard health service.'),
    service: field(string(), 'The service name to put into the health request; the whole server when it is empty.'),
  }),
);

export const readinessProbe = fragment(() =>
  object(
    {
      initialDelaySeconds: field(
        int({ min: 0 }),
        'Seconds to wait after the agent has started before the first probe.',
        { default: 0 },
      ),
      timeoutSeconds: field(
        int({ min: 0 }),
        'Seconds after which an unanswered probe counts as failed. 0 means the default.',
        { default: 1 },
      ),
      periodSeconds: field(int({ min: 0 }), 'Seconds between two probes. 0 means the default.', { default: 10 }),
      successThreshold: field(int({ min: 0 }), 'Successes in a row until an unready workload gets traffic again.', {
        default: 1,
      }),
      failureThreshold: field(int({ min: 0 }), 'Failures in a row until the workload is taken out of load balancing.', {
        default: 3,
      }),
      httpGet: field(httpGet(), 'Ready when an HTTP request is answered with a status from 200 to 399.'),
      tcpSocket: field(tcpSocket(), 'Ready when a TCP connection can be opened.'),
      exec: field(exec(), 'Ready when a command on the machine exits with status 0.'),
      grpc: field(
        grpc(),
        'Ready when the standard gRPC health service says so. In the CRD since 1.25, yet the webhook of istiod refuses a probe with it.',
        {
          since: '1.25',
        },
      ),
    },
    { rules: [oneMethod] },
  ),
);
