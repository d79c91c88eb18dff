import { clientTls } from '../../mesh/clientTls.ts';
import { enrolmentOf } from '../../mesh/enrolment.ts';
import type { MeshConfig } from '../../mesh/meshConfig.ts';
import { labelsMtls, type ServerMtls, serverMtls } from '../../mesh/mutualTls.ts';
import { identityUses } from '../../mesh/policyIdentities.ts';
import { selectionOf, selectorOf } from '../../mesh/selection.ts';
import { isAmbientOnly } from '../../mesh/wideRules.ts';
import { hasTargetRefs } from '../../mesh/ztunnelPolicy.ts';
import { labelsOf, matchesLabels } from '../../model/labels.ts';
import { describeLocated, type Located, type Site } from '../../model/located.ts';
import type { Service } from '../../model/workloads.ts';
import { at } from '../../yaml/access.ts';
import { type Absence, type Scope, workspaceCheck } from '../check.ts';

/** A policy about who calls, where callers cannot show who they are. */
export const identityWithoutMtls = workspaceCheck({
  facts: {
    code: 'identity-without-mtls',
    severity: 'error',
    what: 'An AuthorizationPolicy asks for the identity of callers, and mTLS to what it protects is switched off.',
    why: 'The identity is in the certificate. Without mTLS there is none: an ALLOW by identity admits nobody, a DENY by identity stops nobody.',
    todo: 'Switch mTLS on: `ISTIO_MUTUAL` in the DestinationRule, `STRICT` or `PERMISSIVE` in the PeerAuthentication.',
    peers: ['KIA0105'],
    source: 'kiali/kiali business/checkers/authorization/mtls_enabled_checker.go',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const [use] = identityUses(located.root);
    if (!use || hasTargetRefs(located.root) || isAmbientOnly(scope.world, located.namespace)) return;
    const obstacle = obstacleOf(located, scope);
    if (!obstacle) return;
    scope.report(use.node, `\`${use.field}\` needs the caller's certificate, but ${obstacle.reason}.`, {
      severity: obstacle.severity,
      related: obstacle.site ? [{ site: obstacle.site, message: 'switches mTLS off' }] : [],
    });
  },
});

interface Obstacle {
  readonly reason: string;
  readonly severity: Absence;
  readonly site: Site | undefined;
}

/** Why no caller has an identity; undefined when some may have one. */
function obstacleOf(policy: Located, scope: Scope): Obstacle | undefined {
  const config = scope.meshConfig;
  return atServers(policy, scope, config) ?? atClients(policy, scope, config);
}

function atServers(policy: Located, { world }: Scope, { rootNamespace }: MeshConfig): Obstacle | undefined {
  const { workloads } = selectionOf(world, rootNamespace, policy);
  const asked: ServerMtls[] =
    workloads.length === 0
      ? [labelsMtls(world, rootNamespace, policy.namespace, labelsOf(selectorOf(policy)))]
      : workloads.map((workload) => serverMtls(world, rootNamespace, workload));
  const [off] = asked;
  if (!off?.decidedBy || asked.some(({ mode, certain }) => mode !== 'DISABLE' || !certain)) return undefined;
  const { decidedBy } = off;
  return {
    reason: `${describeLocated(decidedBy)} switches mTLS off`,
    severity: 'error',
    site: { located: decidedBy, node: at(decidedBy.root, 'spec', 'mtls', 'mode') ?? decidedBy.root },
  };
}

function atClients(policy: Located, scope: Scope, config: MeshConfig): Obstacle | undefined {
  const { world } = scope;
  const { workloads } = selectionOf(world, config.rootNamespace, policy);
  // Traffic to gateways comes from outside, and what DestinationRules say is for the Services behind them.
  if (workloads.some((workload) => ['gateway', 'ambient'].includes(enrolmentOf(world, workload).dataPlane)))
    return undefined;
  const services = servicesBehind(policy, scope);
  // A name that no Service has stands for all of a namespace: only rules for all of them apply to it.
  const names = services.length === 0 ? ['*'] : services.map(({ name }) => name);
  const sent = names.map((name) => {
    const host = `${name}.${policy.namespace}.svc.cluster.local`;
    return clientTls(world, config.rootNamespace, { namespace: policy.namespace, host });
  });
  const rule = sent.find(({ mode }) => mode === 'DISABLE')?.decidedBy;
  if (sent.every(({ mode }) => mode === 'DISABLE') && rule) {
    const node = sent.find(({ decidedBy }) => decidedBy === rule)?.node ?? rule.root;
    return {
      reason: `${describeLocated(rule)} makes clients send plaintext`,
      severity: 'error',
      site: { located: rule, node },
    };
  }
  if (config.enableAutoMtls || sent.some(({ mode }) => mode !== undefined && mode !== 'DISABLE')) return undefined;
  return {
    reason: 'automatic mTLS is off and no DestinationRule makes clients send it',
    severity: scope.absence,
    site: undefined,
  };
}

/** The Services for what a policy selects: by the workloads, or by its labels where none are known. */
function servicesBehind(policy: Located, { world, meshConfig }: Scope): readonly Service[] {
  const { rootNamespace } = meshConfig;
  const { workloads } = selectionOf(world, rootNamespace, policy);
  if (workloads.length > 0) return workloads.flatMap((workload) => world.servicesOf(workload));
  const wanted = labelsOf(selectorOf(policy));
  return world
    .services(policy.namespace)
    .filter(({ selector }) => wanted.size > 0 && selector && matchesLabels(selector, wanted));
}
