import { gatewayFacts, gatewayWorkloads, ISTIO_GATEWAY } from '../../model/gateways.ts';
import { describeLocated, type Located } from '../../model/located.ts';
import { at, entriesOf, isTemplated, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** The names under which a Secret may hold a certificate and its key. */
const PAIRS = [
  ['tls.crt', 'tls.key'],
  ['cert', 'key'],
] as const;

/** The shortest key has more characters than this. */
const SHORTEST = 100;

/** A Secret that holds no certificate. */
export const gatewayCredentialMalformed = workspaceCheck({
  facts: {
    code: 'gateway-credential-malformed',
    severity: 'error',
    what: 'The Secret that a Gateway names has no certificate and key under the names that Istio reads.',
    why: 'Without them the listener is not served: the TLS handshake of every client fails.',
    todo: 'Put the certificate under `tls.crt` and its key under `tls.key`, as `kubectl create secret tls` does.',
    peers: ['IST0161'],
    source: 'istio/istio pkg/config/analysis/analyzers/gateway/secret.go',
  },
  kinds: [ISTIO_GATEWAY],
  run(located, scope) {
    const facts = gatewayFacts(located);
    if (!facts.selectorKnown || !facts.servers.some(({ credential }) => credential)) return;
    const namespaces = [...new Set(gatewayWorkloads(scope.world, facts).map(({ namespace }) => namespace))];
    for (const { credential } of facts.servers) {
      const secrets = namespaces.flatMap(
        (namespace) => (credential && scope.world.findAll('/Secret', namespace, credential.name)) ?? [],
      );
      const faults = secrets.map((secret) => ({ secret, fault: faultOf(secret) }));
      const [first] = faults;
      // A workspace may have one Secret for each environment; one that is right is enough.
      if (!credential || !first?.fault || faults.some(({ fault }) => fault === undefined)) continue;
      scope.report(credential.node, `${describeLocated(first.secret)} ${first.fault}.`, {
        related: [{ site: { located: first.secret, node: first.secret.root }, message: 'the Secret' }],
      });
    }
  },
});

function faultOf(secret: Located): string | undefined {
  const entries = ['data', 'stringData'].flatMap((field) => entriesOf(at(secret.root, field)));
  // What a tool fills in before the Secret is applied is not known here.
  if (entries.length === 0 || entries.some(({ value }) => isTemplated(value))) return undefined;
  const names = new Set(entries.map(({ key }) => key.text));
  const pair = PAIRS.find((candidate) => candidate.every((name) => names.has(name)));
  if (!pair) return 'has neither `tls.crt` with `tls.key` nor `cert` with `key`';
  const short = pair.find((name) => isTooShort(text(secret.root, 'data', name)));
  return short === undefined ? undefined : `has under \`${short}\` something that is too short to be one`;
}

/** Only of what is plainly base64: placeholders and encrypted values are made into something else. */
function isTooShort(value: string | undefined): boolean {
  const compact = value?.replaceAll(/\s/g, '');
  return (
    compact !== undefined &&
    /^(?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{2,4}={0,2}$/.test(compact) &&
    compact.length % 4 === 0 &&
    compact.length < SHORTEST
  );
}
