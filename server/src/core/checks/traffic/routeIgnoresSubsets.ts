import { describeLocated } from '../../model/located.ts';
import { routeFacts } from '../../model/routes.ts';
import { destinationRulesFor } from '../../model/traffic.ts';
import { workspaceCheck } from '../check.ts';

/** A route of the Gateway API to a Service whose versions are subsets of a DestinationRule. */
export const routeIgnoresSubsets = workspaceCheck({
  facts: {
    code: 'route-ignores-subsets',
    severity: 'info',
    what: 'A route of the Gateway API sends to a Service for which a DestinationRule defines subsets.',
    why: 'Such a route cannot name a subset: its requests go to the pods of all versions, and settings that a subset has are not used for them.',
    todo: 'Make a Service for each version, with the labels of the subset as its selector, and name these as backends.',
    source: 'istio.io: ambient/migrate/migrate-policies',
  },
  kinds: ['gateway.networking.k8s.io/HTTPRoute', 'gateway.networking.k8s.io/GRPCRoute'],
  run(located, { world, report }) {
    for (const { key, name, namespace, nameNode } of routeFacts(located).backends) {
      if (key !== '/Service') continue;
      const rules = destinationRulesFor(world, `${name}.${namespace}.svc.cluster.local`, located.namespace);
      const rule = rules.find(({ subsets }) => subsets.length > 0);
      const [first] = rule?.subsets ?? [];
      if (!rule || !first) continue;
      const names = rule.subsets.map((subset) => `\`${subset.name}\``).join(', ');
      report(
        nameNode,
        `These requests go to all pods of Service \`${name}\`: this route cannot choose among the subsets of ${describeLocated(rule.located)} (${names}).`,
        { related: [{ site: { located: rule.located, node: first.node }, message: 'The subsets' }] },
      );
    }
  },
});
