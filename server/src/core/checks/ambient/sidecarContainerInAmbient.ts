import { injectsSidecar, isAmbientNamespace, isGatewayPod } from '../../mesh/enrolment.ts';
import { POD_MAKERS } from '../../mesh/waypointLabels.ts';
import { workloadOf } from '../../model/workloads.ts';
import { at, items, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A sidecar that was written into the file, where pods are to be in ambient mode. */
export const sidecarContainerInAmbient = workspaceCheck({
  facts: {
    code: 'sidecar-container-in-ambient',
    severity: 'warning',
    what: 'A pod of a namespace in ambient mode has the container of a sidecar in its own template.',
    why: 'With the marks of injection the pod keeps its sidecar and does not join ambient mode; without them ztunnel and the sidecar both capture its traffic.',
    todo: 'Remove what `istioctl kube-inject` wrote: the containers `istio-proxy` and `istio-init` and the annotation `sidecar.istio.io/status`.',
    peers: ['KIA1316'],
    source: 'kiali/kiali business/checkers/workloads; istio/istio@1.30.3:cni/pkg/util/podutil.go',
  },
  kinds: [...POD_MAKERS],
  run(located, { world, report }) {
    const workload = workloadOf(located);
    if (!workload || isGatewayPod(workload) || workload.hostNetwork) return;
    const { labels, annotations, namespace, spec } = workload;
    const opted = labels.get('istio.io/dataplane-mode') ?? (isAmbientNamespace(world, namespace) ? 'ambient' : 'none');
    // Where injection is asked for, the container is there to change what is injected.
    if (opted !== 'ambient' || injectsSidecar(world.namespaceLabels(namespace) ?? new Map(), labels, annotations))
      return;
    const container = [...items(spec, 'containers'), ...items(spec, 'initContainers')].find(
      (each) => text(each, 'name') === 'istio-proxy',
    );
    const name = at(container, 'name');
    if (!name) return;
    const effect = annotations.has('sidecar.istio.io/status')
      ? 'so these pods do not join ambient mode, and use no waypoint'
      : 'and ztunnel captures the traffic of the same pods';
    report(name, `This sidecar is part of the file, ${effect}.`);
  },
});
