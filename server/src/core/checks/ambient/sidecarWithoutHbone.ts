import { enrolmentOf, usesAmbient } from '../../mesh/enrolment.ts';
import { serverMtls } from '../../mesh/mutualTls.ts';
import { derive } from '../../model/derivation.ts';
import { type Workload, workloadOf } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

const TUNNEL = 'networking.istio.io/tunnel';

/** A sidecar that ambient clients reach in plaintext, and that refuses plaintext. */
export const sidecarWithoutHbone = workspaceCheck({
  facts: {
    code: 'sidecar-without-hbone',
    severity: 'error',
    what: 'Pods with a sidecar require mTLS, and nothing says that their sidecar speaks HBONE.',
    why: 'Ambient clients speak HBONE or plaintext. A sidecar takes HBONE only when it was injected after Istio was installed with the ambient profile; the injector then sets the label `networking.istio.io/tunnel: http` on the pod. Without it ambient clients come in plaintext, which `STRICT` refuses.',
    todo: 'Install the ambient profile and restart the pods, or keep mTLS `PERMISSIVE` until then.',
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/workloads.go',
  },
  kinds: ['/Pod', 'apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'apps/ReplicaSet'],
  run(located, scope) {
    const { world, meshConfig } = scope;
    const workload = workloadOf(located);
    const name = at(located.root, 'metadata', 'name');
    if (!workload || !name || speaksHbone(workload) || !isSidecar(world, workload) || !usesAmbient(world)) return;
    const { mode } = serverMtls(world, meshConfig.rootNamespace, workload);
    // The label is the injector's work, and rarely in a file: its absence says something where other pods have it.
    if (mode !== 'STRICT' || !showsInjection(world)) return;
    scope.report(
      name,
      `Ambient clients reach these pods in plaintext, which mTLS \`STRICT\` refuses: the pods lack the label \`${TUNNEL}: http\` of sidecars that speak HBONE. Restart them once the ambient profile is installed.`,
    );
  },
});

function speaksHbone({ labels }: Workload): boolean {
  return labels.get(TUNNEL)?.includes('http') ?? false;
}

function isSidecar(world: World, workload: Workload): boolean {
  const { dataPlane, certain } = enrolmentOf(world, workload);
  return dataPlane === 'sidecar' && certain;
}

const showsInjection = derive((world) => world.workloads().some(speaksHbone), Object.is);
