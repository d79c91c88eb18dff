import { isMeshWideHost } from '../../model/hostIndex.ts';
import { describeLocated } from '../../model/located.ts';
import { type DestinationRuleFacts, destinationRuleFacts, destinationRulesByHost } from '../../model/traffic.ts';
import { importsHost, seenTogether } from '../../model/visibility.ts';
import { workspaceCheck } from '../check.ts';

/** Two DestinationRules that say the same thing about one host. */
export const destinationRuleRepeated = workspaceCheck({
  facts: {
    code: 'destination-rule-repeated',
    severity: 'warning',
    what: 'Two DestinationRules for the same host define the same subset, or both define none.',
    why: 'Istio takes the subset and the traffic policy of one of them; the settings of the other are lost without a word.',
    todo: 'Put the settings into one DestinationRule, or limit who sees each with `exportTo`.',
    peers: ['KIA0201'],
    source: 'kiali/kiali business/checkers/destinationrules/multi_match_checker.go',
  },
  kinds: ['networking.istio.io/DestinationRule'],
  run(located, scope) {
    const own = destinationRuleFacts(located);
    const { key, hostNode } = own;
    if (key === undefined || !hostNode || isMeshWideHost(key) || !importsHost(scope.world, located.namespace, key))
      return;
    const isRival = (other: DestinationRuleFacts) =>
      !sameName(own, other) && shared(own, other) !== undefined && seenTogether(located, other.located);
    const same = destinationRulesByHost.exact(scope.world, key).find(isRival);
    if (same) {
      scope.report(
        hostNode,
        `${describeLocated(same.located)} is for the same host and ${sharedText(own, same)}. Istio takes the settings of one of them.`,
        { related: [siteOf(same)] },
      );
      return;
    }
    // Settings for many hosts that single hosts overrule are usual; a subset of the same name is not, because it is hidden.
    const overlapping = [
      ...destinationRulesByHost.wider(scope.world, key),
      ...destinationRulesByHost.narrower(scope.world, key),
    ];
    const near = overlapping.find(
      (other) => other.key !== undefined && !isMeshWideHost(other.key) && own.subsets.length > 0 && isRival(other),
    );
    if (near) {
      scope.report(
        hostNode,
        `${describeLocated(near.located)} covers some of the same hosts and ${sharedText(own, near)}. Only the rule for the narrower host applies.`,
        {
          severity: 'info',
          related: [siteOf(near)],
        },
      );
    }
  },
});

function sameName({ located: a }: DestinationRuleFacts, { located: b }: DestinationRuleFacts): boolean {
  return a === b || (a.name === b.name && a.namespace === b.namespace);
}

/** The first subset that both define; empty when neither defines any; undefined when they have nothing in common. */
function shared(a: DestinationRuleFacts, b: DestinationRuleFacts): string | undefined {
  if (a.subsets.length === 0 && b.subsets.length === 0) return '';
  return a.subsets.find(({ name }) => b.subsets.some((other) => other.name === name))?.name;
}

function sharedText(a: DestinationRuleFacts, b: DestinationRuleFacts): string {
  const subset = shared(a, b) ?? '';
  return subset === '' ? 'has no subsets either' : `also defines the subset \`${subset}\``;
}

function siteOf({ located, hostNode }: DestinationRuleFacts) {
  return { site: { located, node: hostNode ?? located.root }, message: 'the other DestinationRule' };
}
