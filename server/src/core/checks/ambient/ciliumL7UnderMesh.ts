import { enrolmentOf } from '../../mesh/enrolment.ts';
import { type Labels, labelsOf, matchesLabels } from '../../model/labels.ts';
import { at, items } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { workloadList } from './phrases.ts';

const ENCRYPTED = new Set(['ambient', 'sidecar', 'linkerd']);

/** Rules of Cilium about HTTP that a mesh has encrypted. */
export const ciliumL7UnderMesh = workspaceCheck({
  facts: {
    code: 'cilium-l7-under-mesh',
    severity: 'warning',
    what: 'A CiliumNetworkPolicy has rules about HTTP for pods of a mesh that encrypts.',
    why: 'On the wire Cilium sees the mTLS of the mesh and no HTTP: a rule about requests matches none of them, and the connections are refused.',
    todo: 'Write what is about HTTP as policies of the mesh, and let Cilium decide on addresses and ports.',
    source: 'istio/istio issue 52208',
  },
  kinds: ['cilium.io/CiliumNetworkPolicy'],
  run(located, scope) {
    const specs = [at(located.root, 'spec'), ...items(located.root, 'specs')];
    for (const spec of specs) {
      const wanted = withoutSource(labelsOf(at(spec, 'endpointSelector', 'matchLabels')));
      const pods = scope.world
        .workloads(located.namespace)
        .filter(
          (workload) =>
            matchesLabels(wanted, workload.labels) && ENCRYPTED.has(enrolmentOf(scope.world, workload).dataPlane),
        );
      if (pods.length === 0 || at(spec, 'endpointSelector', 'matchExpressions')) continue;
      for (const port of items(spec, 'ingress').flatMap((rule) => items(rule, 'toPorts'))) {
        const http = at(port, 'rules', 'http');
        if (http)
          scope.report(
            http,
            `Traffic to ${workloadList(pods, '')} is encrypted by the mesh: Cilium finds no HTTP in it, and refuses the connections.`,
          );
      }
    }
  },
});

/** Cilium writes where a label comes from before its key: `k8s:app`, `any:app`. */
function withoutSource(labels: Labels): Labels {
  return new Map([...labels].map(([key, value]) => [key.replace(/^(?:k8s|any):/, ''), value]));
}
