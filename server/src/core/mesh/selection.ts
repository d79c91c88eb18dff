import { derive } from '../model/derivation.ts';
import { type Labels, labelsOf, matchesLabels } from '../model/labels.ts';
import { type Located, perResource } from '../model/located.ts';
import { type Service, type Workload, workloadOf } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { at, entriesOf, text } from '../yaml/access.ts';
import { enrolmentOf, isAmbientNamespace, usesAmbient } from './enrolment.ts';
import { hasTargetRefs } from './ztunnelPolicy.ts';

/** Which workloads a policy selects, and what part of them is in ambient mode. */
export interface Selection {
  readonly workloads: readonly Workload[];
  readonly ambient: readonly Workload[];
  /**
   * Whether ztunnel reads the policy: an ambient workload is selected, or none is known and the namespace is in ambient
   * mode. Never true on the ground of something that the workspace does not say.
   */
  readonly reachesZtunnel: boolean;
}

export function selectionOf(world: World, rootNamespace: string, policy: Located): Selection {
  return selections(world, policy, rootNamespace);
}

/** Policies of the root namespace select in all namespaces. */
const selections = derive((world, policy: Located, rootNamespace: string) => select(world, rootNamespace, policy));

/** The AuthorizationPolicies without targets that select a workload. */
export function authorizationsOf(world: World, rootNamespace: string, workload: Located): readonly Located[] {
  return authorizations(world, workload, rootNamespace);
}

const authorizations = derive((world, workload: Located, rootNamespace: string): readonly Located[] => {
  const labels = workloadOf(workload)?.labels;
  if (!labels) return [];
  return [...new Set([workload.namespace, rootNamespace])]
    .flatMap((namespace) => world.inNamespace('security.istio.io/AuthorizationPolicy', namespace))
    .filter((policy) => !hasTargetRefs(policy.root) && selects(policy, labels));
});

/** Whether a policy's selector fits; never one from a template, which could select anything. */
function selects(policy: Located, labels: Labels): boolean {
  const { wanted, certain } = readSelector(policy);
  return certain && matchesLabels(wanted, labels);
}

/** What a selector wants; not certain when a template writes part of it, which could be anything. */
export const readSelector = perResource((policy) => {
  const node = selectorOf(policy);
  const wanted = labelsOf(node);
  return { wanted, certain: wanted.size === entriesOf(node).length };
});

/**
 * What ztunnel enforces a policy on; undefined when it does not read it: policies that attach by reference are for
 * waypoints, and those in dry run are not sent to it.
 */
export function ztunnelSelection(world: World, rootNamespace: string, policy: Located): Selection | undefined {
  if (hasTargetRefs(policy.root) || isDryRun(policy)) return undefined;
  const selection = selectionOf(world, rootNamespace, policy);
  return selection.reachesZtunnel ? selection : undefined;
}

const GO_TRUE = /^(?:1|t|T|TRUE|true|True)$/;

export function isDryRun(policy: Located): boolean {
  return GO_TRUE.test(text(policy.root, 'metadata', 'annotations', 'istio.io/dry-run') ?? '');
}

function select(world: World, rootNamespace: string, policy: Located): Selection {
  const { wanted, certain } = readSelector(policy);
  const everywhere = policy.namespace === rootNamespace;
  const candidates = everywhere ? world.workloads() : world.workloads(policy.namespace);
  const workloads = certain ? candidates.filter(({ labels }) => matchesLabels(wanted, labels)) : [];
  const ambient = workloads.filter((workload) => enrolmentOf(world, workload).dataPlane === 'ambient');
  const assumed =
    certain &&
    workloads.length === 0 &&
    !selectsGateway(wanted) &&
    (everywhere ? wanted.size === 0 && usesAmbient(world) : isAmbientNamespace(world, policy.namespace));
  return { workloads, ambient, reachesZtunnel: ambient.length > 0 || assumed };
}

/** The labels that a policy, a Sidecar or an EnvoyFilter asks for. */
export function selectorOf(policy: Pick<Located, 'root'>) {
  return at(policy.root, 'spec', 'selector', 'matchLabels') ?? at(policy.root, 'spec', 'workloadSelector', 'labels');
}

/** Labels that by custom only gateways have: their pods are made by the mesh, and are rarely in a workspace. */
function selectsGateway(wanted: ReadonlyMap<string, string>): boolean {
  return ['gateway.networking.k8s.io/gateway-name', 'gateway.istio.io/managed', 'istio.io/gateway-name', 'istio'].some(
    (key) => wanted.has(key),
  );
}

/** How the pods behind a Service take part in the mesh; `unknown` when the workspace does not say. */
export function serviceDataPlane(world: World, service: Service): 'ambient' | 'sidecar' | 'other' | 'unknown' {
  const endpoints = world.endpointsOf(service).map((workload) => enrolmentOf(world, workload));
  if (endpoints.some(({ dataPlane }) => dataPlane === 'ambient')) return 'ambient';
  if (endpoints.length === 0) {
    if (isAmbientNamespace(world, service.namespace)) return 'ambient';
    return 'unknown';
  }
  if (endpoints.every(({ dataPlane }) => dataPlane === 'sidecar')) return 'sidecar';
  return endpoints.some(({ certain }) => !certain) ? 'unknown' : 'other';
}
