// The kinds of Kubernetes itself on which the meshes read labels and annotations. Nothing else of them is validated:
// other tools know these kinds well.
import { anything } from '../define.ts';
import { type KindDefinition, kind } from '../kind.ts';

type CoreKind = Pick<KindDefinition, 'group' | 'kind' | 'plural' | 'shortNames' | 'doc'> & {
  readonly scope?: KindDefinition['scope'];
  /** The page below kubernetes.io/docs/concepts. */
  readonly page: string;
};

function coreKind({ page, ...facts }: CoreKind): KindDefinition {
  return kind({
    project: 'kubernetes',
    scope: 'Namespaced',
    reference: `https://kubernetes.io/docs/concepts/${page}/`,
    readBy: ['control-plane'],
    versions: { v1: { served: true, storage: true } },
    spec: anything,
    ...facts,
  });
}

export const namespace = coreKind({
  group: '',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  scope: 'Cluster',
  page: 'overview/working-with-objects/namespaces',
  doc: 'Holds resources. Its labels enroll all its pods in a mesh (`istio.io/dataplane-mode`, `istio-injection`) or give its services a waypoint; for Linkerd it is the annotation `linkerd.io/inject`.',
});

export const pod = coreKind({
  group: '',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  page: 'workloads/pods',
  doc: 'The running workload. What its own labels and annotations say about the mesh wins over what its namespace says. Injection is decided when the pod is created; a later change needs a restart.',
});

export const service = coreKind({
  group: '',
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  page: 'services-networking/service',
  doc: 'The name under which pods are called. Meshes attach waypoints, routes, timeouts and retries to it, and take the protocol of a port from its name or `appProtocol`.',
});

export const serviceAccount = coreKind({
  group: '',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  page: 'security/service-accounts',
  doc: 'Whom a pod runs as. It is the identity of the workload in every mesh, and what policies should name.',
});

export const daemonSet = coreKind({
  group: 'apps',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  page: 'workloads/controllers/daemonset',
  doc: 'Runs a pod on every node. The mesh reads the labels and annotations of the pod template, not those of the DaemonSet itself.',
});

export const deployment = coreKind({
  group: 'apps',
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  page: 'workloads/controllers/deployment',
  doc: 'Runs copies of a pod and replaces them step by step. The mesh reads the labels and annotations of the pod template, not those of the Deployment itself.',
});

export const replicaSet = coreKind({
  group: 'apps',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  page: 'workloads/controllers/replicaset',
  doc: 'Runs copies of a pod; usually made by a Deployment. The mesh reads the labels and annotations of the pod template, not those of the ReplicaSet itself.',
});

export const statefulSet = coreKind({
  group: 'apps',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  shortNames: ['sts'],
  page: 'workloads/controllers/statefulset',
  doc: 'Runs pods that keep their names and volumes. The mesh reads the labels and annotations of the pod template, not those of the StatefulSet itself.',
});

export const cronJob = coreKind({
  group: 'batch',
  kind: 'CronJob',
  plural: 'cronjobs',
  shortNames: ['cj'],
  page: 'workloads/controllers/cron-jobs',
  doc: 'Starts Jobs by the clock. The mesh reads the metadata of the pod template in `jobTemplate`. A sidecar that is no native sidecar keeps such pods from ever finishing.',
});

export const job = coreKind({
  group: 'batch',
  kind: 'Job',
  plural: 'jobs',
  shortNames: [],
  page: 'workloads/controllers/job',
  doc: 'Runs a pod until it is done. The mesh reads the metadata of the pod template. A sidecar that is no native sidecar keeps the pod from ever finishing.',
});

export const networkPolicy = coreKind({
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  page: 'services-networking/network-policies',
  doc: 'Says which addresses and ports may talk, below the mesh. Under ambient mode pods are reached on port 15008, under Linkerd on 4143: a policy that allows only the port of the application cuts them off.',
});
