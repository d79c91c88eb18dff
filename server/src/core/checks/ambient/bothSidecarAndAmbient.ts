import { enrolmentOf, injectsSidecar, isGatewayPod } from '../../mesh/enrolment.ts';
import { POD_MAKERS } from '../../mesh/waypointLabels.ts';
import type { Located } from '../../model/located.ts';
import { workloadOf } from '../../model/workloads.ts';
import type { Fix } from '../../schema/rule.ts';
import { at, text } from '../../yaml/access.ts';
import { removeEntry } from '../../yaml/edits.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';

const MODE = 'istio.io/dataplane-mode';

/** Labels that ask for a sidecar and for ambient mode at once. */
export const bothSidecarAndAmbient = workspaceCheck({
  facts: {
    code: 'both-sidecar-and-ambient',
    severity: 'warning',
    what: 'A Namespace or pod asks for a sidecar and for ambient mode.',
    why: 'The sidecar wins: a pod that has one does not join ambient mode, and uses no waypoint.',
    todo: 'Keep the one that you want. To move to ambient mode, remove the injection label and restart the pods.',
    source: 'istio/istio@1.30.3:cni/pkg/util/enablement_selector.go',
  },
  kinds: ['/Namespace', ...POD_MAKERS],
  run(located, scope) {
    if (located.resource.kind === 'Namespace') runNamespace(located, scope);
    else runWorkload(located, scope);
  },
});

function runNamespace(located: Located, scope: Scope): void {
  const labels = at(located.root, 'metadata', 'labels');
  const mode = at(labels, MODE);
  const injection = at(labels, 'istio-injection');
  const asks = injection ? text(injection) === 'enabled' : text(labels, 'istio.io/rev') !== undefined;
  if (text(mode) !== 'ambient' || !mode?.key || !asks) return;
  const key = injection ? 'istio-injection: enabled' : 'istio.io/rev';
  scope.report(mode.key, `\`${key}\` asks for sidecars here, and pods that get one do not join ambient mode.`, {
    fixes: removals(located, [injection ?? at(labels, 'istio.io/rev'), mode]),
  });
}

function runWorkload(located: Located, scope: Scope): void {
  const workload = workloadOf(located);
  if (!workload || isGatewayPod(workload) || enrolmentOf(scope.world, workload).dataPlane !== 'sidecar') return;
  const own = at(workload.metadata, 'labels', MODE);
  const inject =
    at(workload.metadata, 'labels', 'sidecar.istio.io/inject') ??
    at(workload.metadata, 'annotations', 'sidecar.istio.io/inject');
  const namespace = scope.world.namespaceLabels(workload.namespace);
  const mode = own ? text(own) : namespace?.get(MODE);
  if (mode !== 'ambient') return;
  const node = own ?? inject;
  const name = at(located.root, 'metadata', 'name');
  if (node?.key) {
    const asks =
      text(inject) === 'true' ? 'The label `sidecar.istio.io/inject` asks' : `Namespace \`${workload.namespace}\` asks`;
    const other = own
      ? 'and a pod with a sidecar does not join ambient mode'
      : `so that it does not join ambient mode as namespace \`${workload.namespace}\` wants`;
    scope.report(node.key, `${asks} for a sidecar, ${other}.`, {
      peers: ['KIA1311'],
      fixes: removals(located, [inject, own]),
    });
  } else if (name && injectsSidecar(namespace ?? new Map(), workload.labels, workload.annotations)) {
    scope.report(
      name,
      `This pod gets a sidecar and does not join ambient mode: namespace \`${workload.namespace}\` asks for both.`,
      { severity: 'hint', peers: ['KIA1311'] },
    );
  }
}

function removals(located: Located, nodes: readonly (YamlNode | undefined)[]): Fix[] {
  return nodes.flatMap((node) => {
    const edit = node && removeEntry(located.document.text, node);
    return edit && node.key ? [{ title: `Remove \`${node.key.text}\``, safe: false, edits: [edit] }] : [];
  });
}
