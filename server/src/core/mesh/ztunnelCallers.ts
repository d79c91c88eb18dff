import { derive } from '../model/derivation.ts';
import type { Located } from '../model/located.ts';
import { type Workload, workloadOf } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { at, has, items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { enrolmentOf } from './enrolment.ts';
import { authorizationsOf, isDryRun } from './selection.ts';
import { actionOf, ztunnelRules } from './ztunnelPolicy.ts';

/** Which callers the policies at ztunnel let through to a workload. */

export interface Caller {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

export const CALLER_FIELDS = ['principals', 'namespaces', 'serviceAccounts'] as const;
export const EXCEPTED_FIELDS = ['notPrincipals', 'notNamespaces', 'notServiceAccounts'] as const;

export function principalOf({ trustDomain, namespace, serviceAccount }: Caller): string {
  return `${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}

/** The ALLOW policies that ztunnel enforces for a workload in ambient mode. */
export function allowsAt(world: World, rootNamespace: string, workload: Workload): Located[] {
  if (enrolmentOf(world, workload).dataPlane !== 'ambient') return [];
  const policies = authorizationsOf(world, rootNamespace, workload.located);
  return policies.filter((policy) => actionOf(policy.root) === 'ALLOW' && !isDryRun(policy));
}

/** Whether some ALLOW policy may let a caller through; ports, addresses and conditions are taken to fit. */
export function isAdmitted(world: World, rootNamespace: string, workload: Workload, caller: Caller): boolean {
  const { callers, rules } = admissions(world, workload.located, rootNamespace);
  const principal = principalOf(caller);
  const admitted = callers.get(principal) ?? rules.some(({ rule, policy }) => ruleFits(rule, policy, caller));
  callers.set(principal, admitted);
  return admitted;
}

interface Admissions {
  readonly rules: readonly { readonly rule: YamlNode; readonly policy: Located }[];
  /** What was found out about callers so far, by principal: it depends on the rules alone. */
  readonly callers: Map<string, boolean>;
}

const admissions = derive((world, located: Located, rootNamespace: string): Admissions => {
  const workload = workloadOf(located);
  const policies = workload ? allowsAt(world, rootNamespace, workload) : [];
  const rules = policies.flatMap((policy) =>
    ztunnelRules(policy.root).flatMap(({ node, outcome }) => (outcome === 'as-written' ? { rule: node, policy } : [])),
  );
  return { rules, callers: new Map() };
});

function ruleFits(rule: YamlNode, policy: Located, caller: Caller): boolean {
  const sources = items(rule, 'from').map((from) => at(from, 'source'));
  return sources.length === 0 || sources.some((source) => source !== undefined && sourceFits(source, policy, caller));
}

/** Whether a source describes a caller, as far as identities go. */
export function sourceFits(source: YamlNode, policy: Located, caller: Caller): boolean {
  const named = CALLER_FIELDS.every((field) => !has(source, field) || namesCaller(source, field, policy, caller));
  return named && EXCEPTED_FIELDS.every((field) => !has(source, field) || !namesCaller(source, field, policy, caller));
}

function namesCaller(source: YamlNode, field: string, policy: Located, caller: Caller): boolean {
  return items(source, field).some((node) => {
    const written = text(node);
    // What a template will say may well be the caller.
    if (written === undefined) return true;
    if (field.endsWith('rincipals')) return patternFits(written, principalOf(caller));
    if (field.endsWith('amespaces')) return patternFits(written, caller.namespace);
    const [namespace, name] = written.includes('/') ? written.split('/') : [policy.namespace, written];
    return namespace === caller.namespace && name === caller.serviceAccount;
  });
}

/** Istio's patterns for texts: exact, `prefix*`, `*suffix`, or `*` for anything. */
function patternFits(pattern: string, value: string): boolean {
  if (pattern === '*') return true;
  if (pattern.endsWith('*')) return value.startsWith(pattern.slice(0, -1));
  return pattern.startsWith('*') ? value.endsWith(pattern.slice(1)) : pattern === value;
}
