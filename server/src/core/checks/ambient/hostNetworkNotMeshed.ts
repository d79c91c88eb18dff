import { POD_MAKERS } from '../../mesh/waypointLabels.ts';
import { type Workload, workloadOf } from '../../model/workloads.ts';
import { at, text } from '../../yaml/access.ts';
import { type Scope, workspaceCheck } from '../check.ts';

const ENROLLING = [
  { map: 'labels', key: 'sidecar.istio.io/inject', values: ['true'] },
  { map: 'labels', key: 'istio.io/dataplane-mode', values: ['ambient'] },
  { map: 'annotations', key: 'linkerd.io/inject', values: ['enabled', 'ingress'] },
] as const;

/** Pods on the network of their node, in a mesh by their own words or by those of their namespace. */
export const hostNetworkNotMeshed = workspaceCheck({
  facts: {
    code: 'host-network-not-meshed',
    severity: 'warning',
    what: 'A pod on the network of its node is to be in a mesh, by its own label or by that of its namespace.',
    why: 'Neither Istio nor Linkerd can capture the traffic of one pod there: it gets no proxy and does not join ambient mode.',
    todo: 'Remove `hostNetwork`; or the label or annotation, and know that the pod is outside of the mesh.',
    peers: ['LKD:inject-skip'],
    source: 'linkerd/linkerd2@edge-26.8.3:pkg/inject/report.go; istio/istio@1.30.3:pkg/kube/inject/inject.go',
  },
  kinds: [...POD_MAKERS],
  run(located, scope) {
    const workload = workloadOf(located);
    if (!workload?.hostNetwork) return;
    const own = ENROLLING.flatMap(({ map, key, values }) => {
      const node = at(workload.metadata, map, key);
      return node?.key && values.some((value) => value === text(node)) ? [{ node: node.key, key }] : [];
    });
    for (const { node, key } of own)
      scope.report(
        node,
        `\`${key}\` has no effect on a pod with \`hostNetwork: true\`: the mesh leaves such pods alone.`,
      );
    if (own.length === 0) reportNamespace(workload, scope);
  },
});

const NAMESPACE = [
  { map: 'labels', key: 'istio.io/dataplane-mode', values: ['ambient'], optOut: 'istio.io/dataplane-mode' },
  { map: 'labels', key: 'istio-injection', values: ['enabled'], optOut: 'sidecar.istio.io/inject' },
  { map: 'annotations', key: 'linkerd.io/inject', values: ['enabled', 'ingress'], optOut: 'linkerd.io/inject' },
] as const;

function reportNamespace(workload: Workload, { world, report }: Scope): void {
  const where = at(workload.spec, 'hostNetwork');
  const namespace = world.find('/Namespace', '', workload.namespace);
  if (!where || !namespace) return;
  for (const { map, key, values, optOut } of NAMESPACE) {
    const node = at(namespace.root, 'metadata', map, key);
    // Pods that opt out know that they are outside.
    if (!node || !values.some((value) => value === text(node)) || at(workload.metadata, map, optOut)) continue;
    report(
      where,
      `Namespace \`${namespace.name}\` is in the mesh (\`${key}: ${text(node)}\`), and these pods stay out of it: pods on the network of the node are never captured.`,
      { severity: 'info', related: [{ site: { located: namespace, node }, message: 'Enrolls the namespace' }] },
    );
    return;
  }
}
