import { TARGETING_POLICIES, targetLocated, targetsOf } from '../../mesh/targets.ts';
import type { KindKey, Located } from '../../model/located.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';
import { notEnrolledCodes } from './kialiCodes.ts';

/** GatewayClasses that istiod creates itself. */
const BUILT_IN = /^istio(?:-[a-z-]+)?$/;
const KNOWN = new Set([
  '/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
]);

/** A `targetRefs` entry that names nothing. */
export const targetRefNotFound = workspaceCheck({
  facts: {
    code: 'target-ref-not-found',
    severity: 'error',
    what: 'A policy is attached to a Service, ServiceEntry, Gateway or GatewayClass that does not exist.',
    why: 'It is enforced nowhere: what an ALLOW should protect is open, and what a DENY should stop passes.',
    todo: 'Correct the name. Targets are looked up in the namespace of the policy.',
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/policies.go',
  },
  kinds: [...TARGETING_POLICIES],
  run(located, scope) {
    // Without a namespace of its own the policy may land beside its target.
    if (!located.namespaceKnown && !scope.settings.closedWorld) return;
    for (const target of targetsOf(located.root)) {
      if (!KNOWN.has(target.key) || targetLocated(scope.world, located, target)) continue;
      if (
        target.kind === 'GatewayClass' &&
        (BUILT_IN.test(target.name) || located.namespace !== scope.meshConfig.rootNamespace)
      )
        continue;
      const place = target.kind === 'GatewayClass' ? '' : ` in namespace \`${located.namespace}\``;
      const { hint, fixes } = slipOf(target.nameNode, target.name, namesLike(scope, located, target.key));
      scope.report(
        target.nameNode,
        `There is no ${target.kind} \`${target.name}\`${place}, so this policy is not enforced for it.${hint}`,
        {
          severity: scope.absence,
          peers: [
            ...(located.resource.kind === 'AuthorizationPolicy' ? ['AMB:waypoint-target-not-found'] : []),
            ...notEnrolledCodes(scope, located),
          ],
          fixes,
        },
      );
    }
  },
});

function namesLike({ world }: Scope, located: Located, key: KindKey): string[] {
  const namespace = key.endsWith('/GatewayClass') ? '' : located.namespace;
  return world.inNamespace(key, namespace).map(({ name }) => name);
}
