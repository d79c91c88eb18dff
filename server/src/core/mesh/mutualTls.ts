import { derive } from '../model/derivation.ts';
import { type Labels, matchesLabels } from '../model/labels.ts';
import type { Located } from '../model/located.ts';
import type { Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { at, entriesOf, text } from '../yaml/access.ts';
import { enrolmentOf } from './enrolment.ts';
import { readSelector, selectorOf } from './selection.ts';

/** What servers ask of their callers: PeerAuthentications of the mesh, of a namespace, of workloads and of their ports. */

export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

export interface ServerMtls {
  readonly mode: MtlsMode;
  /** The policy whose mode it is; undefined when none says anything. */
  readonly decidedBy: Located | undefined;
  readonly level: 'default' | 'mesh' | 'namespace' | 'workload' | 'port';
  /** Every policy that applies, the narrowest first; those that leave the mode to a wider one included. */
  readonly because: readonly Located[];
  /** False when two policies of one level disagree: the older one holds, and files do not say which that is. */
  readonly certain: boolean;
}

const KIND = 'security.istio.io/PeerAuthentication';
const MODES = new Set<string>(['STRICT', 'PERMISSIVE', 'DISABLE']);
const DEFAULT: ServerMtls = {
  mode: 'PERMISSIVE',
  decidedBy: undefined,
  level: 'default',
  because: [],
  certain: true,
};

/**
 * What a workload asks of its callers, on one of its ports or on those that no policy names. How ztunnel reads the
 * policies differs, so a question about another data plane than the workload's own has to say so.
 */
export function serverMtls(
  world: World,
  rootNamespace: string,
  workload: Workload,
  port?: number,
  ambient = enrolmentOf(world, workload).dataPlane === 'ambient',
): ServerMtls {
  const selecting = policiesFor(world, rootNamespace, workload.namespace, workload.labels);
  const whole = narrow(namespaceMtls(world, rootNamespace, workload.namespace), selecting, 'workload', modeOf);
  if (port === undefined) return ambient ? withoutDisable(whole) : whole;
  const naming = selecting.filter((policy) => portNode(policy, port) !== undefined);
  const exact = narrow(whole, naming, 'port', (policy) => asMode(text(portNode(policy, port), 'mode')));
  if (!ambient) return exact;
  return ztunnelKeepsStrict(exact, whole) ? whole : withoutDisable(exact);
}

/** What sidecars ask whose pods have at least these labels, where the workspace does not have the pods themselves. */
export function labelsMtls(world: World, rootNamespace: string, namespace: string, labels: Labels): ServerMtls {
  const inherited = namespaceMtls(world, rootNamespace, namespace);
  return narrow(inherited, policiesFor(world, rootNamespace, namespace, labels), 'workload', modeOf);
}

/** The policies that select pods with these labels. Those with a selector in the root namespace are read by nobody. */
function policiesFor(world: World, rootNamespace: string, namespace: string, labels: Labels): Located[] {
  if (namespace === rootNamespace) return [];
  return world.inNamespace(KIND, namespace).filter((policy) => selects(policy, labels));
}

/** The policies that stand in the root namespace and select pods with these labels, so that nobody reads them. */
export function unreadPolicies(world: World, rootNamespace: string, labels: Labels): Located[] {
  return world.inNamespace(KIND, rootNamespace).filter((policy) => selects(policy, labels));
}

/** What a namespace asks, apart from policies for single workloads. */
export function namespaceMtls(world: World, rootNamespace: string, namespace: string): ServerMtls {
  return verdicts(world, namespace, rootNamespace);
}

const verdicts = derive((world, namespace: string, rootNamespace: string): ServerMtls => {
  const mesh = meshMtls(world, rootNamespace);
  return namespace === rootNamespace ? mesh : narrow(mesh, forAll(world, namespace), 'namespace', modeOf);
});

/** What the mesh asks where nothing narrower does. */
export function meshMtls(world: World, rootNamespace: string): ServerMtls {
  return narrow(DEFAULT, forAll(world, rootNamespace), 'mesh', modeOf);
}

function forAll(world: World, namespace: string): Located[] {
  return world.inNamespace(KIND, namespace).filter((policy) => !hasSelector(policy));
}

/** The verdict after the policies of one more level. Of several the first is taken, since their age is unknown. */
function narrow(
  wider: ServerMtls,
  policies: readonly Located[],
  level: ServerMtls['level'],
  modeAt: (policy: Located) => MtlsMode | undefined,
): ServerMtls {
  if (policies.length === 0) return wider;
  const decidedBy = policies.find((policy) => modeAt(policy) !== undefined);
  const because = [...new Set([...policies, ...wider.because])];
  if (!decidedBy) return { ...wider, because };
  const mode = modeAt(decidedBy) ?? wider.mode;
  const disagree = policies.some((policy) => (modeAt(policy) ?? wider.mode) !== mode);
  return { mode, decidedBy, level, because, certain: !disagree };
}

/** ztunnel encrypts inside the mesh whatever a policy says; `DISABLE` only lets plaintext in as well. */
function withoutDisable(verdict: ServerMtls): ServerMtls {
  return verdict.mode === 'DISABLE' ? { ...verdict, mode: 'PERMISSIVE' } : verdict;
}

/**
 * Where a policy for workloads sets no mode itself, istiod looks for `PERMISSIVE` ports to find the exceptions from an
 * inherited `STRICT`; with `DISABLE` ports alone it finds none, and everything stays strict.
 */
function ztunnelKeepsStrict(exact: ServerMtls, whole: ServerMtls): boolean {
  if (exact.level !== 'port' || exact.mode !== 'DISABLE' || whole.mode !== 'STRICT') return false;
  if (exact.decidedBy === undefined || modeOf(exact.decidedBy) !== undefined) return false;
  const ports = entriesOf(at(exact.decidedBy.root, 'spec', 'portLevelMtls'));
  return ports.every(({ value }) => text(value, 'mode') !== 'PERMISSIVE');
}

/** True when a policy is for some workloads, not for a whole namespace or the mesh. */
export function hasSelector(policy: Located): boolean {
  return entriesOf(selectorOf(policy)).length > 0;
}

function selects(policy: Located, labels: Labels): boolean {
  const { wanted, certain } = readSelector(policy);
  return wanted.size > 0 && certain && matchesLabels(wanted, labels);
}

/** The mode that a PeerAuthentication sets; `UNSET` and nothing at all leave it to the next wider one. */
export function modeOf(policy: Located): MtlsMode | undefined {
  return asMode(text(policy.root, 'spec', 'mtls', 'mode'));
}

function portNode(policy: Located, port: number) {
  return entriesOf(at(policy.root, 'spec', 'portLevelMtls')).find(({ key }) => key.text === String(port))?.value;
}

function asMode(mode: string | undefined): MtlsMode | undefined {
  return mode !== undefined && isMode(mode) ? mode : undefined;
}

function isMode(mode: string): mode is MtlsMode {
  return MODES.has(mode);
}
