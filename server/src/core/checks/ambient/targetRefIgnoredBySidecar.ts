import { serviceDataPlane } from '../../mesh/selection.ts';
import { TARGETING_POLICIES, targetsOf } from '../../mesh/targets.ts';
import { addresseeBinding } from '../../mesh/waypoints.ts';
import { workspaceCheck } from '../check.ts';

/** A policy by reference for pods with sidecars. */
export const targetRefIgnoredBySidecar = workspaceCheck({
  facts: {
    code: 'target-ref-ignored-by-sidecar',
    severity: 'error',
    what: 'A policy is attached by `targetRefs` to a Service whose pods have sidecars and which has no waypoint.',
    why: 'Sidecars read policies by their selector, and never by `targetRefs`: the policy is enforced nowhere.',
    todo: 'Select the pods by `selector.matchLabels` instead, until they are in ambient mode and the Service has a waypoint.',
    source: 'istio/istio@1.30.3:pilot/pkg/model/policyattachment.go',
  },
  kinds: [...TARGETING_POLICIES],
  run(located, scope) {
    for (const target of targetsOf(located.root)) {
      const service = target.key === '/Service' ? scope.world.service(located.namespace, target.name) : undefined;
      if (!service || serviceDataPlane(scope.world, service) !== 'sidecar') continue;
      const binding = addresseeBinding(scope.world, service.located);
      if (binding.state === 'bound' || (binding.state === 'none' && !binding.certain)) continue;
      scope.report(
        target.nameNode,
        `The pods of Service \`${target.name}\` have sidecars, which ignore \`targetRefs\`, and the Service has no waypoint: this policy is enforced nowhere.`,
        {
          peers: located.resource.kind === 'AuthorizationPolicy' ? ['AMB:waypoint-not-bound'] : [],
        },
      );
    }
  },
});
