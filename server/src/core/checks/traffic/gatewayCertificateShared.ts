import { gatewayFacts, ISTIO_GATEWAY, selectorKey } from '../../model/gateways.ts';
import { describeLocated, type Site } from '../../model/located.ts';
import { worldIndex } from '../../model/worldIndex.ts';
import { workspaceCheck } from '../check.ts';

/** Gateways that show the same certificate to clients. */
export const gatewayCertificateShared = workspaceCheck({
  facts: {
    code: 'gateway-certificate-shared',
    severity: 'warning',
    what: 'Two Gateways of the same proxies use the same certificate.',
    why: 'A browser reuses its HTTP/2 connection for other hosts of the certificate. It then reaches the first Gateway with the host of the second, which answers 404.',
    todo: 'Put the hosts into one Gateway, or give each Gateway a certificate of its own.',
    peers: ['IST0138'],
    source: 'istio/istio pkg/config/analysis/analyzers/gateway/certificate.go',
  },
  kinds: [ISTIO_GATEWAY],
  run(located, scope) {
    const { selector, selectorKnown, servers } = gatewayFacts(located);
    if (!selectorKnown) return;
    for (const { certificate, protocol } of servers) {
      if (!certificate || protocol !== 'HTTPS') continue;
      const rival = byCertificate(scope.world, `${selectorKey(selector)}|${certificate.name}`).find(
        ({ located: other }) =>
          other !== located && !(other.name === located.name && other.namespace === located.namespace),
      );
      if (!rival) continue;
      scope.report(
        certificate.node,
        `${describeLocated(rival.located)} shows the same certificate \`${certificate.name}\`. Clients that reuse HTTP/2 connections get 404 for hosts of the other Gateway.`,
        {
          related: [{ site: rival, message: 'the other use of the certificate' }],
        },
      );
    }
  },
});

const byCertificate = worldIndex<Site>([ISTIO_GATEWAY], (located) => {
  const { selector, servers } = gatewayFacts(located);
  return servers.flatMap(({ certificate, protocol }) =>
    certificate && protocol === 'HTTPS'
      ? [[`${selectorKey(selector)}|${certificate.name}`, { located, node: certificate.node }] as const]
      : [],
  );
});
