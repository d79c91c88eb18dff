import { labelsOf, matchesLabels } from '../model/labels.ts';
import type { Located } from '../model/located.ts';
import type { Service, Workload } from '../model/workloads.ts';
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

interface Known {
  /** Policies of this namespace select in all namespaces; what was found out holds only as long as it is the same. */
  readonly rootNamespace: string;
  readonly selections: Map<Located, Selection>;
  authorizations?: ReadonlyMap<Located, readonly Located[]>;
}

const known = new WeakMap<World, Known>();

function knownOf(world: World, rootNamespace: string): Known {
  let facts = known.get(world);
  if (facts?.rootNamespace !== rootNamespace) {
    facts = { rootNamespace, selections: new Map() };
    known.set(world, facts);
  }
  return facts;
}

export function selectionOf(world: World, rootNamespace: string, policy: Located): Selection {
  const { selections } = knownOf(world, rootNamespace);
  let selection = selections.get(policy);
  if (!selection) {
    selection = select(world, rootNamespace, policy);
    selections.set(policy, selection);
  }
  return selection;
}

/** The AuthorizationPolicies without targets that select a workload. */
export function authorizationsOf(world: World, rootNamespace: string, workload: Located): readonly Located[] {
  const facts = knownOf(world, rootNamespace);
  facts.authorizations ??= indexAuthorizations(world, rootNamespace);
  return facts.authorizations.get(workload) ?? [];
}

function indexAuthorizations(world: World, rootNamespace: string): Map<Located, Located[]> {
  const index = new Map<Located, Located[]>();
  for (const policy of world.ofKind('security.istio.io/AuthorizationPolicy')) {
    if (hasTargetRefs(policy.root)) continue;
    for (const { located } of selectionOf(world, rootNamespace, policy).workloads) {
      const policies = index.get(located);
      if (policies) policies.push(policy);
      else index.set(located, [policy]);
    }
  }
  return index;
}

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
  const node = selectorOf(policy);
  const wanted = labelsOf(node);
  const everywhere = policy.namespace === rootNamespace;
  const candidates = everywhere ? world.workloads() : world.workloads(policy.namespace);
  // A label from a template could be anything, and so could what it selects.
  const certain = wanted.size === entriesOf(node).length;
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
