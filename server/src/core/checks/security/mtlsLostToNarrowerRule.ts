import { tlsOf, tlsSettings } from '../../mesh/clientTls.ts';
import { reachOf } from '../../mesh/wideRules.ts';
import { serviceOfHost } from '../../model/hosts.ts';
import { describeLocated, type Located } from '../../model/located.ts';
import { destinationRuleFacts, destinationRulesByHost } from '../../model/traffic.ts';
import { isVisibleIn, seenTogether } from '../../model/visibility.ts';
import { workspaceCheck } from '../check.ts';

/** A DestinationRule that hides the mTLS of a wider one. */
export const mtlsLostToNarrowerRule = workspaceCheck({
  facts: {
    code: 'mtls-lost-to-narrower-rule',
    severity: 'warning',
    what: 'A DestinationRule says nothing about TLS and hides a wider one that turns mTLS on, while automatic mTLS is off.',
    why: 'Settings of several hosts are not joined: only the narrower rule applies, so these calls go out as plaintext.',
    todo: 'Repeat `tls.mode: ISTIO_MUTUAL` in the narrower rule.',
    peers: ['KIA0204'],
    source: 'kiali/kiali business/checkers/destinationrules/traffic_policy_checker.go',
  },
  kinds: ['networking.istio.io/DestinationRule'],
  run(located, scope) {
    const { enableAutoMtls, rootNamespace } = scope.meshConfig;
    const { key, hostNode } = destinationRuleFacts(located);
    if (enableAutoMtls || key === undefined || !hostNode || tlsSettings(located).length > 0) return;
    const home = homeOf(located);
    const hidden = destinationRulesByHost
      .wider(scope.world, key)
      .map((wide) => wide.located)
      .find(
        (wide) =>
          reachOf(wide)?.of !== 'host' &&
          tlsOf(wide)?.mode === 'ISTIO_MUTUAL' &&
          [located.namespace, home, rootNamespace].includes(wide.namespace) &&
          isSeenBesides(located, wide, home),
      );
    if (!hidden) return;
    scope.report(
      hostNode,
      `${describeLocated(hidden)} turns mTLS on for this host, but where both could apply only this narrower rule does, without TLS.`,
      { related: [{ site: { located: hidden, node: tlsOf(hidden)?.node ?? hidden.root }, message: 'turns mTLS on' }] },
    );
  },
});

/** The namespace of the Services that a rule is for. */
function homeOf(rule: Located): string | undefined {
  const reach = reachOf(rule);
  if (reach?.of === 'namespace') return reach.namespace;
  return reach?.of === 'host' ? serviceOfHost(reach.host, rule.namespace)?.namespace : undefined;
}

/** Rules beside the Service reach all clients; those in another namespace only the clients there. */
function isSeenBesides(rule: Located, wide: Located, home: string | undefined): boolean {
  return rule.namespace === home ? seenTogether(rule, wide) : isVisibleIn(wide, rule.namespace);
}
