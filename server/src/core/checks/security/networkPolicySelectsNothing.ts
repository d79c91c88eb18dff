import { NETWORK_POLICY } from '../../mesh/networkPolicies.ts';
import { certainLabels, fitsNoPod } from '../../mesh/unmatchedSelectors.ts';
import { describeLabels, matchesSelector } from '../../model/labels.ts';
import { at, has, items } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';

const DIRECTIONS = [
  { direction: 'ingress', field: 'from', effect: 'lets nobody in' },
  { direction: 'egress', field: 'to', effect: 'lets nothing out' },
] as const;

/** A NetworkPolicy of the mesh that is for no pod, or whose peer is none. */
export const networkPolicySelectsNothing = workspaceCheck({
  facts: {
    code: 'network-policy-selects-nothing',
    severity: 'warning',
    what: 'A selector of a NetworkPolicy matches no workload, in a namespace of a mesh.',
    why: 'A policy for no pod protects nothing; a peer that no pod is opens nothing, and whom it was written for is refused.',
    todo: 'Write labels that the pods have: they stand in the template of the Deployment, not in its own metadata. Pods of other namespaces need `namespaceSelector` beside `podSelector`.',
    source: 'stackrox/kube-linter@35de568d:pkg/templates/danglingnetworkpolicy, danglingnetworkpolicypeer',
  },
  kinds: [NETWORK_POLICY],
  run(located, scope) {
    const { namespace, root } = located;
    judge(at(root, 'spec', 'podSelector'), namespace, 'the policy is for no pod', scope);
    for (const { direction, field, effect } of DIRECTIONS)
      for (const peer of items(root, 'spec', direction).flatMap((rule) => items(rule, field))) {
        // Of other namespaces the workspace may not have all workloads.
        if (!has(peer, 'namespaceSelector')) judge(at(peer, 'podSelector'), namespace, `this peer ${effect}`, scope);
      }
  },
});

function judge(selector: YamlNode | undefined, namespace: string, effect: string, scope: Scope): void {
  const node = at(selector, 'matchLabels');
  const wanted = certainLabels(node);
  if (!node || !wanted || has(selector, 'matchExpressions')) return;
  if (!fitsNoPod(scope.world, namespace, (labels) => matchesSelector(selector, labels))) return;
  scope.report(
    node,
    `No workload of namespace \`${namespace}\` has pods with ${describeLabels(wanted)}, so ${effect}.`,
    { severity: scope.absence === 'error' ? 'warning' : scope.absence },
  );
}
