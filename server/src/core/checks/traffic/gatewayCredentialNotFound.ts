import { gatewayFacts, gatewayWorkloads, ISTIO_GATEWAY } from '../../model/gateways.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

const SCHEMES = /^(?:kubernetes|kubernetes-gateway|builtin|invalid|sds|file-root|file-cert|configmap):\/\//;

/** A certificate that the gateway cannot read. */
export const gatewayCredentialNotFound = workspaceCheck({
  facts: {
    code: 'gateway-credential-not-found',
    severity: 'error',
    what: 'A Gateway names a Secret that is not in the namespace of its proxies.',
    why: 'The proxies read `credentialName` in their own namespace, whatever namespace the Gateway is in; without it the TLS handshake fails.',
    todo: 'Create the Secret in the namespace of the gateway proxies, or correct its name.',
    peers: ['IST0101'],
    source: 'istio/istio pkg/config/analysis/analyzers/gateway/secret.go',
  },
  kinds: [ISTIO_GATEWAY],
  run(located, scope) {
    const facts = gatewayFacts(located);
    if (!facts.selectorKnown || !facts.servers.some(({ credential }) => credential)) return;
    const namespaces = [...new Set(gatewayWorkloads(scope.world, facts).map(({ namespace }) => namespace))];
    // Secrets are rarely kept beside the rest: where there is none at all, nothing is known about them.
    if (namespaces.length === 0 || scope.world.ofKind('/Secret').length === 0) return;
    for (const { credential } of facts.servers) {
      if (
        !credential ||
        SCHEMES.test(credential.name) ||
        namespaces.some((namespace) => scope.world.find('/Secret', namespace, credential.name))
      )
        continue;
      const names = namespaces.flatMap((namespace) =>
        scope.world.inNamespace('/Secret', namespace).map(({ name }) => name),
      );
      const slip = slipOf(credential.node, credential.name, names);
      const elsewhere = scope.world.ofKind('/Secret').find(({ name }) => name === credential.name);
      const hint = elsewhere
        ? ` There is one in namespace \`${elsewhere.namespace}\`, where the proxies do not look.`
        : slip.hint;
      scope.report(
        credential.node,
        `No Secret \`${credential.name}\` in ${namespaces.map((name) => `\`${name}\``).join(', ')}, where the proxies of this Gateway run.${hint}`,
        {
          severity: scope.absence,
          fixes: elsewhere ? [] : slip.fixes,
          related: elsewhere
            ? [{ site: { located: elsewhere, node: elsewhere.root }, message: 'the Secret in another namespace' }]
            : [],
        },
      );
    }
  },
});
