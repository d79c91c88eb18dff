import { selectionOf, selectorOf } from '../../mesh/selection.ts';
import type { Located } from '../../model/located.ts';
import type { Fix } from '../../schema/rule.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { workloadList } from './phrases.ts';

/** A Sidecar resource for pods that have none. */
export const sidecarResourceInAmbient = workspaceCheck({
  facts: {
    code: 'sidecar-resource-in-ambient',
    severity: 'warning',
    what: 'A Sidecar resource for pods in ambient mode.',
    why: 'Only sidecars read it: it limits neither what ztunnel knows nor where the pods may connect to.',
    todo: 'Remove it. To limit what the pods may call, use an egress waypoint and NetworkPolicies.',
    peers: ['IST0167'],
    source: 'istio/istio pkg/config/analysis/analyzers/sidecar',
  },
  kinds: ['networking.istio.io/Sidecar'],
  run(located, scope) {
    const selection = selectionOf(scope.world, scope.meshConfig.rootNamespace, located);
    const selector = selectorOf(located);
    const node = selector ?? at(located.root, 'metadata', 'name');
    if (!node || !selection.reachesZtunnel || (!selector && located.namespace === scope.meshConfig.rootNamespace))
      return;
    if (!selector && selection.ambient.length < selection.workloads.length) return;
    scope.report(
      node,
      `This has no effect for ${workloadList(selection.ambient, `the pods of namespace \`${located.namespace}\``)}: in ambient mode there is no sidecar that would read it.`,
      { fixes: selection.ambient.length === selection.workloads.length ? removal(located) : [] },
    );
  },
});

/** Empties the document; one that is an item of a List stays, since what is around it is not ours. */
function removal({ root, name }: Located): Fix[] {
  if (root.parent) return [];
  return [
    {
      title: `Remove the Sidecar \`${name}\``,
      safe: false,
      edits: [{ span: { start: root.start, end: root.end }, text: '' }],
    },
  ];
}
