import { meshVirtualServicesOf } from '../../mesh/exposures.ts';
import { hostTargetsOf } from '../../mesh/hostTargets.ts';
import { isForMesh } from '../../mesh/l7.ts';
import { describeLocated } from '../../model/located.ts';
import { workspaceCheck } from '../check.ts';

/** More VirtualServices than a waypoint follows. */
export const severalVirtualServicesAtWaypoint = workspaceCheck({
  facts: {
    code: 'several-virtual-services-at-waypoint',
    severity: 'warning',
    what: 'Several VirtualServices route the traffic of one Service behind a waypoint.',
    why: 'A waypoint follows one of them, the oldest, and ignores the others; only at gateways are they merged.',
    todo: 'Merge their rules into one VirtualService.',
    source: 'istio/istio issue 59483',
  },
  kinds: ['networking.istio.io/VirtualService'],
  run(located, scope) {
    if (!isForMesh(located)) return;
    for (const { addressee, binding, ambient, node } of hostTargetsOf(scope.world, located)) {
      if (!addressee || !ambient || binding?.state !== 'bound') continue;
      const places = new Set([addressee.namespace, binding.waypoint.namespace]);
      const others = meshVirtualServicesOf(scope.world, addressee).filter((site) => site.located !== located && places.has(site.located.namespace));
      const [first] = others;
      if (!first || !places.has(located.namespace)) continue;
      scope.report(node, `${describeLocated(first.located)} routes ${addressee.resource.kind} \`${addressee.name}\` as well; its waypoint follows only one of them.`, {
        related: others.map((site) => ({ site, message: 'The same host' })),
      });
    }
  },
});
