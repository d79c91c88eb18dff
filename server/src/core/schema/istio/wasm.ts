import { has, text } from '../../yaml/access.ts';
import { choice, field, fragment, int, list, object, openObject, required, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';

/** A WebAssembly module and how it is loaded: the same in a WasmPlugin and in a TrafficExtension. */

const WASM_URL: CheckFacts = {
  code: 'wasm-url',
  severity: 'error',
  what: 'The URL of a WebAssembly module that cannot be read, or has a scheme that proxies do not fetch.',
  why: 'The API server refuses the resource.',
  todo: 'Write `oci://registry/image:tag`, an `http` or `https` URL, or `file:///path`. A URL without scheme is taken as an OCI image.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRDs WasmPlugin and TrafficExtension, CEL rule on url',
};

const SCHEMES = ['oci', 'https', 'http', 'file'];

const moduleUrl: Rule = {
  facts: WASM_URL,
  run(node, report) {
    const value = text(node);
    const problem = value ? urlProblem(value) : undefined;
    if (problem) report(node, `\`${value}\` ${problem}.`);
  },
};

function urlProblem(value: string): string | undefined {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(value)?.[1];
  if (scheme !== undefined && !SCHEMES.includes(scheme.toLowerCase())) {
    const registry = /^[^/]*:\d+\//.test(value) || !value.startsWith(`${scheme}://`);
    const advice = registry
      ? `\`${scheme}:\` is read as a scheme; write \`oci://${value}\``
      : `proxies fetch modules by ${SCHEMES.join(', ')}`;
    return `has a scheme that is not supported: ${advice}`;
  }
  const host = value.replace(/^[a-zA-Z]+:\/\//, '').replace(/[/?#].*$/s, '');
  if (/[\s<>"\\^`{|}]/.test(host)) return 'is not a URL: its host has a character that hosts cannot have';
  const colon = host.lastIndexOf(':');
  if (colon > host.lastIndexOf(']') && !/^\d*$/.test(host.slice(colon + 1)))
    return 'is not a URL: what follows the colon of its host is not a port';
  if (/%(?![0-9a-fA-F]{2})/.test(value)) return 'is not a URL: a `%` must be followed by two hexadecimal digits';
  return undefined;
}

const ENV_VALUE: CheckFacts = {
  code: 'wasm-env-value',
  severity: 'error',
  what: 'An environment variable of a module is taken from the proxy and given a value.',
  why: 'With `valueFrom: HOST` the value comes from the proxy; the API server refuses another one beside it.',
  todo: 'Remove `value`, or remove `valueFrom`.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRDs WasmPlugin and TrafficExtension, CEL rule on vmConfig.env[]',
};

const envValue: Rule = {
  facts: ENV_VALUE,
  run(node, report) {
    if (text(node, 'valueFrom') === 'HOST' && has(node, 'value'))
      report(
        fieldNode(node, 'value'),
        '`value` must not be set with `valueFrom: HOST`, which takes the variable of the proxy.',
      );
  },
};

const env = fragment(() =>
  object(
    {
      name: required(string({ min: 1, max: 256 }), 'Name of the variable, unique in the list.'),
      valueFrom: field(
        choice({
          INLINE: 'The variable is what stands in `value` of this item.',
          HOST: 'The variable of the same name in the environment of the proxy.',
        }),
        'Whether the variable is written here or taken over from the proxy.',
        { default: 'INLINE' },
      ),
      value: field(
        string({ max: 2048 }),
        "The text that the module sees. Not for secrets: it stands in the resource and in the proxy's configuration.",
      ),
    },
    { rules: [envValue] },
  ),
);

const pullPolicy = fragment(() =>
  choice({
    UNSPECIFIED_POLICY: '`Always` for images with the tag `latest`, otherwise `IfNotPresent`.',
    IfNotPresent: 'A module that was fetched once is used again.',
    Always: 'The module is fetched whenever the resource changes.',
  }),
);

const failStrategy = fragment(() =>
  choice({
    FAIL_CLOSE: 'Requests are refused while the module cannot be loaded or has crashed.',
    FAIL_OPEN: 'Requests pass without the module. For a module that guards access this opens the door.',
    FAIL_RELOAD: {
      doc: 'The module is loaded again after a crash, once a second at most; requests are refused until it works.',
      since: '1.27',
    },
  }),
);

const moduleType = fragment(() =>
  choice({
    UNSPECIFIED_PLUGIN_TYPE: 'Read as `HTTP`: the module sees requests.',
    HTTP: 'The module is an HTTP filter and sees requests.',
    NETWORK: 'The module is a network filter and sees bytes of connections.',
  }),
);

/** The fields that say which module is loaded and how. */
export function moduleFields() {
  return {
    url: required(
      string({ min: 1, rules: [moduleUrl] }),
      "Where the module is: an OCI image (`oci://…` or without scheme), an `http(s)` URL or a `file` in the proxy's container. A mutable tag can change under a running mesh.",
    ),
    sha256: field(
      string({ pattern: /(^$|^[a-f0-9]{64}$)/, means: 'a SHA-256 checksum of 64 lower-case hexadecimal digits' }),
      'Checksum that the fetched module must have; another one is not loaded. With it, the module is also cached for good.',
    ),
    imagePullPolicy: field(pullPolicy(), 'When the module is fetched again. Ignored when `sha256` is set.', {
      default: 'UNSPECIFIED_POLICY',
    }),
    imagePullSecret: field(
      string({ min: 1, max: 253 }),
      'A Secret in the **namespace of this resource** with the credentials of the registry. The proxy reads it through istiod.',
    ),
    verificationKey: field(
      string(),
      'Public key meant for checking a signature of the module. No release evaluates it; use `sha256`.',
    ),
    pluginConfig: field(
      openObject({}),
      'Configuration handed to the module as JSON. What may stand in it is up to the module.',
    ),
    pluginName: field(
      string({ min: 1, max: 256 }),
      'Name of the plug-in inside the module (`root_id`), for modules that hold several.',
    ),
    failStrategy: field(failStrategy(), 'What happens to requests when the module fails.', { default: 'FAIL_CLOSE' }),
    vmConfig: field(
      object({
        env: field(list(env(), { max: 256, mapKeys: ['name'] }), 'Environment variables that the module can read.'),
      }),
      'The virtual machine that the module runs in.',
    ),
    type: field(moduleType(), 'At which level the module works.', { default: 'HTTP' }),
  };
}

/** The traffic that an extension sees. */
export const trafficMatch = fragment(() =>
  list(
    object({
      mode: field(
        choice({
          UNDEFINED: 'The same as `CLIENT_AND_SERVER`.',
          CLIENT: 'Outbound traffic of a sidecar, and all traffic of a gateway.',
          SERVER: 'Inbound traffic of a sidecar.',
          CLIENT_AND_SERVER: 'Traffic in both directions.',
        }),
        'The direction, seen from the workload.',
        { default: 'CLIENT_AND_SERVER' },
      ),
      ports: field(
        list(
          object({
            number: required(
              int({ min: 1, max: 65535 }),
              'Which port the traffic goes to, from 1 to 65535; names are not taken.',
            ),
          }),
          {
            mapKeys: ['number'],
          },
        ),
        'Destination ports: those of the workload for inbound, of the Service for outbound traffic.',
        { default: 'all ports' },
      ),
    }),
  ),
);

export const LAST_PHASE = 'At the end of the chain, before the router, after all filters of Istio.';

/** The places in the chain of filters that an extension can ask for. */
export const FILTER_PHASES = {
  AUTHN: "Before Istio's filters for authentication, so before tokens are validated.",
  AUTHZ: "After authentication and before Istio's filters for authorization.",
  STATS: 'After authorization and before the filters that produce metrics.',
};
