import { type GatewayFacts, gatewayFacts, gatewayWorkloads, ISTIO_GATEWAY } from '../../model/gateways.ts';
import { labelsOf, matchesLabels } from '../../model/labels.ts';
import type { Located } from '../../model/located.ts';
import { gatewayName, virtualServiceFacts } from '../../model/traffic.ts';
import { at, entriesOf, items } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** A route by claims of a token that nobody checks. */
export const claimRouteWithoutAuthentication = workspaceCheck({
  facts: {
    code: 'claim-route-without-authentication',
    severity: 'error',
    what: 'A route matches claims of a JWT, and no RequestAuthentication applies to the gateway.',
    why: 'Without it no token is read: the claims are always absent, and the route never matches.',
    todo: 'Add a RequestAuthentication that selects the gateway proxies.',
    peers: ['IST0149'],
    source: 'istio/istio pkg/config/analysis/analyzers/virtualservice/jwtclaimroute.go',
  },
  kinds: ['networking.istio.io/VirtualService'],
  run(located, scope) {
    const claim = claimKey(located.root);
    if (!claim) return;
    for (const { name } of virtualServiceFacts(located).gateways) {
      if (name === 'mesh') continue;
      const { namespace, gateway } = gatewayName(name, located.namespace);
      const found = scope.world.find(ISTIO_GATEWAY, namespace, gateway);
      if (!found) continue;
      const facts = gatewayFacts(found);
      if (!facts.selectorKnown || facts.selector.size === 0 || authenticates(facts, scope)) continue;
      scope.report(
        claim,
        `No RequestAuthentication applies to the proxies of gateway \`${name}\`, so the claims are never there and this route never matches.`,
        {
          severity: scope.absence,
          related: [
            { site: { located: found, node: facts.selectorNode ?? found.root }, message: 'the proxies of the gateway' },
          ],
        },
      );
      return;
    }
  },
});

function claimKey(root: YamlNode): YamlNode | undefined {
  const matches = items(root, 'spec', 'http').flatMap((route) => items(route, 'match'));
  const headers = matches.flatMap((match) => [
    ...entriesOf(at(match, 'headers')),
    ...entriesOf(at(match, 'withoutHeaders')),
  ]);
  return headers.find(({ key }) => key.text.startsWith('@request.auth.claims'))?.key;
}

function authenticates(gateway: GatewayFacts, { world, meshConfig }: Scope): boolean {
  const workloads = gatewayWorkloads(world, gateway);
  const namespaces =
    workloads.length > 0 ? new Set(workloads.map(({ namespace }) => namespace)) : new Set([gateway.located.namespace]);
  return world.ofKind('security.istio.io/RequestAuthentication').some((policy) => {
    const everywhere = policy.namespace === meshConfig.rootNamespace;
    // Policies that point at something by name are for gateways of the Gateway API, or too special to judge.
    if (at(policy.root, 'spec', 'targetRef') || at(policy.root, 'spec', 'targetRefs')) return true;
    return (
      (everywhere || namespaces.has(policy.namespace)) &&
      selects(
        policy,
        gateway,
        workloads.map(({ labels }) => labels),
      )
    );
  });
}

function selects(policy: Located, gateway: GatewayFacts, pods: readonly ReadonlyMap<string, string>[]): boolean {
  const wanted = labelsOf(at(policy.root, 'spec', 'selector', 'matchLabels'));
  return (pods.length > 0 ? pods : [gateway.selector]).some((labels) => matchesLabels(wanted, labels));
}
