// Layer 3: what the resources make of the mesh. Enrolment, waypoints, who reads which policy: facts with their reasons,
// for checks, hover and the hop path alike.

import { derive } from '../model/derivation.ts';
import type { Labels } from '../model/labels.ts';
import type { Located, Site } from '../model/located.ts';
import type { Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { at, items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { defaultInjectionOf } from './injectionDefaults.ts';
import { isSystemNamespace } from './systemNamespaces.ts';

export type DataPlane = 'ambient' | 'sidecar' | 'linkerd' | 'gateway' | 'none';

/** How a workload takes part in the mesh, as far as its labels and those of its namespace say. */
export interface Enrolment {
  readonly dataPlane: DataPlane;
  /**
   * False when the workspace does not have the Namespace and the workload's own labels do not decide: its namespace may
   * be enrolled in the cluster.
   */
  readonly certain: boolean;
  /** The labels that decided. */
  readonly because: readonly Site[];
}

/** Namespaces that Istio's CNI leaves alone by default (`excludeNamespaces`). */
const CNI_EXCLUDED = new Set(['kube-system']);

export function enrolmentOf(world: World, workload: Workload): Enrolment {
  return enrolments(world, workload.located, workload);
}

const enrolments = derive((world, _: Located, workload: Workload) => enrol(world, workload));

/** True for a workload that is in no mesh, as far as that can be said for certain. */
export function isUnmeshed(world: World, workload: Workload): boolean {
  const { dataPlane, certain } = enrolmentOf(world, workload);
  return dataPlane === 'none' && certain;
}

/** A sidecar beats ambient: injection does not look at the data plane mode, and an injected pod is not redirected. */
function enrol(world: World, workload: Workload): Enrolment {
  const namespace = world.namespaceLabels(workload.namespace);
  const annotations = world.namespaceAnnotations(workload.namespace);
  const because = reasons(world, workload);
  if (isGatewayPod(workload)) return { dataPlane: 'gateway', certain: true, because };
  // A machine outside Kubernetes has the proxy that its owner installed; labels here do not say which.
  if (isMachine(workload)) return { dataPlane: 'none', certain: false, because };
  if (workload.hostNetwork) return { dataPlane: 'none', certain: true, because };
  const sidecar =
    !isSystemNamespace(workload.namespace) &&
    (injectsSidecar(namespace ?? NO_LABELS, workload.labels, workload.annotations) ||
      (defaultInjectionOf(world, workload.namespace) !== undefined &&
        injectValue(workload.labels, workload.annotations) !== 'false'));
  const certain = namespace !== undefined || workload.labels.get('sidecar.istio.io/inject') === 'false';
  if (sidecar || workload.annotations.has('sidecar.istio.io/status'))
    return { dataPlane: 'sidecar', certain: true, because };
  if (isAmbient(namespace ?? NO_LABELS, workload)) return { dataPlane: 'ambient', certain, because };
  if (takesLinkerd(world, workload) && injectsLinkerd(annotations ?? NO_LABELS, workload.annotations))
    return { dataPlane: 'linkerd', certain: true, because };
  return { dataPlane: 'none', certain: namespace !== undefined, because };
}

const NO_LABELS: Labels = new Map();

/** Gateways that Istio deploys for a Kubernetes Gateway, waypoints among them. */
export function isManagedGateway(labels: Labels): boolean {
  return labels.has('gateway.networking.k8s.io/gateway-name') || labels.has('gateway.istio.io/managed');
}

/** Those, and pods that the injection webhook turns into gateways. */
export function isGatewayPod(workload: Workload): boolean {
  return isManagedGateway(workload.labels) || workload.annotations.get('inject.istio.io/templates') === 'gateway';
}

function isMachine(workload: Workload): boolean {
  return workload.located.resource.group === 'networking.istio.io';
}

function injectValue(pod: Labels, annotations: Labels): string | undefined {
  return pod.get('sidecar.istio.io/inject') ?? annotations.get('sidecar.istio.io/inject');
}

/** Which pods the injection webhook chooses; `istio-injection` on the namespace beats `istio.io/rev`. */
export function injectsSidecar(namespace: Labels, pod: Labels, annotations: Labels): boolean {
  const inject = injectValue(pod, annotations);
  const injection = namespace.get('istio-injection');
  if (injection !== undefined) return injection === 'enabled' && inject !== 'false';
  if (namespace.has('istio.io/rev')) return inject !== 'false';
  return inject === 'true' || (inject !== 'false' && pod.has('istio.io/rev'));
}

function isAmbient(namespace: Labels, workload: Workload): boolean {
  if (CNI_EXCLUDED.has(workload.namespace) || isZtunnel(workload) || runsOnWindows(workload)) return false;
  // Pods that were read from a cluster say what the CNI made of them.
  if (workload.annotations.get('ambient.istio.io/redirection') === 'enabled') return true;
  const own = workload.labels.get('istio.io/dataplane-mode');
  return own === 'ambient' || (own !== 'none' && namespace.get('istio.io/dataplane-mode') === 'ambient');
}

/** ztunnel does not send its own traffic through itself. */
function isZtunnel({ labels }: Workload): boolean {
  return labels.get('app') === 'ztunnel';
}

function runsOnWindows({ spec }: Workload): boolean {
  return text(spec, 'os', 'name') === 'windows' || text(spec, 'nodeSelector', 'kubernetes.io/os') === 'windows';
}

/** Namespaces that Linkerd's webhook never looks at. */
const LINKERD_EXCLUDED = new Set(['kube-system', 'cert-manager']);

/** False for what Linkerd never injects: its own control plane, pods with Istio's proxy, and namespaces left alone. */
function takesLinkerd(world: World, { namespace, labels, spec }: Workload): boolean {
  const webhooks = world.namespaceLabels(namespace)?.get('config.linkerd.io/admission-webhooks');
  const containers = [...items(spec, 'containers'), ...items(spec, 'initContainers')];
  return (
    !LINKERD_EXCLUDED.has(namespace) &&
    webhooks !== 'disabled' &&
    !labels.has('linkerd.io/control-plane-component') &&
    !labels.has('linkerd.io/cni-resource') &&
    !containers.some((container) => text(container, 'name') === 'istio-proxy')
  );
}

/** The value on the pod beats that of the namespace; only `enabled` and `ingress` inject. */
export function injectsLinkerd(namespace: Labels, pod: Labels): boolean {
  const value = pod.get('linkerd.io/inject') ?? namespace.get('linkerd.io/inject');
  return value === 'enabled' || value === 'ingress';
}

/** True when pods of a namespace have sidecars, which read resources that ambient pods do not. */
export const hasSidecars = derive(
  (world, namespace: string) =>
    world.workloads(namespace).some((workload) => enrolmentOf(world, workload).dataPlane === 'sidecar'),
  Object.is,
);

/** True when pods of a namespace are in ambient mode. */
export const hasAmbientPods = derive(
  (world, namespace: string) =>
    world.workloads(namespace).some((workload) => enrolmentOf(world, workload).dataPlane === 'ambient'),
  Object.is,
);

/** True when something in the workspace calls others through an Envoy of its own: a sidecar or a gateway. */
export const usesEnvoyClients = derive(
  (world) =>
    world.workloads().some((workload) => ['sidecar', 'gateway'].includes(enrolmentOf(world, workload).dataPlane)),
  Object.is,
);

/** True when something in the workspace is in ambient mode, so that resources for the whole mesh reach ztunnel. */
export const usesAmbient = derive(
  (world) =>
    world.ofKind('/Namespace').some(({ name }) => isAmbientNamespace(world, name)) ||
    world.workloads().some((workload) => enrolmentOf(world, workload).dataPlane === 'ambient'),
  Object.is,
);

/** True when the workspace says of a namespace that its pods are in ambient mode unless they opt out. */
export function isAmbientNamespace(world: World, namespace: string): boolean {
  return world.namespaceLabels(namespace)?.get('istio.io/dataplane-mode') === 'ambient';
}

const DECIDING = new Set([
  'istio.io/dataplane-mode',
  'istio-injection',
  'istio.io/rev',
  'sidecar.istio.io/inject',
  'linkerd.io/inject',
]);

function reasons(world: World, workload: Workload): Site[] {
  const namespace = world.find('/Namespace', '', workload.namespace);
  const byDefault = defaultInjectionOf(world, workload.namespace);
  return [
    ...decidingLabels(workload.located, workload.metadata),
    ...(namespace ? decidingLabels(namespace, at(namespace.root, 'metadata')) : []),
    ...(byDefault ? [byDefault] : []),
  ];
}

function decidingLabels(located: Located, metadata: YamlNode | undefined): Site[] {
  return ['labels', 'annotations'].flatMap((place) =>
    [...DECIDING].flatMap((key) => {
      const node = at(metadata, place, key);
      return node ? [{ located, node }] : [];
    }),
  );
}
