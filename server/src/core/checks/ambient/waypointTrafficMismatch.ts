import { WAYPOINT_USERS, waypointLabelOf } from '../../mesh/waypointLabels.ts';
import { waypointOf, waypointTraffic } from '../../mesh/waypoints.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A waypoint for another kind of traffic than that of the object which names it. */
export const waypointTrafficMismatch = workspaceCheck({
  facts: {
    code: 'waypoint-traffic-mismatch',
    severity: 'warning',
    what: '`istio.io/use-waypoint` names a waypoint that does not take this kind of traffic.',
    why: 'A waypoint takes traffic to Services unless its label `istio.io/waypoint-for` says `workload`, `all` or `none`. Where it does not fit, it is not used: requests go past its policies and routes.',
    todo: 'Label the waypoint `istio.io/waypoint-for: all`, or put `use-waypoint` on the kind of object that it is for: Services, or pods.',
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/waypoints.go, UnsupportedTrafficType',
  },
  kinds: [...WAYPOINT_USERS],
  run(located, scope) {
    const label = waypointLabelOf(located);
    if (!label) return;
    const traffics =
      label.of === 'Namespace'
        ? (['service', 'workload'] as const)
        : label.of === 'workload'
          ? (['workload'] as const)
          : (['service'] as const);
    const bindings = traffics.map((traffic) => waypointOf(scope.world, label.user, traffic));
    const [binding] = bindings;
    if (binding?.state !== 'wrong-traffic' || bindings.some(({ state }) => state !== 'wrong-traffic')) return;
    const { waypoint } = binding;
    const takes = waypointTraffic(scope.world, waypoint);
    const wanted =
      label.of === 'Namespace'
        ? 'any'
        : label.of === 'workload'
          ? 'traffic addressed to pods'
          : 'traffic addressed to a Service';
    const serves =
      takes === 'none'
        ? 'takes no traffic at all'
        : `takes only traffic to ${takes === 'service' ? 'Services' : takes === 'workload' ? 'pods' : `\`${takes}\``}, not ${wanted}`;
    scope.report(label.node, `Waypoint \`${waypoint.name}\` ${serves}: it is not used here.`, {
      related: [
        {
          site: {
            located: waypoint,
            node:
              at(waypoint.root, 'metadata', 'labels', 'istio.io/waypoint-for') ??
              at(waypoint.root, 'metadata', 'name') ??
              waypoint.root,
          },
          message: 'What the waypoint is for; `service` is the default',
        },
      ],
    });
  },
});
