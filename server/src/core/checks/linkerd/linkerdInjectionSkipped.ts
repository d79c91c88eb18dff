import { injectsLinkerd } from '../../mesh/enrolment.ts';
import { POD_MAKERS } from '../../mesh/waypointLabels.ts';
import { workloadOf } from '../../model/workloads.ts';
import { at, items, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

const PROXIES = new Set(['linkerd-proxy', 'linkerd-init', 'istio-proxy', 'istio-init']);

/** Pods that ask for Linkerd's proxy, and that the injector leaves alone. */
export const linkerdInjectionSkipped = workspaceCheck({
  facts: {
    code: 'linkerd-injection-skipped',
    severity: 'warning',
    what: 'A pod is to get the proxy of Linkerd, and has the container of a proxy already.',
    why: 'The injector leaves such pods as they are, without an error: they run with the proxy that is written there, or outside Linkerd where that is one of Istio.',
    todo: 'Remove the container of the proxy; or say by `linkerd.io/inject: disabled` that Linkerd leaves the pod alone.',
    peers: ['LKD:inject-skip'],
    source: 'linkerd/linkerd2@0467b8dc:pkg/inject/report.go',
  },
  kinds: [...POD_MAKERS],
  run(located, { world, report }) {
    const workload = workloadOf(located);
    if (!workload || workload.hostNetwork) return;
    const { spec, annotations, namespace } = workload;
    if (!injectsLinkerd(world.namespaceAnnotations(namespace) ?? new Map(), annotations)) return;
    // Pods that were read from a cluster have the proxy that the injector gave them.
    if (annotations.has('linkerd.io/proxy-version')) return;
    for (const container of [...items(spec, 'initContainers'), ...items(spec, 'containers')]) {
      const name = text(container, 'name');
      const node = at(container, 'name');
      if (node && name !== undefined && PROXIES.has(name))
        report(node, `Linkerd's injector skips pods with a proxy of their own, and \`${name}\` is one.`);
    }
  },
});
