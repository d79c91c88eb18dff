import { selectorKey } from '../../model/gateways.ts';
import { isMeshWideHost } from '../../model/hostIndex.ts';
import { labelsOf } from '../../model/labels.ts';
import { describeLocated } from '../../model/located.ts';
import { type DestinationRuleFacts, destinationRuleFacts, destinationRulesByHost } from '../../model/traffic.ts';
import { exportedTo, importsHost, seenTogether } from '../../model/visibility.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** Two DestinationRules that say the same thing about one host. */
export const destinationRuleRepeated = workspaceCheck({
  facts: {
    code: 'destination-rule-repeated',
    severity: 'warning',
    what: 'Two DestinationRules for the same host and the same clients define the same subset, or a traffic policy each.',
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
      !sameName(own, other) &&
      shared(own, other) !== undefined &&
      seenTogether(located, other.located) &&
      !isForOwnClients(own, other) &&
      !isForOwnClients(other, own);
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
      (other) => other.key !== undefined && !isMeshWideHost(other.key) && isRival(other) && shared(own, other) !== '',
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

/** Clients take a rule of their own namespace rather than that of the Service: one for them alone is meant to replace it. */
function isForOwnClients({ located: a, key }: DestinationRuleFacts, { located: b }: DestinationRuleFacts): boolean {
  const seenBy = exportedTo(a);
  const alone = seenBy?.length === 1 && seenBy[0] === a.namespace;
  return alone && a.namespace !== b.namespace && (key ?? '').endsWith(`.${b.namespace}`);
}

/** The first subset that both define; empty when it is the settings for the whole host; undefined when nothing is. */
function shared(a: DestinationRuleFacts, b: DestinationRuleFacts): string | undefined {
  if (clientsOf(a) !== clientsOf(b)) return undefined;
  if (a.subsets.length === 0 && b.subsets.length === 0) return '';
  const subset = a.subsets.find(({ name }) => b.subsets.some((other) => other.name === name))?.name;
  // Istio joins the subsets of two rules, and takes one traffic policy.
  const apart = a.subsets.length > 0 && b.subsets.length > 0;
  return subset ?? (!apart && hasPolicy(a) && hasPolicy(b) ? '' : undefined);
}

/** A rule for some clients stands beside that for all of them, and is meant to. */
function clientsOf({ located }: DestinationRuleFacts): string {
  return selectorKey(labelsOf(at(located.root, 'spec', 'workloadSelector', 'matchLabels')));
}

function hasPolicy({ located }: DestinationRuleFacts): boolean {
  return at(located.root, 'spec', 'trafficPolicy') !== undefined;
}

function sharedText(a: DestinationRuleFacts, b: DestinationRuleFacts): string {
  const subset = shared(a, b) ?? '';
  if (subset !== '') return `also defines the subset \`${subset}\``;
  return a.subsets.length === b.subsets.length ? 'has no subsets either' : 'has a traffic policy for all of it as well';
}

function siteOf({ located, hostNode }: DestinationRuleFacts) {
  return { site: { located, node: hostNode ?? located.root }, message: 'the other DestinationRule' };
}
