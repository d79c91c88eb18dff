import { hostKey } from '../../model/hostIndex.ts';
import { isOfUnknownNamespace } from '../../model/hosts.ts';
import { describeLocated } from '../../model/located.ts';
import { destinationRulesByHost, destinationRulesFor, virtualServiceFacts } from '../../model/traffic.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** A subset that no DestinationRule for the host defines. */
export const subsetNotFound = workspaceCheck({
  facts: {
    code: 'subset-not-found',
    severity: 'error',
    what: 'A route names a subset that no DestinationRule for its host defines.',
    why: 'Requests that take the route are answered with 503.',
    todo: 'Define the subset in the DestinationRule of the host, or correct its name. A DestinationRule counts only where its `exportTo` lets it be seen.',
    peers: ['IST0101', 'KIA1107'],
    source: 'istio/istio pkg/config/analysis/analyzers/virtualservice/destinationrules.go',
  },
  kinds: ['networking.istio.io/VirtualService'],
  run(located, scope) {
    for (const { host, subset } of virtualServiceFacts(located).destinations) {
      if (!subset || host.includes('*')) continue;
      const rules = destinationRulesFor(scope.world, host, located.namespace);
      const names = rules.flatMap((rule) => rule.subsets.map(({ name }) => name));
      if (names.includes(subset.name)) continue;
      if (
        rules.length === 0 &&
        !scope.settings.closedWorld &&
        isOfUnknownNamespace(scope.world, host, located.namespace)
      )
        continue;
      const hidden = destinationRulesByHost
        .exact(scope.world, hostKey(host, located.namespace))
        .find((rule) => rule.subsets.some(({ name }) => name === subset.name));
      if (hidden) {
        scope.report(
          subset.node,
          `${describeLocated(hidden.located)} defines the subset \`${subset.name}\`, but its \`exportTo\` hides it from namespace \`${located.namespace}\`.`,
          {
            related: [
              {
                site: { located: hidden.located, node: hidden.hostNode ?? hidden.located.root },
                message: 'not exported to this namespace',
              },
            ],
          },
        );
        continue;
      }
      const { hint, fixes } = slipOf(subset.node, subset.name, names);
      const known =
        rules.length === 0
          ? `no DestinationRule of the workspace is for \`${host}\``
          : `the DestinationRules for \`${host}\` define ${names.map((name) => `\`${name}\``).join(', ') || 'none'}`;
      scope.report(subset.node, `The subset \`${subset.name}\` is not defined: ${known}.${hint}`, {
        severity: scope.absence,
        related: rules.flatMap((rule) =>
          rule.hostNode
            ? [{ site: { located: rule.located, node: rule.hostNode }, message: 'a DestinationRule for this host' }]
            : [],
        ),
        fixes,
      });
    }
  },
});
